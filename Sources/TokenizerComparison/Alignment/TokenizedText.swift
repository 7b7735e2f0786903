import Tokenization

/// What one tokenizer makes of a text.
public struct TokenizedText: Sendable, Equatable {
  /// In the order of the ids.
  public var tokens: [SampleToken]
  /// Stands for text that has no token; `nil` where the tokenizer has none for that.
  public var unknownID: TokenID?
  /// Whether decoding the ids gives the text back.
  public var comesBack: Bool

  public init(tokens: [SampleToken], unknownID: TokenID?, comesBack: Bool) {
    self.tokens = tokens
    self.unknownID = unknownID
    self.comesBack = comesBack
  }

  /// Encodes a text, and decodes it again.
  ///
  /// - Parameter encoder: its offsets count bytes.
  /// - Throws: `TokenizerError`, as encoder and decoder do.
  public init(
    _ text: [UInt8], by encoder: inout TokenEncoder, _ decoder: TokenDecoder
  ) throws(TokenizerError) {
    let tokenizer = encoder.compiled.tokenizer
    let encoding = try encoder.encode(text)
    tokens = zip(encoding.ids, encoding.offsets).map { id, range in
      SampleToken(
        id: id, bytes: tokenizer.bytes(of: id).map(Array.init) ?? [], start: range.lowerBound,
        end: range.upperBound)
    }
    unknownID = tokenizer.model.unknownID
    comesBack = try decoder.decode(encoding.ids) == text
  }
}

extension SampleToken {
  /// What of the text it stands for, in bytes; empty for a token that was put in.
  public var range: Range<Int> { start..<max(start, end) }
}
