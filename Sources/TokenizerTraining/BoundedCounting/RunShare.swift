import Primitives

/// What one thread does for sorted runs: it notes the blocks that it has counted and puts their words
/// down before memory runs short, and now and then where the runs are kept.
final class RunShare {
  /// New words of a block at most, and their bytes, but for text that no one has written.
  private static let wordsOfBlock = FileBlocks.defaultBlockSize / 4
  /// Text after which words are put down that a process killed now would lose.
  private static let checkpointBytes = 1 << 32

  private let runs: SortedRuns
  /// Bytes that its words may take.
  private let budget: Int
  /// How often each word counts.
  private let weight: UInt64
  private var blocks: [CountedBlock] = []
  private var bytes = 0

  init(_ runs: SortedRuns, budget: Int, weight: Int) {
    self.runs = runs
    self.budget = budget
    self.weight = UInt64(weight)
  }

  /// A block has been counted.
  func note(_ block: CountedBlock, bytes count: Int, by counter: BlockCounter) throws(CorpusError) {
    blocks.append(block)
    bytes += count
    let memory = counter.documents.words.memory(
      adding: Self.wordsOfBlock, bytes: FileBlocks.defaultBlockSize / 4)
    if memory > budget || runs.isKept && bytes >= Self.checkpointBytes { try write(counter) }
  }

  /// Puts down what the thread has counted since it did so last.
  func write(_ counter: BlockCounter) throws(CorpusError) {
    guard !blocks.isEmpty else { return }
    var summary = try counter.finish()
    summary.preTokens &*= weight
    let weight = weight
    let words = counter.documents.words
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
    blocks = []
    bytes = 0
  }
}
