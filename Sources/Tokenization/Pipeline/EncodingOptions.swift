/// What an encoder does besides the text itself.
public struct EncodingOptions: Sendable, Equatable {
  /// Whether the post-processor adds its special tokens around the ids.
  public var addsSpecialTokens: Bool = false
  /// Special tokens that are recognized in the text; all others are plain text there, so that
  /// nobody who writes text can forge a boundary. Added tokens that are not special are words, and
  /// always recognized.
  public var allowedSpecialTokens: AllowedSpecialTokens = .none

  public init(
    addsSpecialTokens: Bool = false, allowedSpecialTokens: AllowedSpecialTokens = .none
  ) {
    self.addsSpecialTokens = addsSpecialTokens
    self.allowedSpecialTokens = allowedSpecialTokens
  }

  /// A choice of special tokens.
  public enum AllowedSpecialTokens: Sendable, Equatable {
    case none
    case all
    /// By their texts, UTF-8.
    case named([[UInt8]])
  }
}
