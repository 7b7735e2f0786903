import Primitives

/// How much memory counting may take, and where it puts down what has no room.
public struct CountingBounds: Sendable {
  /// The least that counting is done in, in bytes.
  public static let leastMemory = 48_000_000

  /// Bytes of the process that may be resident; `nil`: as much as the words need.
  public var memory: Int?
  public var runs: SortedRuns

  public init(memory: Int?, runs: SortedRuns) {
    self.memory = memory
    self.runs = runs
  }

  /// What the process takes besides words: code and tables of libraries, and of each thread the text of
  /// a block and what becomes of it. Measured.
  private static func standing(_ threads: Int) -> Int { 20_000_000 + 3_000_000 * threads }

  /// Bytes for the words of one thread.
  func budget(threads: Int) -> Int {
    guard let memory else { return .max }
    return max(4_000_000, (memory - Self.standing(threads)) / threads)
  }

  /// Whether words of all threads can be brought together in memory.
  func fits(_ counters: [BlockCounter]) -> Bool {
    guard let memory else { return true }
    let needed = counters.reduce(0) { sum, counter in
      let words = counter.documents.words
      return sum + words.memory(adding: 0, bytes: 0) + 64 * words.wordCount
    }
    return needed <= memory - Self.standing(counters.count)
  }

  /// What all runs came to.
  ///
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
    return max(4, min(64, (memory - Self.standing(1)) / 2 / 1_000_000))
  }
}

/// What counting in bounded memory came to.
public enum BoundedCounts: Sendable {
  /// All words had room.
  case words(CountedCorpus)
  /// They stand in sorted runs. The number of distinct ones is not known yet.
  case runs(CountingBounds, CorpusSummary)
}
