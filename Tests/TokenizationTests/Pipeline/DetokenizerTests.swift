import Testing

@testable import Tokenization

@Suite("Detokenizer")
struct DetokenizerTests {
  private func decode(_ tokens: [String], cleansUp: Bool) throws -> String {
    let tokenizer = Tokenizer(
      normalizer: .none, preTokenizer: PreTokenizer([.bert]),
      model: .wordPiece(
        WordPieceModel(
          vocabulary: Vocabulary(tokens: [Array("[UNK]".utf8)] + tokens.map { Array($0.utf8) }))),
      specialTokens: [SpecialToken(id: 0, content: Array("[UNK]".utf8))],
      detokenizer: .wordPiece(prefix: Array("##".utf8), cleansUp: cleansUp))
    let ids = [0] + (1...TokenID(tokens.count)) + [0]
    let decoder = TokenDecoder(tokenizer)
    let kept = try decoder.decode(ids)
    let skipped = try decoder.decode(ids, skippingSpecialTokens: true)
    let inner = String(decoding: skipped, as: UTF8.self)
    #expect(String(decoding: kept, as: UTF8.self).hasSuffix(" [UNK]"))
    return inner
  }

  @Test("Words are parted by blanks; what continues one is joined; the first token stays as it is")
  func words() throws {
    #expect(
      try decode(["##un", "##want", "##ed", "run", "##ning"], cleansUp: false)
        == "##unwanted running")
    #expect(try decode(["a", "##", "#", "##b##"], cleansUp: false) == "a #b##")
  }

  @Test("Cleaning takes the blanks before English punctuation and contractions")
  func cleaning() throws {
    #expect(try decode(["no", ".", "'", "s", "n't", "!"], cleansUp: true) == "no. ' sn't!")
    #expect(try decode(["no", ".", "'", "s", "n't", "!"], cleansUp: false) == "no . ' s n't !")
    #expect(try decode(["I", "'ve", "do not", ","], cleansUp: true) == "I've don't,")
  }
}
