import Testing

@testable import Tokenization

@Suite("Decoding id by id")
struct DecodingStreamTests {
  private static let texts = [
    "a", "b", "ab", "aba", "▁", "▁a", "▁▁", "##b", "##", "b</w>", "</w>", " ", "  ", " a", "a ",
    ".",
    " .", "n't", "<0xE2>", "<0x96>", "<0x81>", "<0x41>", "<0xFF>", "<0x20>", "é", "Ġ", "Ġa", "Ã",
    "©",
    "字", "|", "<pad>", "👍", "ðŁĳ", "į",
  ].map { Array($0.utf8) }

  private static func tokenizer(_ detokenizer: Detokenizer) -> Tokenizer {
    Tokenizer(
      normalizer: .none, preTokenizer: .none,
      model: .wordLevel(WordLevelModel(vocabulary: Vocabulary(tokens: texts))),
      specialTokens: [
        SpecialToken(id: TokenID(texts.count), content: Array("<s>".utf8)),
        SpecialToken(id: TokenID(texts.count + 1), content: Array("word".utf8), isSpecial: false),
      ], detokenizer: detokenizer)
  }

  private static let steps: [Detokenizer] = [
    .none, .bytes, .byteFallback, .fuse, .bpe(suffix: Array("</w>".utf8)), .bpe(suffix: []),
    .wordPiece(prefix: Array("##".utf8), cleansUp: false),
    .wordPiece(prefix: Array("##".utf8), cleansUp: true),
    .metaspace(MetaspaceSettings(replacement: 0x2581, prependScheme: .always, splits: true)),
    .metaspace(MetaspaceSettings(replacement: 0x2581, prependScheme: .never, splits: true)),
    .strip(character: 0x20, start: 1, stop: 0), .strip(character: 0x20, start: 2, stop: 1),
    .strip(character: 0x2581, start: 1, stop: 2), .strip(character: 0x61, start: 0, stop: 1),
    .replace(.text(Array("▁".utf8)), replacement: [0x20]),
    .replace(.text(Array("aba".utf8)), replacement: Array("ab".utf8)),
    .replace(.text(Array("aa".utf8)), replacement: []),
    .replace(.text([]), replacement: Array("-".utf8)),
    .replace(
      .pattern(SplitPattern("a+b")), replacement: Array("X".utf8)),
    .ctc(
      Detokenizer.CTC(
        padding: Array("<pad>".utf8), wordDelimiter: Array("|".utf8), cleansUp: true)),
  ]

  /// All that a stream gives, and what it had given after each id.
  private func streamed(
    _ ids: [TokenID], _ decoder: TokenDecoder, skips: Bool
  ) throws -> (whole: [UInt8], parts: [[UInt8]]) {
    var stream = DecodingStream(decoder, skippingSpecialTokens: skips)
    var whole: [UInt8] = []
    var parts: [[UInt8]] = []
    for id in ids {
      let part = try stream.append(id)
      whole += part
      parts.append(part)
    }
    let last = try stream.finish()
    return (whole + last, parts + [last])
  }

  private func ids(_ count: Int, _ generator: inout SeededGenerator) -> [TokenID] {
    (0..<count).map { _ in TokenID.random(in: 0...TokenID(Self.texts.count + 1), using: &generator)
    }
  }

  @Test("Any row of steps gives in the end what decoding at once gives, and splits no character")
  func equality() throws {
    for seed in UInt64(1)...400 {
      var generator = SeededGenerator(seed: seed)
      let row = (0..<Int.random(in: 1...4, using: &generator)).map { _ in
        Self.steps.randomElement(using: &generator) ?? .fuse
      }
      let decoder = TokenDecoder(Self.tokenizer(.sequence(row)))
      for _ in 0..<8 {
        let ids = ids(Int.random(in: 0...9, using: &generator), &generator)
        for skips in [false, true] {
          let expected = try decoder.decode(ids, skippingSpecialTokens: skips)
          let (whole, parts) = try streamed(ids, decoder, skips: skips)
          #expect(whole == expected, "seed \(seed): \(row) of \(ids)")
          guard String(validating: expected, as: UTF8.self) != nil else { continue }
          for part in parts { #expect(String(validating: part, as: UTF8.self) != nil) }
        }
      }
    }
  }

  @Test(
    "What usual decoders can know is given at once",
    arguments: [
      Detokenizer.bytes, .none, .wordPiece(prefix: Array("##".utf8), cleansUp: true),
      .metaspace(MetaspaceSettings(replacement: 0x2581, prependScheme: .always, splits: true)),
      .ofSentencePiece(unknownToken: Array("a".utf8), shown: Array(" ⁇ ".utf8), front: .one),
      .sentencePiece(unknown: nil, front: .all), .sentencePiece(unknown: nil, front: .one),
    ])
  func promptness(detokenizer: Detokenizer) throws {
    let decoder = TokenDecoder(Self.tokenizer(detokenizer))
    for seed in UInt64(1)...60 {
      var generator = SeededGenerator(seed: seed)
      let ids = ids(12, &generator)
      var stream = DecodingStream(decoder)
      var given: [UInt8] = []
      for count in ids.indices {
        given += try stream.append(ids[count])
        let known = try decoder.decode(Array(ids[...count]))
        let end = known.withUnsafeBufferPointer { UTF8Decoding.completeEnd(of: $0) }
        #expect(given == Array(known[..<end]), "seed \(seed)")
      }
    }
  }

  @Test("An id without a token is named with its place, and the stream goes on")
  func unknown() throws {
    let decoder = TokenDecoder(Self.tokenizer(.bytes))
    var stream = DecodingStream(decoder)
    #expect(try stream.append(0) == Array("a".utf8))
    #expect(throws: TokenizerError.unknownID(id: 99, position: 1)) { try stream.append(99) }
    #expect(try stream.append(1) == Array("b".utf8))
    #expect(try stream.finish() == [])
    #expect(decoder.bytes(of: 26).map(Array.init) == [0x20, 0x61])
    #expect(decoder.bytes(of: 99) == nil)
  }
}
