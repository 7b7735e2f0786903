import Primitives
import Tokenization

/// Training by likelihood and by gain.
///
/// Words that encoders do not look at, and words with characters beyond the alphabet limit, are
/// left out whole: a single word of 50,000 characters would make likelihood grow as many nested
/// tokens.
extension WordPieceTrainer {
  func trainByScore(
    on counts: consuming PreTokenCounts, _ sizes: [Int], threads: Int, progress: TrainingProgress
  ) throws(BPETrainingError) -> [WordPieceTrainingResult] {
    var leftOut = LeftOutWords()
    let short = counts.filtered(longest: options.longestWord)
    _ = consume counts
    leftOut.tooLong = short.leftOut
    try checkWords(short.words, leftOut)
    var job = try self.job(short.words, sizes)
    let spelled = short.words.filtered { job.merges.base.spells($0) }
    leftOut.unspelled = spelled.leftOut
    try checkWords(spelled.words, leftOut)
    job.symbolCount = spelled.words.symbolCount
    let run = ScoreRun(
      job: job, words: spelled.words, prefix: options.continuingPrefix, threads: threads,
      progress: progress)
    var results = try self.results(run, sizes)
    for index in results.indices {
      results[index].account.leftOut = leftOut
      // Their words went as a whole.
      results[index].droppedCharacters = 0
    }
    return results
  }

  private func checkWords(
    _ words: borrowing PreTokenCounts, _ leftOut: LeftOutWords
  ) throws(BPETrainingError) {
    if words.wordCount == 0 {
      throw leftOut.error(longestWord: options.longestWord)
    }
  }

  private func results(
    _ run: ScoreRun, _ sizes: [Int]
  ) throws(BPETrainingError) -> [WordPieceTrainingResult] {
    guard case .likelihood(let minimum) = options.score else {
      return results(try run.gain(minimum: options.minimumFrequency), run.job, sizes)
    }
    guard let minimum else {
      return try zip(sizes, run.automaticLikelihood(sizes)).map { size, found in
        var result = results(found.words, run.job, [size])[0]
        result.account.minimumPairCount = found.minimum
        return result
      }
    }
    let merged = try run.likelihood(minimum: minimum)
    let reach = try run.reach(beyondTwice: minimum)
    return zip(sizes, results(merged, run.job, sizes)).map { size, result in
      var result = result
      result.account.minimumPairCount = max(1, minimum)
      result.account.minimumIsLow = !result.mergeCounts.isEmpty && size <= reach
      return result
    }
  }
}
