import Primitives

/// What the threads of a reading do for sorted runs: each notes the blocks that it has counted and puts
/// their words down before memory runs short, and now and then where the runs are kept.
final class RunShares: BlockLedger {
  /// New words of a block at most, and their bytes, but for text that no one has written.
  private static let wordsOfBlock = FileBlocks.defaultBlockSize / 4
  /// Text after which words are put down that a process killed now would lose.
  private static let checkpointBytes = 1 << 32

  /// What a thread has counted since it put words down last.
  private struct Share {
    var blocks: [CountedBlock] = []
    var bytes = 0
  }

  private let runs: SortedRuns
  /// Bytes that the words of a thread may take.
  private let budget: Int
  /// How often each word counts.
  private let weight: UInt64
  /// Each is touched by its thread alone.
  private let shares: UnsafeMutablePointer<Share>
  private let threads: Int

  init(_ runs: SortedRuns, threads: Int, budget: Int, weight: Int) {
    self.runs = runs
    self.threads = threads
    self.budget = budget
    self.weight = UInt64(weight)
    shares = .allocate(capacity: threads)
    shares.initialize(repeating: Share(), count: threads)
  }

  deinit {
    shares.deinitialize(count: threads)
    shares.deallocate()
  }

  func known(_ source: Int, _ number: Int) -> Fingerprint? { runs.covers(source, number) }

  func note(
    _ block: CountedBlock, bytes: Int, thread: Int, counter: BlockCounter
  ) throws(CorpusError) {
    shares[thread].blocks.append(block)
    shares[thread].bytes += bytes
    let memory = counter.documents.words.memory(
      adding: Self.wordsOfBlock, bytes: FileBlocks.defaultBlockSize / 4)
    if memory > budget || runs.isKept && shares[thread].bytes >= Self.checkpointBytes {
      try putDown(thread, counter)
    }
  }

  /// Puts down what all threads still hold.
  /// - Parameter counters: a thread each.
  func finish(_ counters: [BlockCounter]) throws(CorpusError) {
    for (thread, counter) in counters.enumerated() { try putDown(thread, counter) }
  }

  private func putDown(_ thread: Int, _ counter: BlockCounter) throws(CorpusError) {
    let blocks = shares[thread].blocks
    guard !blocks.isEmpty else { return }
    var summary = try counter.finish()
    summary.preTokens &*= weight
    let (words, weight) = (counter.documents.words, weight)
    do throws(CountFileError) {
      try runs.add(blocks, summary) { (output) throws(CountFileError) in
        try words.forEachAscending { (word, count) throws(CountFileError) in
          try output.append(word, count: count &* weight)
        }
      }
    } catch {
      throw .counts(error)
    }
    try words.removeAll()
    shares[thread] = Share()
  }
}
