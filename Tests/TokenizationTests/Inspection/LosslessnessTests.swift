import Testing

@testable import Tokenization

@Suite("What a model can spell, and whether text comes back")
struct LosslessnessTests {
  private func obstacles(_ tokenizer: Tokenizer) -> [Losslessness.Obstacle] {
    Losslessness(tokenizer).obstacles
  }

  @Test("Bytes with nothing in their way are lossless; each part that changes text is named")
  func bytes() {
    var tokenizer = TokenEncoderTests.tokenizer()
    #expect(Losslessness(tokenizer).isLossless)
    tokenizer.normalizer = Normalizer([.form(.nfc)])
    #expect(obstacles(tokenizer) == [.normalization])
    tokenizer.normalizer = .none
    tokenizer.preTokenizer = PreTokenizer([
      .byteLevel(ByteLevelSettings(addsPrefixSpace: true, usesPattern: true))
    ])
    #expect(obstacles(tokenizer) == [.prefixBlank])
    tokenizer.preTokenizer = PreTokenizer([.whitespaceSplit])
    #expect(obstacles(tokenizer) == [.droppedText])
    tokenizer.preTokenizer = .none
    tokenizer.detokenizer = .wordPiece(prefix: [0x23, 0x23], cleansUp: true)
    #expect(obstacles(tokenizer) == [.guessedBlanks, .decoding])
    tokenizer.detokenizer = .bytes
    tokenizer.specialTokens = [
      SpecialToken(id: 900, content: [0x78], isSpecial: false, stripsLeft: true)
    ]
    #expect(obstacles(tokenizer) == [.addedWords])
  }

  @Test("Cuts that keep only matches drop text unless matches cover everything")
  func matches() {
    var tokenizer = TokenEncoderTests.tokenizer()
    func keep(_ pattern: String) -> PreTokenizer {
      PreTokenizer([.split(.pattern(SplitPattern(pattern)), .removed, inverts: true)])
    }
    tokenizer.preTokenizer = keep(#"\S+|\s+"#)
    #expect(Losslessness(tokenizer).isLossless)
    tokenizer.preTokenizer = keep(#"\S+"#)
    #expect(obstacles(tokenizer) == [.droppedText])
  }

  @Test("A missing byte is text without a token")
  func missingByte() {
    let tokens: [[UInt8]?] = (0...254).map { [UInt8($0)] }
    let tokenizer = Tokenizer(
      normalizer: .none, preTokenizer: .none,
      model: .bpe(BPEModel(vocabulary: Vocabulary(tokens: tokens), merges: [])))
    #expect(obstacles(tokenizer) == [.unknownText])
    let coverage = ByteCoverage(tokenizer.model)
    #expect(coverage.bytes.count == 255 && coverage.coversUTF8 && !coverage.coversAllBytes)
    let ascii = ByteCoverage(
      .bpe(BPEModel(vocabulary: Vocabulary(tokens: Array(tokens[..<128])), merges: [])))
    #expect(ascii.bytes.count == 128 && !ascii.coversUTF8 && ascii.characterCount == 128)
  }

  @Test("Words are not lossless, and have no bytes")
  func words() {
    let model = TokenizerModel.wordLevel(
      WordLevelModel(vocabulary: Vocabulary(tokens: [[0x61], Array("ab".utf8)])))
    let tokenizer = Tokenizer(
      normalizer: .none, preTokenizer: PreTokenizer([.whitespace]), model: model,
      detokenizer: .none)
    #expect(obstacles(tokenizer) == [.droppedText, .unknownText, .guessedBlanks])
    #expect(ByteCoverage(model).bytes.isEmpty && ByteCoverage(model).characterCount == 1)
  }

  @Test("An added token that is spelled like another is a duplicate")
  func duplicates() {
    var tokenizer = TokenEncoderTests.tokenizer()
    #expect(DuplicateTokens.pairs(of: tokenizer).isEmpty)
    let hello = TokenIndex(tokenizer.model.vocabulary).id(of: Array("hello".utf8))
    tokenizer.specialTokens = [
      SpecialToken(id: 900, content: Array("hello".utf8), isSpecial: false),
      SpecialToken(id: 901, content: Array("<|end|>".utf8)),
    ]
    let pairs = DuplicateTokens.pairs(of: tokenizer)
    #expect(pairs.map(\.first) == [hello] && pairs.map(\.second) == [900])
  }
}
