/// How SentencePiece prepares text: rules of a charsmap, and what becomes of spaces.
///
/// The fields of `NormalizerSpec` in sentencepiece_model.proto, and `treat_whitespace_as_suffix` of
/// its `TrainerSpec`.
public struct SentencePieceNormalization: Sendable, Hashable, Codable {
  public enum Rules: Sendable, Hashable, Codable {
    case named(NamedCharsmap)
    case charsmap(Charsmap)

    /// - Throws: `CharsmapError.unicodeData`.
    public func charsmap() throws(CharsmapError) -> Charsmap {
      switch self {
      case .named(let name): try name.charsmap()
      case .charsmap(let charsmap): charsmap
      }
    }
  }

  public var rules: Rules
  /// Whether a space goes before the text; behind it with `putsSpacesBehindWords`.
  public var addsDummyPrefix = true
  /// Whether spaces at the ends, and those that follow a space, are removed.
  public var removesExtraSpaces = true
  /// Whether each space becomes U+2581.
  public var escapesSpaces = true
  /// Whether spaces end words rather than begin them.
  public var putsSpacesBehindWords = false
  /// Texts in which no rule is applied. (SentencePiece has them when it encodes, not when it trains.)
  public var rawSymbols: [[UInt8]] = []

  /// The defaults of SentencePiece.
  public init(_ rules: Rules = .named(.nmtNFKC)) { self.rules = rules }

  /// Nothing but the rules.
  public static func rulesOnly(_ rules: Rules) -> SentencePieceNormalization {
    var normalization = SentencePieceNormalization(rules)
    normalization.addsDummyPrefix = false
    normalization.removesExtraSpaces = false
    normalization.escapesSpaces = false
    return normalization
  }
}
