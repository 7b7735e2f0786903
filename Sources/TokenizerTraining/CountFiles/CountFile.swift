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
    try corpus.counts.forEachAscending { (word, count) throws(CountFileError) in
      try file.append(word, count: count)
    }
    try file.finish()
  }

  /// Writes the sum of some files. Complexity: O(words × log files); a block of each file that is read
  /// side by side is in memory.
  ///
  /// - Parameter most: files, 2 or more, that are read side by side. Where there are more, some become
  ///   one in a folder beside the output first: a process may open no more than so many, and each has
  ///   its blocks.
  /// - Returns: what the files counted together.
  /// - Throws: `CountFileError.differs` for files that were counted in different ways.
  public static func merge(
    _ paths: [[UInt8]], to output: consuming AtomicFile, sideBySide most: Int = 128
  ) throws(CountFileError) -> CorpusSummary {
    guard !paths.isEmpty else { throw .noFiles }
    guard paths.count > most else { return try sum(paths, to: output) }
    let target = output.target
    let scratch = try CountFileError.mapping { () throws(FileError) in
      try ScratchFolder(beside: target)
    }
    var places = 0
    let left = try reduce(paths, to: most) { (some) throws(CountFileError) in
      let place = scratch.path.appendingPath(Array("\(places)".utf8))
      places += 1
      try mergeOnce(some, to: place)
      return place
    }
    return try sum(left, to: output)
  }

  /// Makes one file of some, again and again, until they are few enough to be read side by side. What
  /// was made comes last, so that no word is copied more often than others.
  static func reduce(
    _ paths: [[UInt8]], to most: Int,
    _ merge: ([[UInt8]]) throws(CountFileError) -> [UInt8]
  ) throws(CountFileError) -> [[UInt8]] {
    let most = max(2, most)
    var paths = paths
    while paths.count > most {
      // No more at once than what is left needs.
      let size = min(most, paths.count - most + 1)
      let merged = try merge(Array(paths[..<size]))
      paths = Array(paths[size...]) + [merged]
    }
    return paths
  }

  private static func sum(
    _ paths: [[UInt8]], to output: consuming AtomicFile
  ) throws(CountFileError) -> CorpusSummary {
    var heap = try CountHeap.opening(paths)
    var file = try CountFileOutput(heap.header, to: output)
    var summary = heap.header.summary
    summary.distinctPreTokens = try heap.forEachWord { (word, count) throws(CountFileError) in
      try file.append(word, count: count)
    }
    try file.finish()
    return summary
  }

  /// Writes the sum of some files as one of the same kind.
  static func mergeOnce(_ paths: [[UInt8]], to place: [UInt8]) throws(CountFileError) {
    _ = try sum(
      paths, to: CountFileError.mapping { () throws(FileError) in try AtomicFile(at: place) })
  }

  /// Reads a file to train from it: the words in the order in which counting lists them.
  ///
  /// - Parameters:
  ///   - counting: what the training would count.
  ///   - options: how it would read the corpus.
  ///   - least: rarer words are left out.
  /// - Throws: `CountFileError.differs` for a file that was counted in another way, and what is no file
  ///   that counting makes.
  public static func read(
    _ path: [UInt8], for counting: CountingOptions, reading options: CorpusOptions,
    least: UInt64 = 1, threads: Int
  ) throws(CountFileError) -> CountedCorpus {
    var heap = try CountHeap.opening([path])
    let expected = CountingConfiguration(counting, options)
    if let difference = heap.header.configuration.difference(from: expected) {
      throw .differs(path: path, difference)
    }
    var summary = heap.header.summary
    var words = CountedWords(least: least)
    summary.distinctPreTokens = try heap.forEachWord { (word, count) throws(CountFileError) in
      try words.append(word, count: count)
    }
    guard words.sum == summary.preTokens else {
      throw .corrupt(
        path: path, offset: 0, expected: "\(summary.preTokens) words in all, as its header says")
    }
    try words.check(counting.sentences, path: path)
    summary.floor = words.floor
    return CountedCorpus(
      counts: WordList.listing(words, threads: threads), summary: summary, options: options)
  }

  /// What the words of a file come to. Complexity: O(words); a block is in memory.
  public static func profile(_ path: [UInt8]) throws(CountFileError) -> CountProfile {
    var heap = try CountHeap.opening([path])
    var profile = CountProfile()
    _ = try heap.forEachWord { (word, count) throws(CountFileError) in
      profile.add(bytes: word.count, count: count)
    }
    return profile
  }
}

extension PreTokenCounts {
  /// The numbers of the words in ascending order of their bytes.
  fileprivate var ascendingOrder: [WordOrder.Entry] {
    bytes.withUnsafeBufferPointer { bytes in
      var start = 0
      var entries = counts.indices.map { index -> WordOrder.Entry in
        var prefix: UInt64 = 0
        for place in start..<start + 8 {
          prefix = prefix << 8 | (place < ends[index] ? UInt64(bytes[place]) : 0)
        }
        start = ends[index]
        return WordOrder.Entry(prefix: prefix, word: index)
      }
      WordOrder.sort(&entries) { one, other in
        bytes[range(one)].lexicographicallyPrecedes(bytes[range(other)])
      }
      return entries
    }
  }

  private func range(_ index: Int) -> Range<Int> {
    (index == 0 ? 0 : ends[index - 1])..<ends[index]
  }

  /// Calls `body` with each word and its count, in ascending order of bytes.
  func forEachAscending<Failure: Error>(
    _ body: (UnsafeBufferPointer<UInt8>, UInt64) throws(Failure) -> Void
  ) throws(Failure) {
    let order = ascendingOrder
    try bytes.withUnsafeBufferPointer { (bytes) throws(Failure) in
      for entry in order {
        try body(UnsafeBufferPointer(rebasing: bytes[range(entry.word)]), counts[entry.word])
      }
    }
  }
}
