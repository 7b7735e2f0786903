/// Whole pre-tokens as tokens: one that the vocabulary does not have becomes the unknown token.
public struct WordLevelModel: Sendable {
  /// Tokens by id. Special tokens are among them, as any pre-token spelled like one becomes it.
  public var vocabulary: Vocabulary
  /// The text of the token for pre-tokens without one. Where the vocabulary does not have it, a text
  /// that needs it cannot be encoded.
  public var unknownToken: [UInt8]

  public init(vocabulary: Vocabulary, unknownToken: [UInt8] = Array("<unk>".utf8)) {
    self.vocabulary = vocabulary
    self.unknownToken = unknownToken
  }
}
