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
    let pieces = try seeds(text, threads: threads)
    try check(sizes, seeds: pieces.count)
    var descent = PruningDescent(options, characters, sizes, threads: threads, progress)
    try descent.descend(text, pieces, Array(sizes.indices))
    return descent.results.compactMap { $0 }
  }

  private func seeds(
    _ text: borrowing UnigramText, threads: Int
  ) throws(SentencePieceTrainingError) -> UnigramPieces {
    if let listed = options.seeds {
      return try SeedPieces.pieces(
        text, rules, listed: listed, seedSize: options.seedSize, threads: threads)
    }
    return try SeedPieces.pieces(text, rules, seedSize: options.seedSize, threads: threads)
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
}
