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
  ///
  /// A blank that is put before a text has the place of the first character, as in Hugging Face's
  /// offsets; here it stands for nothing if that character has tokens of its own.
  static func all(of encoding: Encoding, in text: [UInt8], _ tokenizer: Tokenizer) -> [SampleToken]
  {
    encoding.offsets.indices.map { index in
      let (id, range) = (encoding.ids[index], encoding.offsets[index])
      let next = index + 1 < encoding.count ? encoding.offsets[index + 1] : range
      let endsWhole = range.upperBound == text.count || text[range.upperBound] & 0xC0 != 0x80
      let isPutBefore = next != range && next.lowerBound < range.upperBound && endsWhole
      return SampleToken(
        id: id, bytes: tokenizer.bytes(of: id).map(Array.init) ?? [], start: range.lowerBound,
        end: isPutBefore ? range.lowerBound : range.upperBound)
    }
  }

  /// What of the text it stands for, in bytes; empty for a token that was put in.
  public var range: Range<Int> { start..<max(start, end) }
}
