/// What an encoder does besides the text itself.
public struct EncodingOptions: Sendable, Equatable {
  /// Whether the post-processor adds its special tokens around the ids.
  public var addsSpecialTokens: Bool = false
  /// Special tokens that are recognized in the text; all others are plain text there, so that
  /// nobody who writes text can forge a boundary. Added tokens that are not special are words, and
  /// always recognized.
  public var allowedSpecialTokens: AllowedSpecialTokens = .none
  /// What is left to chance; `nil`: what the model itself says, which is nothing in most.
  public var sampling: Sampling?

  /// What a special token in the text is that is not allowed.
  public var otherSpecialTokens: OtherSpecialTokens = .text
  /// How encodings are cut to a length; `nil`: they are as long as they are.
  public var truncation: Truncation?
  /// Whether `Encoding.overflowing` gets what truncation cuts off.
  public var keepsOverflow = false
  /// How encodings are filled up: each by itself, or those of a batch together; `nil`: not at all.
  public var padding: Padding?
  /// What offsets count.
  public var offsetUnit = OffsetUnit.bytes

  public init(
    addsSpecialTokens: Bool = false, allowedSpecialTokens: AllowedSpecialTokens = .none,
    sampling: Sampling? = nil
  ) {
    self.addsSpecialTokens = addsSpecialTokens
    self.allowedSpecialTokens = allowedSpecialTokens
    self.sampling = sampling
  }

  /// Whether the tokens of a text are all that there is, and their offsets count bytes.
  var keepsWhatIsFound: Bool {
    !addsSpecialTokens && truncation == nil && padding == nil && offsetUnit == .bytes
  }

  /// A choice of special tokens.
  public enum AllowedSpecialTokens: Sendable, Equatable {
    case none
    case all
    /// By their texts, UTF-8.
    case named([[UInt8]])
  }

  /// What is done about other special tokens.
  public enum OtherSpecialTokens: String, Sendable, CaseIterable {
    /// They are text like any other.
    case text
    /// They are an error, wherever they stand, as with `disallowed_special` of tiktoken.
    case error
  }
}
