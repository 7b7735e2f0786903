/// What merges start from where tokens are made of characters, not of bytes.
public struct CharacterBase: Sendable, Equatable {
  /// Stands for a character without a token; `nil`: it is left out.
  public var unknown: TokenID?
  /// Whether unknown characters that stand side by side are one token.
  public var fusesUnknown: Bool
  /// Whether a character without a token becomes its bytes, where `<0x00>` to `<0xFF>` are tokens.
  public var fallsBackToBytes: Bool
  /// Tokens that are taken from the text as they stand, whatever the merges say.
  public var wholeTokens: [TokenID]

  public init(
    unknown: TokenID?, fusesUnknown: Bool = true, fallsBackToBytes: Bool = false,
    wholeTokens: [TokenID] = []
  ) {
    self.unknown = unknown
    self.fusesUnknown = fusesUnknown
    self.fallsBackToBytes = fallsBackToBytes
    self.wholeTokens = wholeTokens
  }
}
