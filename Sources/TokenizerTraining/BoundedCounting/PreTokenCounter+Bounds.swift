import Primitives

extension PreTokenCounter {
  /// Counts in bounded memory; what is counted is the same.
  ///
  /// - Throws: `CorpusError` for the first trouble in the order of the corpus, `.counts` where words
  ///   cannot be put down.
  public func count(
    _ corpus: Corpus, within bounds: CountingBounds, progress: TrainingProgress = .silent
  ) throws(CorpusError) -> BoundedCounts {
    let threads = bounds.threads(of: options.threads)
    let budget = bounds.budget(threads: threads)
    let groups = try corpus.sourcesByWeight()
    var summary = CorpusSummary()
    for (weight, sources) in groups {
      let run = try run(corpus, progress, only: sources, threads: threads)
      let counters = try run.makeCounters(
        mostExpected: bounds.expectedWords(threads: threads, CountingRun.mostExpected))
      let shares = RunShares(bounds.runs, threads: threads, budget: budget, weight: weight)
      let own = try run.read(into: counters, shares)
      if groups.count == 1 && weight == 1 && bounds.runs.isEmpty && bounds.fits(counters) {
        return .words(try words(of: counters, run, own, sources: corpus.sourceCount))
      }
      try shares.finish(counters)
      summary.add(own, weight: weight)
    }
    return try bounds.counts(of: summary)
  }

  /// All words, which have room.
  private func words(
    of counters: [BlockCounter], _ run: CountingRun, _ summary: CorpusSummary, sources: Int
  ) throws(CorpusError) -> CountedCorpus {
    var summary = summary
    for counter in counters { summary.add(try counter.finish()) }
    let counted = run.combine(counters, summary)
    guard counted.counts.hasText else { throw CorpusError.noText(files: sources) }
    return counted
  }
}
