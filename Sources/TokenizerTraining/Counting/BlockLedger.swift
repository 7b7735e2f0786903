import Primitives

/// Who keeps the books of a reading: which blocks were counted before, and what becomes of the words of
/// those that are counted now.
protocol BlockLedger: AnyObject {
  /// The fingerprint of a block that need not be counted again; `nil` for others.
  func known(_ source: Int, _ number: Int) -> Fingerprint?

  /// A thread has counted a block; called on that thread, which alone touches its counter.
  func note(
    _ block: CountedBlock, bytes: Int, thread: Int, counter: BlockCounter
  ) throws(CorpusError)
}
