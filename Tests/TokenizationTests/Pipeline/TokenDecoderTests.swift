import Testing
import Tokenization

@Suite("Token decoder")
struct TokenDecoderTests {
  private let tokenizer = Tokenizer(
    normalizer: .none, preTokenizer: .none,
    model: .bpe(
      BPEModel(
        vocabulary: Vocabulary(tokens: [
          [0x61], nil, [UInt8](repeating: 0x62, count: 40), nil, [0xFF],
        ]), merges: [])),
    specialTokens: [
      SpecialToken(id: 1, content: Array("<s>".utf8)),
      SpecialToken(id: 6, content: Array("word".utf8), isSpecial: false),
    ])

  @Test("Tokens, special tokens and added words are written one after the other")
  func decode() throws {
    let expected =
      Array("<s>a".utf8) + [UInt8](repeating: 0x62, count: 40) + [0xFF] + Array("word".utf8)
    let decoder = TokenDecoder(tokenizer)
    #expect(try decoder.decode([1, 0, 2, 4, 6]) == expected)
    let skipped = try decoder.decode([1, 0, 2, 4, 6], skippingSpecialTokens: true)
    #expect(skipped == Array(expected.dropFirst(3)))
    #expect(try decoder.decode([]) == [])
  }

  @Test("An id without a token is named with its place", arguments: [3, 5, 7, TokenID.max])
  func unknown(id: TokenID) {
    var output: [UInt8] = [1]
    #expect(throws: TokenizerError.unknownID(id: id, position: 2)) {
      try TokenDecoder(tokenizer).decode([0, 0, id], into: &output)
    }
    #expect(output == [1])
  }
}
