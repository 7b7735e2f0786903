/// How tokens become text again: what `tokenizer.json` calls a decoder.
///
/// Bytes that are no text come out as they are, where Hugging Face's library writes U+FFFD: so a
/// lossless tokenizer gives back what it was given.
public indirect enum Detokenizer: Sendable, Equatable {
  /// The tokens as files spell them, with a blank between two: what Hugging Face's library does
  /// without a decoder.
  case none
  /// The bytes that the characters of the tokens stand for, one after the other. The settings are
  /// those of the pre-tokenizer of that name, of no use here, and kept for writing the file again.
  case byteLevel(ByteLevelSettings)
  /// A blank before each token but the first and those that begin with the prefix, which goes.
  /// `cleansUp`: the blanks before English punctuation and contractions go, too.
  case wordPiece(prefix: [UInt8], cleansUp: Bool)
  /// The replacement becomes a blank; in the first token it goes, unless it is never put before a text.
  case metaspace(MetaspaceSettings)
  /// The suffix of words becomes a blank; in the last token it goes.
  case bpe(suffix: [UInt8])
  /// Tokens that repeat the one before go, and padding; see `CTC`.
  case ctc(CTC)
  /// Tokens of the form `<0x41>` become the bytes that they name.
  case byteFallback
  /// All tokens become one, for what comes next.
  case fuse
  /// So many of a character (a Unicode scalar) go at most from the start and the end of each token.
  case strip(character: UInt32, start: Int, stop: Int)
  /// Each match in a token is replaced by a text.
  case replace(Normalizer.Searched, replacement: [UInt8])
  /// One after the other.
  case sequence([Detokenizer])
  /// As SentencePiece does it: the mark of a blank, U+2581, becomes one; `unknown`: what stands for
  /// text that had no token, `nil`: the token's own text. Control symbols leave nothing.
  case sentencePiece(unknown: [UInt8]?, front: FrontBlanks)

  /// What the output of a speech model is decoded by (connectionist temporal classification).
  public struct CTC: Sendable, Equatable {
    /// Goes wherever it stands.
    public var padding: [UInt8]
    /// Becomes a blank if `cleansUp`.
    public var wordDelimiter: [UInt8]
    /// Whether blanks before English punctuation and contractions go.
    public var cleansUp: Bool

    public init(padding: [UInt8], wordDelimiter: [UInt8], cleansUp: Bool) {
      self.padding = padding
      self.wordDelimiter = wordDelimiter
      self.cleansUp = cleansUp
    }
  }

  /// Which blanks go from the front of a text.
  public enum FrontBlanks: Sendable {
    case none, one, all
  }

  /// The bytes of the tokens, one after the other.
  public static let bytes = Detokenizer.byteLevel(
    ByteLevelSettings(addsPrefixSpace: true, usesPattern: true))

  /// What a SentencePiece model with these settings has in a `tokenizer.json`: as near as that file
  /// can come.
  /// - Parameters:
  ///   - unknownToken: the text of the token for unknown characters.
  ///   - shown: what stands for it; `nil`: its own text.
  static func ofSentencePiece(
    unknownToken: [UInt8], shown: [UInt8]?, front: FrontBlanks
  ) -> Detokenizer {
    var steps: [Detokenizer] = []
    if let shown { steps.append(.replace(.text(unknownToken), replacement: shown)) }
    steps += [.replace(.text(Array("▁".utf8)), replacement: [0x20]), .byteFallback, .fuse]
    if front != .none { steps.append(.strip(character: 0x20, start: 1, stop: 0)) }
    return .sequence(steps)
  }

  /// The steps that sequences come to.
  var flattened: [Detokenizer] {
    guard case .sequence(let steps) = self else { return [self] }
    return steps.flatMap(\.flattened)
  }
}
