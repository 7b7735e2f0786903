import Primitives

/// Files of the words of a corpus and how often each occurs: what training needs of a text, in a small
/// part of its size. They can be added up, so that many machines count what one trains from.
public enum CountFile {
  /// What such a file begins with.
  public static func begins(_ prefix: [UInt8]) -> Bool { prefix.starts(with: CountBlock.magic) }

  /// Writes a corpus in numbers.
  ///
  /// - Parameter configuration: what it was counted with.
  /// - Complexity: O(*n* log *n*) for *n* distinct words.
  public static func write(
    _ corpus: CountedCorpus, _ configuration: CountingConfiguration, to output: consuming AtomicFile
  ) throws(CountFileError) {
    var file = try CountFileOutput(CountHeader(configuration, corpus.summary), to: output)
    let counts = corpus.counts
    for index in counts.ascendingOrder {
      try counts.withWord(index) { (word) throws(CountFileError) in
        try file.append(word, count: counts.counts[index])
      }
    }
    try file.finish()
  }

  /// Writes the sum of some files. Complexity: O(words × log files); a block of each is in memory.
  ///
  /// - Returns: what the files counted together.
  /// - Throws: `CountFileError.differs` for files that were counted in different ways.
  public static func merge(
    _ paths: [[UInt8]], to output: consuming AtomicFile
  ) throws(CountFileError) -> CorpusSummary {
    guard !paths.isEmpty else { throw .noFiles }
    var heap = try CountHeap(opening: paths)
    var file = try CountFileOutput(heap.header, to: output)
    var summary = heap.header.summary
    summary.distinctPreTokens = try heap.forEachWord { (word, count) throws(CountFileError) in
      try file.append(word, count: count)
    }
    try file.finish()
    return summary
  }

  /// Reads a file to train from it: the words in the order in which counting lists them.
  ///
  /// - Parameters:
  ///   - counting: what the training would count.
  ///   - options: how it would read the corpus.
  /// - Throws: `CountFileError.differs` for a file that was counted in another way, and what is no file
  ///   that counting makes.
  public static func read(
    _ path: [UInt8], for counting: CountingOptions, reading options: CorpusOptions, threads: Int
  ) throws(CountFileError) -> CountedCorpus {
    var heap = try CountHeap(opening: [path])
    let expected = CountingConfiguration(counting, options)
    if let difference = heap.header.configuration.difference(from: expected) {
      throw .differs(path: path, difference)
    }
    var summary = heap.header.summary
    var words = CountedWords()
    _ = try heap.forEachWord { (word, count) throws(CountFileError) in
      try words.append(word, count: count)
    }
    guard words.sum == summary.preTokens else {
      throw .corrupt(
        path: path, offset: 0, expected: "\(summary.preTokens) words in all, as its header says")
    }
    try words.check(counting.sentences, path: path)
    summary.distinctPreTokens = words.count
    return CountedCorpus(
      counts: WordList.listing(words, threads: threads), summary: summary, options: options)
  }
}

/// Words from a file and their counts, in any order.
struct CountedWords {
  private(set) var bytes: [UInt8] = []
  private(set) var ends: [Int] = []
  private(set) var counts: [UInt64] = []
  /// Of all counts, below 2^63.
  private(set) var sum: UInt64 = 0

  var count: Int { counts.count }

  /// - Throws: `CountFileError.countsTooLarge`.
  mutating func append(_ word: UnsafeBufferPointer<UInt8>, count: UInt64) throws(CountFileError) {
    let (sum, overflows) = self.sum.addingReportingOverflow(count)
    if overflows || sum > UInt64(Int64.max) { throw .countsTooLarge(word: Array(word)) }
    self.sum = sum
    bytes.append(contentsOf: word)
    ends.append(bytes.count)
    counts.append(count)
  }

  /// Makes sure that words of sentences are UTF-8 but for their mark, as counting leaves them: what
  /// learns pieces relies on it.
  /// - Throws: `CountFileError.illFormedWord`.
  func check(_ sentences: SentenceRules?, path: [UInt8]) throws(CountFileError) {
    guard let sentences else { return }
    var start = 0
    for end in ends {
      let isMarked = sentences.marksFollowers && bytes[end - 1] == SentenceRules.endMark
      let word = bytes[start..<end - (isMarked ? 1 : 0)]
      if !word.withUnsafeBufferPointer({ UTF8Validation.isValid($0) }) {
        throw .illFormedWord(path: path, word: Array(word))
      }
      start = end
    }
  }
}

extension PreTokenCounts {
  /// The numbers of the words in ascending order of their bytes.
  fileprivate var ascendingOrder: [Int] {
    bytes.withUnsafeBufferPointer { bytes in
      let keys = counts.indices.map { index -> (prefix: UInt64, index: Int) in
        let start = index == 0 ? 0 : ends[index - 1]
        var prefix: UInt64 = 0
        for place in start..<start + 8 {
          prefix = prefix << 8 | (place < ends[index] ? UInt64(bytes[place]) : 0)
        }
        return (prefix, index)
      }
      return keys.sorted { one, other in
        if one.prefix != other.prefix { return one.prefix < other.prefix }
        return bytes[range(one.index)].lexicographicallyPrecedes(bytes[range(other.index)])
      }.map(\.index)
    }
  }

  private func range(_ index: Int) -> Range<Int> {
    (index == 0 ? 0 : ends[index - 1])..<ends[index]
  }

  fileprivate func withWord<Failure: Error>(
    _ index: Int, _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Void
  ) throws(Failure) {
    let range = range(index)
    try bytes.withUnsafeBufferPointer { (bytes) throws(Failure) in
      try body(UnsafeBufferPointer(rebasing: bytes[range]))
    }
  }
}
