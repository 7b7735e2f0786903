/// What turns documents into counted words. One per thread.
protocol DocumentCounter: AnyObject {
  var words: WordCounter { get }

  /// Counts `text[lower..<upper]`, a document or a part of one between cuts.
  ///
  /// Where a part does not start or end its document, the characters around it are readable and
  /// stay as they are under normalization. `startsText`: whether the document begins here, and not
  /// behind a special token.
  func count(
    _ text: UnsafePointer<UInt8>, readable: Int, from lower: Int, to upper: Int,
    startsDocument: Bool, endsDocument: Bool, startsText: Bool
  ) throws(BlockFailure)

  /// Counts what still waits to be counted; called when no document is left.
  func finish() throws(CorpusError)

  /// Tells which documents were left out since it told last.
  func takeSkipped() -> SkippedSentences
}

extension DocumentCounter {
  func finish() throws(CorpusError) {}
  func takeSkipped() -> SkippedSentences { SkippedSentences() }
}
