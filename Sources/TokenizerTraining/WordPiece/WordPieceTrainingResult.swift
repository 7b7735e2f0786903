import Tokenization

/// What training made of the counts of words.
public struct WordPieceTrainingResult: Sendable {
  public var model: WordPieceModel
  /// Special tokens with the ids they took, in id order.
  public var specialTokens: [SpecialToken]
  /// Weighted occurrences of each merge's pair when it was merged, in order. By frequency they
  /// never rise; top-down nothing is merged.
  public var mergeCounts: [UInt64]
  /// Why the vocabulary is smaller than asked for; `nil` if it is not.
  public var stoppedEarly: EarlyStop?
  /// Occurrences of characters that the alphabet limit left without a token, in words that were
  /// learned from.
  public var droppedCharacters: UInt64
  /// What the criterion has to say besides.
  public var account = WordPieceAccount()
  /// Tokens that all occurrences of all words became in training. Encoders take the longest match
  /// instead of merging, which gives nearly as many.
  public var corpusTokens: UInt64
}
