import Tokenization

/// What one tokenizer makes of a text.
public struct TokenizedText: Sendable, Equatable {
  /// In the order of the ids.
  public var tokens: [SampleToken]
  /// Whether decoding the ids gives the text back.
  public var comesBack: Bool

  public init(tokens: [SampleToken], comesBack: Bool) {
    self.tokens = tokens
    self.comesBack = comesBack
  }

  /// Encodes a text, and decodes it again.
  ///
  /// - Parameter encoder: its offsets count bytes.
  /// - Throws: `TokenizerError`, as encoder and decoder do.
  public init(
    _ text: [UInt8], by encoder: inout TokenEncoder, _ decoder: TokenDecoder
  ) throws(TokenizerError) {
    let encoding = try encoder.encode(text)
    tokens = SampleToken.all(of: encoding, in: text, encoder.compiled.tokenizer)
    comesBack = try decoder.decode(encoding.ids) == text
  }
}

extension SampleToken {
  /// The tokens of a text whose offsets count bytes.
  static func all(
    of encoding: Encoding, in text: [UInt8], _ tokenizer: Tokenizer
  ) -> [SampleToken] {
    var spans = encoding.offsets
    text.withUnsafeBufferPointer { TokenSpans.emptyPrefixes(&spans, in: $0) }
    return zip(encoding.ids, spans).map { id, span in
      SampleToken(
        id: id, bytes: tokenizer.bytes(of: id).map(Array.init) ?? [], start: span.lowerBound,
        end: span.upperBound)
    }
  }

  /// What of the text it stands for, in bytes; empty for a token that was put in.
  public var range: Range<Int> { start..<max(start, end) }
}
