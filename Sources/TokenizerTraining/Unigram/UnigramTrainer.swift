import Primitives
import Tokenization

/// Trains the pieces of a unigram language model (Kudo 2018, "Subword regularization", section 3) as
/// SentencePiece 0.2.3 does: from many substrings, estimates their probabilities by expectation
/// maximization, leaves out those that the text needs least, and again, until few enough are left.
public struct UnigramTrainer: Sendable {
  private let characters: RequiredCharacters
  private let rules: PieceRules
  private let options: UnigramTrainingOptions

  public init(
    characters: RequiredCharacters, rules: PieceRules, options: UnigramTrainingOptions
  ) {
    self.characters = characters
    self.rules = rules
    self.options = options
  }

  /// Vocabularies of these sizes, each as if it were the only one.
  ///
  /// - Throws: for a size that the corpus cannot fill; before the first round where that is clear.
  /// - Complexity: linear in the characters of the distinct words for every round, apart from sorting.
  public func train(
    on words: SentenceWords, sizes: [UnigramVocabularySize], threads: Int,
    progress: TrainingProgress = .silent
  ) throws(SentencePieceTrainingError) -> [UnigramTrainingResult] {
    progress.report(.preparing, 0, nil)
    let text = try UnigramText(words, characters)
    guard text.wordCount > 0 else { throw .noSentences }
    let pieces = try SeedPieces.pieces(
      text, rules, seedSize: options.seedSize, threads: threads)
    try check(sizes, seeds: pieces.count)
    var results = [UnigramTrainingResult?](repeating: nil, count: sizes.count)
    for (index, size) in sizes.enumerated() {
      var own = try pieces.copy()
      results[index] = try result(text, &own, size, threads, progress)
    }
    return results.compactMap { $0 }
  }

  /// What is clear before anything is estimated.
  private func check(
    _ sizes: [UnigramVocabularySize], seeds: Int
  ) throws(SentencePieceTrainingError) {
    let required = characters.characters.count
    let missing = characters.characters.count { $0.count == 0 }
    for size in sizes {
      guard size.learnedPieces >= max(1, required) else {
        throw .vocabularyTooSmall(
          asked: size.vocabularySize, metaPieces: size.metaPieces, characters: required)
      }
      guard size.learnedPieces <= seeds + missing else {
        throw .vocabularyTooLarge(
          asked: size.vocabularySize, possible: size.metaPieces + seeds + missing)
      }
    }
  }

  private func result(
    _ text: borrowing UnigramText, _ pieces: inout UnigramPieces, _ size: UnigramVocabularySize,
    _ threads: Int, _ progress: TrainingProgress
  ) throws(SentencePieceTrainingError) -> UnigramTrainingResult {
    var rounds: [UnigramTrainingResult.Round] = []
    repeat {
      var round = UnigramTrainingResult.Round(pieces: pieces.count, objective: 0, tokens: 0)
      for _ in 0..<max(1, options.subIterations) where pieces.count > 0 {
        round.objective = try estimate(text, &pieces, threads)
      }
      if pieces.count == 0 { break }
      let usage = try BestPaths.usage(text, pieces, lanes: lanes, threads: threads)
      round.tokens = usage.tokens
      rounds.append(round)
      let pruning = try PiecePruning(pieces, usedAs: usage.counts, threads: threads)
      let target = max(
        size.desiredSize, Int(options.shrinkingFactor * Float(pieces.count)))
      try pieces.keep(pruning.kept(target), threads: threads)
    } while pieces.count > size.desiredSize
    try pieces.keep(PiecePruning.reachable(pieces, threads: threads), threads: threads)
    let final = FinalPieces(text, pieces, characters).pieces(size.learnedPieces)
    guard final.count >= size.learnedPieces else {
      throw .vocabularyTooLarge(
        asked: size.vocabularySize, possible: size.metaPieces + final.count)
    }
    return UnigramTrainingResult(pieces: final, rounds: rounds, corpusTokens: 0)
  }

  private var lanes: Int? {
    if case .sentencePiece(let lanes) = options.kernel { return max(1, lanes) }
    return nil
  }

  /// One round of expectation and maximization; returns the objective before it.
  private func estimate(
    _ text: borrowing UnigramText, _ pieces: inout UnigramPieces, _ threads: Int
  ) throws(SentencePieceTrainingError) -> Double {
    let objective: Double
    if let lanes {
      pieces.setValues { $0 }
      let expected = try ExactExpectation(lanes: lanes).expectedCounts(
        text, pieces, threads: threads)
      objective = expected.objective
      try maximize(expected.counts, &pieces, threads)
    } else {
      let exponential = ExponentialTable()
      pieces.setValues { Float(ExponentialTable.value(Double($0), exponential.powers)) }
      let expected = try FastExpectation.expectedCounts(text, pieces, threads: threads)
      objective = expected.objective
      try maximize(expected.counts, &pieces, threads)
    }
    pieces.setValues { $0 }
    return objective
  }

  /// Pieces expected less than half a time go; the others get the logarithm of their part of the
  /// expectations, lowered for rare ones by a sparse prior (Liang and Klein 2007).
  ///
  /// Sums have the precision of the counts.
  private func maximize<Count: BinaryFloatingPoint>(
    _ counts: [Count], _ pieces: inout UnigramPieces, _ threads: Int
  ) throws(SentencePieceTrainingError) {
    var kept: [UInt32] = []
    var sum: Count = 0
    for (piece, count) in counts.enumerated() where count >= 0.5 {
      kept.append(UInt32(piece))
      sum += count
    }
    let logSum = Double(Count(RealFunctions.digamma(Double(sum))))
    for piece in kept {
      pieces.scores[Int(piece)] = Float(
        RealFunctions.digamma(Double(counts[Int(piece)])) - logSum)
    }
    if kept.count < counts.count { try pieces.keep(kept, threads: threads) }
  }
}

extension UnigramPieces {
  /// Gives each node what the walks add or multiply.
  mutating func setValues(_ value: (_ score: Float) -> Float) {
    for piece in 0..<count { nodes[piece].value = value(scores[piece]) }
  }
}
