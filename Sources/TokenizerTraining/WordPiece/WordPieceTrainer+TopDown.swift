import Tokenization

/// Vocabularies from the top down.
extension WordPieceTrainer {
  /// - Throws: `.alphabetTooLarge`, `.noWordsLeft`, `.tooManySymbols`, `.countsTooLarge`,
  ///   `.outOfMemory`.
  /// - Complexity: O(n log n) in the characters of the distinct words, then O(n) for each round of
  ///   each threshold, of which there are as many as bits in the greatest count at most.
  func learn(
    from counts: consuming PreTokenCounts, sizes: [Int], _ topDown: TopDownOptions, threads: Int,
    progress: TrainingProgress
  ) throws(BPETrainingError) -> [WordPieceTrainingResult] {
    let range = ThresholdRange(counts.counts, topDown)
    let words = try TopDownWords(
      consume counts, options, topDown, specialTokens: specialTokens)
    let spelling = PieceSpelling(
      words.characters, prefix: options.continuingPrefix, specialTokens: specialTokens)
    try checkSize(sizes.min() ?? 0, spelling.fixedCount)
    var learner = try TopDownLearner(
      TopDownText(words.words, spelling), topDown, range, threads: threads)
    var results: [WordPieceTrainingResult] = []
    for size in sizes {
      let learned = try learner.learn(size, progress: progress)
      var result = WordPieceTrainingResult(
        model: WordPieceModel(
          vocabulary: Vocabulary(tokens: learned.tokens), unknownToken: options.unknownToken,
          continuingPrefix: options.continuingPrefix, longestWord: options.longestWord),
        specialTokens: SpecialTokenList.numbered(specialTokens), mergeCounts: [],
        stoppedEarly: learned.stop, droppedCharacters: 0,
        // A word that is a special token is one token.
        corpusTokens: learned.corpusTokens + words.specialCount)
      result.account.leftOut = words.leftOut
      result.account.threshold = learned.threshold
      results.append(result)
    }
    return results
  }
}
