/// How densely a vocabulary writes a text.
public struct Compression: Sendable, Equatable {
  /// Bytes of the text.
  public var bytes: Int
  /// Tokens it became.
  public var tokens: Int

  public init(bytes: Int, tokens: Int) {
    self.bytes = bytes
    self.tokens = tokens
  }

  /// Bytes that a token stands for on the average; `nil` without tokens.
  public var bytesPerToken: Double? { tokens == 0 ? nil : Double(bytes) / Double(tokens) }
}
