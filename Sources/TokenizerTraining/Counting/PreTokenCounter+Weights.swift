import Primitives

/// Counting where some files count more than once: those of each weight by themselves.
extension PreTokenCounter {
  func weighted(
    _ corpus: Corpus, _ groups: [(weight: Int, sources: [Int])], _ progress: TrainingProgress
  ) throws(CorpusError) -> CountedCorpus {
    var words = CountedWords()
    var summary = CorpusSummary()
    for (weight, sources) in groups {
      let counted = try run(corpus, progress, only: sources).count()
      summary.add(counted.summary, weight: weight)
      do throws(CountFileError) {
        try words.append(counted.counts, weight: UInt64(weight))
      } catch {
        throw .counts(error)
      }
    }
    let counts = WordList.listing(words, threads: options.threads)
    summary.distinctPreTokens = counts.wordCount
    return CountedCorpus(counts: counts, summary: summary, options: corpus.options)
  }
}

extension CorpusSummary {
  /// Adds what was met in other files.
  mutating func add(_ other: CorpusSummary, weight: Int) {
    files += other.files
    bytes += other.bytes
    weightedBytes += weight * other.bytes
    sources = (sources + other.sources).sorted()
    var other = other
    other.preTokens &*= UInt64(weight)
    add(other)
  }
}

extension CountedWords {
  fileprivate mutating func append(
    _ counts: PreTokenCounts, weight: UInt64
  ) throws(CountFileError) {
    var start = 0
    for index in 0..<counts.wordCount {
      let range = start..<counts.ends[index]
      start = range.upperBound
      let (count, overflows) = counts.counts[index].multipliedReportingOverflow(by: weight)
      try counts.bytes.withUnsafeBufferPointer { (bytes) throws(CountFileError) in
        try append(
          UnsafeBufferPointer(rebasing: bytes[range]), count: overflows ? .max : count)
      }
    }
  }
}
