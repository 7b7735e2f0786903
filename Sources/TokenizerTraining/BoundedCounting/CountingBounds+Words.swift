import Primitives

/// What becomes of words that stand in sorted runs.
extension CountingBounds {
  /// Writes them as one file of counts.
  ///
  /// - Parameter summary: of the corpus.
  /// - Returns: what its words come to.
  public func write(
    _ summary: CorpusSummary, to output: consuming AtomicFile
  ) throws(CountFileError) -> CountProfile {
    var file = try CountFileOutput(CountHeader(runs.configuration, summary), to: output)
    var profile = CountProfile()
    _ = try runs.forEachWord(sideBySide: sideBySide) { (word, count) throws(CountFileError) in
      profile.add(bytes: word.count, count: count)
      try file.append(word, count: count)
    }
    try file.finish()
    return profile
  }

  /// Reads them to train from them.
  ///
  /// - Parameter least: rarer words are left out.
  /// - Returns: what a counting with room for all words gives, and what rare words there were.
  public func corpus(
    _ summary: CorpusSummary, least: UInt64, options: CorpusOptions, threads: Int
  ) throws(CountFileError) -> CountedCorpus {
    var words = CountedWords(least: least)
    var summary = summary
    summary.distinctPreTokens = try runs.forEachWord(sideBySide: sideBySide) {
      (word, count) throws(CountFileError) in try words.append(word, count: count)
    }.distinctPreTokens
    summary.floor = words.floor
    return CountedCorpus(
      counts: WordList.listing(words, threads: threads), summary: summary, options: options)
  }

  /// What they come to.
  public func profile() throws(CountFileError) -> CountProfile {
    var profile = CountProfile()
    _ = try runs.forEachWord(sideBySide: sideBySide) { (word, count) throws(CountFileError) in
      profile.add(bytes: word.count, count: count)
    }
    return profile
  }
}
