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

  /// What tokens of a word-level vocabulary are decoded to.
  private func decoded(_ detokenizer: Detokenizer, _ tokens: [String]) throws -> String {
    var texts: [String] = []
    for token in tokens where !texts.contains(token) { texts.append(token) }
    let tokenizer = Tokenizer(
      normalizer: .none, preTokenizer: .none,
      model: .wordLevel(
        WordLevelModel(vocabulary: Vocabulary(tokens: texts.map { Array($0.utf8) }))),
      detokenizer: detokenizer)
    let ids = tokens.map { TokenID(texts.firstIndex(of: $0) ?? 0) }
    return String(decoding: try TokenDecoder(tokenizer).decode(ids), as: UTF8.self)
  }

  @Test("Each step does what its name says")
  func steps() throws {
    #expect(try decoded(.none, ["a", "Ġb", "a"]) == "a Ġb a")
    #expect(try decoded(.bytes, ["a", "Ġb", "字", "Ã", "©"]) == "a b字é")
    #expect(try decoded(.bpe(suffix: Array("</w>".utf8)), ["a</w>", "b", "a</w>"]) == "a ba")
    #expect(try decoded(.bpe(suffix: []), ["ab", "c"]) == " a b c")
    #expect(
      try decoded(.byteFallback, ["<0xC3>", "<0xa9>", "<0x-1>", "<0x+1>"]) == "é<0x-1><0x+1>")
    #expect(try decoded(.fuse, ["a", "b"]) == "ab")
    #expect(
      try decoded(.strip(character: 0xE9, start: 2, stop: 1), ["éééaéé", "é", "b"]) == "éaéb")
    #expect(
      try decoded(.replace(.text(Array("aa".utf8)), replacement: [0x62]), ["aaa", "aa"]) == "bab")
    #expect(
      try decoded(.replace(.pattern(SplitPattern("a+$")), replacement: []), ["aab", "baa"])
        == "aabb")
    var metaspace = MetaspaceSettings()
    #expect(try decoded(.metaspace(metaspace), ["▁a▁", "▁a▁"]) == "a a ")
    metaspace.prependScheme = .never
    #expect(try decoded(.metaspace(metaspace), ["▁a▁", "▁a▁"]) == " a  a ")
    let ctc = Detokenizer.CTC(
      padding: Array("_".utf8), wordDelimiter: Array("|".utf8), cleansUp: true)
    #expect(try decoded(.ctc(ctc), ["a", "a", "_", "a", "|", "|", "b"]) == "aa b")
  }

  @Test("Steps behind others see what those left: one text, runs of bytes, or tokens")
  func rows() throws {
    let strip = Detokenizer.strip(character: 0x61, start: 1, stop: 0)
    #expect(try decoded(.sequence([strip]), ["aa", "ab"]) == "ab")
    #expect(try decoded(.sequence([.fuse, strip]), ["aa", "ab"]) == "aab")
    #expect(try decoded(.sequence([.byteFallback, strip]), ["<0x61>", "<0x61>", "ab"]) == "ab")
    let words = Detokenizer.wordPiece(prefix: [], cleansUp: false)
    let prefixed = Detokenizer.wordPiece(prefix: [0x23], cleansUp: false)
    #expect(
      try decoded(.sequence([.byteFallback, prefixed]), ["<0x61>", "<0x62>", "c"]) == "ab c")
    #expect(try decoded(.sequence([.sequence([words]), .bytes]), ["a", "b"]) == "ab")
    #expect(try decoded(.sequence([]), ["a", "b"]) == "ab")
    #expect(try decoded(.sequence([.fuse, .bpe(suffix: [0x62])]), ["ab", "ab"]) == "aa")
    #expect(try decoded(.sequence([.fuse, strip]), []) == "")
  }

  @Test("A pattern that no engine runs is an error when text is asked for")
  func pattern() {
    #expect(throws: TokenizerError.self) {
      _ = try decoded(.replace(.pattern(SplitPattern("(")), replacement: []), ["a"])
    }
  }

  @Test("Bytes that are no text come out as they are")
  func bytes() throws {
    let tokens = ["<0xC3>", "x", "<0xFF>"].map { Array($0.utf8) }
    let tokenizer = Tokenizer(
      normalizer: .none, preTokenizer: .none,
      model: .wordLevel(WordLevelModel(vocabulary: Vocabulary(tokens: tokens))),
      detokenizer: .sequence([.byteFallback, .fuse]))
    #expect(try TokenDecoder(tokenizer).decode([0, 2, 1]) == [0xC3, 0xFF, 0x78])
  }
}
