/// A WordPiece vocabulary: a word becomes the longest token that it begins with, then the longest
/// that goes on, and so forth; a word that cannot be spelled to its end becomes the unknown token.
public struct WordPieceModel: Sendable {
  /// Tokens by id, as files spell them: those that continue a word begin with the prefix. Special
  /// tokens are among them, as any word spelled like one becomes it.
  public var vocabulary: Vocabulary
  /// The text of the token for words that cannot be spelled; a token of the vocabulary.
  public var unknownToken: [UInt8]
  /// What tokens that continue a word begin with.
  public var continuingPrefix: [UInt8]
  /// Longest word that is looked at, in characters (Unicode scalars); longer ones are unknown.
  public var longestWord: Int

  public init(
    vocabulary: Vocabulary, unknownToken: [UInt8] = Array("[UNK]".utf8),
    continuingPrefix: [UInt8] = Array("##".utf8), longestWord: Int = 100
  ) {
    self.vocabulary = vocabulary
    self.unknownToken = unknownToken
    self.continuingPrefix = continuingPrefix
    self.longestWord = longestWord
  }
}
