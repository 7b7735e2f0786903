import Primitives

/// How much memory counting may take, and where it puts down what has no room.
public struct CountingBounds: Sendable {
  /// The least that counting is done in, in bytes.
  public static let leastMemory = 64_000_000

  /// Bytes of the process that may be resident; `nil`: as much as the words need.
  public var memory: Int?
  public var runs: SortedRuns

  /// Bytes for the words of each thread, where they do not follow from `memory`.
  private var wordMemory: Int?

  public init(memory: Int?, runs: SortedRuns) {
    self.memory = memory
    self.runs = runs
  }

  /// Bounds that are too low for a process, of any number of threads.
  init(wordMemory: Int, runs: SortedRuns) {
    self.init(memory: 0, runs: runs)
    self.wordMemory = wordMemory
  }

  /// What the process takes besides words: code and tables of libraries, and of each thread the text of
  /// a block, what becomes of it, and a block of a run on its way to the disk. Measured.
  private static let standing = 26_000_000
  private static let standingPerThread = 3_000_000
  /// Less than this for the words of a thread would be put down after each block.
  private static let leastBudget = 8_000_000

  /// Threads that there is memory for.
  func threads(of most: Int) -> Int {
    guard let memory, wordMemory == nil else { return most }
    let share = Self.standingPerThread + Self.leastBudget
    return max(1, min(most, (memory - Self.standing) / share))
  }

  /// Bytes for the words of one thread.
  func budget(threads: Int) -> Int {
    if let wordMemory { return wordMemory }
    guard let memory else { return .max }
    return max(0, memory - Self.standing) / threads - Self.standingPerThread
  }

  /// Distinct words of a thread to make room for from the start: a table that is large is resident.
  func expectedWords(threads: Int, _ most: Int) -> Int {
    min(most, budget(threads: threads) / 128)
  }

  /// Whether words of all threads can be brought together in memory.
  func fits(_ counters: [BlockCounter]) -> Bool {
    guard let memory else { return true }
    let needed = counters.reduce(0) { sum, counter in
      let words = counter.documents.words
      return sum + words.memory(adding: 0, bytes: 0) + 64 * words.wordCount
    }
    return needed <= memory - Self.standing - counters.count * Self.standingPerThread
  }

  /// What all runs came to.
  /// - Parameter summary: of the files.
  func counts(of summary: CorpusSummary) throws(CorpusError) -> BoundedCounts {
    do throws(CountFileError) {
      var total = try runs.summary()
      (total.files, total.bytes, total.sources) = (summary.files, summary.bytes, summary.sources)
      total.weightedBytes = summary.weightedBytes
      return .runs(self, total)
    } catch {
      throw .counts(error)
    }
  }

  /// Runs that are read side by side: a block of each is in memory, and what it came from.
  var sideBySide: Int {
    guard let memory else { return 64 }
    return max(4, min(64, (memory - Self.standing) / 2 / 1_000_000))
  }
}

/// What counting in bounded memory came to.
public enum BoundedCounts: Sendable {
  /// All words had room.
  case words(CountedCorpus)
  /// They stand in sorted runs. The number of distinct ones is not known yet.
  case runs(CountingBounds, CorpusSummary)
}
