/// How SentencePiece prepares text: rules of a charsmap, and what becomes of spaces.
///
/// The fields of `NormalizerSpec` in sentencepiece_model.proto, and `treat_whitespace_as_suffix` of
/// its `TrainerSpec`.
public struct SentencePieceNormalization: Sendable {
  public struct Options: Sendable, Equatable {
    /// Whether a space goes before the text; behind it with `putsSpacesBehindWords`.
    public var addsDummyPrefix = true
    /// Whether spaces at the ends, and those that follow a space, are removed.
    public var removesExtraSpaces = true
    /// Whether each space becomes U+2581.
    public var escapesSpaces = true
    /// Whether spaces end words rather than begin them.
    public var putsSpacesBehindWords = false
    /// Texts in which no rule is applied. (SentencePiece has them when it encodes, not when it
    /// trains.)
    public var rawSymbols: [[UInt8]] = []

    public init() {}

    /// Nothing but the rules.
    public static let rulesOnly: Options = {
      var options = Options()
      options.addsDummyPrefix = false
      options.removesExtraSpaces = false
      options.escapesSpaces = false
      return options
    }()
  }

  public let charsmap: Charsmap
  public let options: Options
  let table: CharsmapTable
  let symbols: RawSymbols?

  /// - Complexity: a few milliseconds for the rules of NFKC, for a table that all copies share.
  /// - Throws: `CharsmapError.unusableSymbol`.
  public init(_ charsmap: Charsmap, _ options: Options = Options()) throws(CharsmapError) {
    self.charsmap = charsmap
    self.options = options
    symbols = try RawSymbols(options.rawSymbols)
    table = CharsmapTable(
      charsmap, marksSpaces: options.removesExtraSpaces || options.escapesSpaces,
      opaque: symbols?.firsts ?? [])
  }
}

extension SentencePieceNormalization: Equatable {
  public static func == (a: Self, b: Self) -> Bool {
    a.options == b.options && a.charsmap == b.charsmap
  }
}
