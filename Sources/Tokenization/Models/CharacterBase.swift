/// What merges start from where tokens are made of characters, not of bytes.
public struct CharacterBase: Sendable, Equatable {
  /// The text of the token that stands for a character without one; `nil`: such a character is left
  /// out. Where the vocabulary does not have it, a text that needs it cannot be encoded.
  public var unknownToken: [UInt8]?
  /// Whether unknown characters that stand side by side are one token.
  public var fusesUnknown: Bool
  /// Whether a character without a token becomes its bytes, where each of them is a token, spelled
  /// `<0x00>` to `<0xFF>`.
  public var fallsBackToBytes: Bool
  /// Tokens that are taken from the text as they stand, whatever the merges say.
  public var wholeTokens: [TokenID]

  public init(
    unknownToken: [UInt8]?, fusesUnknown: Bool = true, fallsBackToBytes: Bool = false,
    wholeTokens: [TokenID] = []
  ) {
    self.unknownToken = unknownToken
    self.fusesUnknown = fusesUnknown
    self.fallsBackToBytes = fallsBackToBytes
    self.wholeTokens = wholeTokens
  }
}
