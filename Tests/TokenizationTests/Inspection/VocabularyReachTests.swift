import Testing

@testable import Tokenization

@Suite("Which tokens text can become")
struct VocabularyReachTests {
  /// The tokens of a model by what is known of them.
  private struct Found: Equatable {
    var reached: Int
    var unreachable: [String]
    var doubtful: [String] = []
    var exempt = 0
  }

  private func find(_ tokenizer: Tokenizer) throws -> Found {
    let reach = try VocabularyReach(CompiledTokenizer(tokenizer))
    func texts(_ ids: [TokenID]) -> [String] {
      ids.map { String(decoding: tokenizer.bytes(of: $0) ?? [], as: UTF8.self) }
    }
    return Found(
      reached: reach.reachedCount, unreachable: texts(reach.unreachable),
      doubtful: texts(reach.doubtful), exempt: reach.exemptCount)
  }

  private func vocabulary(_ tokens: [String]) -> Vocabulary {
    Vocabulary(tokens: tokens.map { Array($0.utf8) })
  }

  /// Bytes a to d, and tokens that merges of two texts make.
  private func bytePairs(
    _ joined: [(String, String)], extra: [String] = [], ignoresMerges: Bool = false,
    cutBy pattern: String? = nil, _ normalizer: Normalizer = .none
  ) -> Tokenizer {
    let tokens = ["a", "b", "c", "d", "1", " "] + joined.map { $0 + $1 } + extra
    let merges = joined.map { left, right in
      Merge(
        left: TokenID(tokens.firstIndex(of: left) ?? 0),
        right: TokenID(tokens.firstIndex(of: right) ?? 0),
        result: TokenID(tokens.firstIndex(of: left + right) ?? 0))
    }
    return Tokenizer(
      normalizer: normalizer,
      preTokenizer: PreTokenizer(pattern.map { SplitPattern($0) }),
      model: .bpe(
        BPEModel(
          vocabulary: vocabulary(tokens), merges: merges, ignoresMerges: ignoresMerges)))
  }

  @Test("A token of bytes that its own bytes are not merged to is unreachable")
  func bytePairs() throws {
    // "bc" comes before "ab", so that "abc" alone is a + bc, which no merge joins.
    let joined = [("b", "c"), ("a", "b"), ("ab", "c")]
    #expect(try find(bytePairs(joined)) == Found(reached: 8, unreachable: ["abc"]))
    #expect(try find(bytePairs(joined, extra: ["dd"])).unreachable == ["abc", "dd"])
  }

  @Test("Where whole pre-tokens are looked up, a token needs no merges")
  func ignoredMerges() throws {
    let joined = [("b", "c"), ("a", "b"), ("ab", "c")]
    let tokenizer = bytePairs(joined, extra: ["dd"], ignoresMerges: true)
    #expect(try find(tokenizer) == Found(reached: 10, unreachable: []))
  }

  @Test("A token that a pattern always cuts is unreachable")
  func cuts() throws {
    let joined = [("a", "b"), ("b", "1"), ("1", "1")]
    let tokenizer = bytePairs(joined, cutBy: #"[a-z]+|[0-9]|\s"#)
    #expect(try find(tokenizer) == Found(reached: 7, unreachable: ["b1", "11"]))
    let whole = bytePairs(joined, ignoresMerges: true, cutBy: #"[a-z]+|[0-9]|\s"#)
    #expect(try find(whole) == Found(reached: 7, unreachable: ["b1", "11"]))
  }

  @Test("A token that the last step of normalization changes is unreachable")
  func normalization() throws {
    let tokens = ["e", "é", "e\u{301}", "E"]
    func tokenizer(_ step: Normalizer.Step) -> Tokenizer {
      Tokenizer(
        normalizer: Normalizer([step]), preTokenizer: .none,
        model: .wordLevel(
          WordLevelModel(vocabulary: vocabulary(tokens + ["?"]), unknownToken: [0x3F])))
    }
    #expect(
      try find(tokenizer(.form(.nfc)))
        == Found(reached: 3, unreachable: ["e\u{301}"], exempt: 1))
    #expect(try find(tokenizer(.lowercase)) == Found(reached: 3, unreachable: ["E"], exempt: 1))
  }

  @Test(
    "Mapping characters again changes nothing, which the proof stands on",
    arguments: [Normalizer.Step.lowercase, .stripAccents], UnicodeData.allCases)
  func idempotence(step: Normalizer.Step, unicode: UnicodeData) throws {
    let normalizer = try CompiledNormalizer(Normalizer([step], unicode: unicode))
    // Letters between them, so that no character is next to another.
    var text: [UInt8] = []
    for value in UInt32(0)...0x10FFFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      text += Array(String(Character(scalar)).utf8)
      text.append(UInt8(ascii: "x"))
    }
    let once = try normalizer.normalize(text)
    #expect(once != text)
    #expect(try normalizer.normalize(once) == once)
  }

  /// Words of BERT.
  private func wordPiece(_ tokens: [String], longest: Int = 100, lowers: Bool = true) -> Tokenizer {
    Tokenizer(
      normalizer: Normalizer([.bert(.init(lowercases: lowers))]),
      preTokenizer: PreTokenizer([.bert]),
      model: .wordPiece(
        WordPieceModel(vocabulary: vocabulary(["[UNK]"] + tokens), longestWord: longest)))
  }

  @Test("Words that are too long, cut, or never so spelled are no WordPiece tokens")
  func wordPiece() throws {
    let tokens = [
      "a", "##b", "abc", "a-b", "[unused1]", "##-", "-", "A", "##B", "中", "##中", "中国", "##abcdef",
      "abcdefg", "##", "##abcde",
    ]
    let found = try find(wordPiece(tokens, longest: 6))
    let unreachable = [
      "a-b", "[unused1]", "##-", "A", "##B", "##中", "中国", "##abcdef", "abcdefg", "##",
    ]
    #expect(found == Found(reached: 6, unreachable: unreachable, exempt: 1))
  }

  @Test("A continuation behind which no word can be told to begin is left in doubt")
  func doubt() throws {
    // Every word that could begin takes the letter along.
    let found = try find(wordPiece(["a", "ax", "##x"]))
    #expect(found == Found(reached: 2, unreachable: [], doubtful: ["##x"], exempt: 1))
  }

  private func unigram(
    _ pieces: [(String, Double, PieceKind)], _ rules: UnigramModel.Rules
  ) -> Tokenizer {
    Tokenizer(
      normalizer: .none, preTokenizer: .none,
      model: .unigram(
        UnigramModel(
          vocabulary: vocabulary(["<unk>"] + pieces.map(\.0)), scores: [0] + pieces.map(\.1),
          kinds: [.unknown] + pieces.map(\.2), unknownID: 0, rules: rules)))
  }

  @Test(
    "A piece that others spell with a greater sum is unreachable",
    arguments: [UnigramModel.Rules.sentencePiece, .huggingFace(fallsBackToBytes: false)])
  func unigram(rules: UnigramModel.Rules) throws {
    let pieces = [
      ("a", -1.0, PieceKind.normal), ("b", -1, .normal), ("ab", -3, .normal), ("ba", -1.5, .normal),
      ("bab", -2.6, .normal),
    ]
    #expect(
      try find(unigram(pieces, rules))
        == Found(reached: 3, unreachable: ["ab", "bab"], exempt: 1))
  }

  @Test("A tie between a piece and its rivals is no proof")
  func tie() throws {
    let pieces = [
      ("a", -1.0, PieceKind.normal), ("b", -1.0, .normal), ("ab", -2.001, .normal),
    ]
    let found = try find(unigram(pieces, .sentencePiece))
    #expect(found == Found(reached: 2, unreachable: [], doubtful: ["ab"], exempt: 1))
  }

  @Test("A piece for a byte is unreachable if all characters with the byte have pieces")
  func byteFallback() throws {
    let bytes = (0...255).map { byte in
      (String(decoding: ByteFallback.spelling(of: UInt8(byte)), as: UTF8.self), 0.0, PieceKind.byte)
    }
    let pieces = bytes + [("A", -1.0, .normal), ("old", -2.0, .unused)]
    let found = try find(unigram(pieces, .sentencePiece))
    #expect(found == Found(reached: 256, unreachable: ["<0x41>", "old"], exempt: 1))
  }

  @Test("A piece for a byte that normalization never leaves is unreachable")
  func removedBytes() throws {
    let bytes = (0...255).map { byte in
      (String(decoding: ByteFallback.spelling(of: UInt8(byte)), as: UTF8.self), 0.0, PieceKind.byte)
    }
    var tokenizer = unigram(bytes + [("A", -1.0, .normal)], .sentencePiece)
    tokenizer.normalizer = Normalizer([.sentencePiece(SentencePieceNormalization())])
    let found = try find(tokenizer)
    #expect(found.doubtful == [])
    // Controls but NUL go or become blanks, which are marked; 13 bytes are in no UTF-8.
    let removed = (1...0x20).map { UInt8($0) } + [0x41, 0x7F, 0xC0, 0xC1] + (0xF5...0xFF)
    #expect(
      found.unreachable
        == removed.map { String(decoding: ByteFallback.spelling(of: $0), as: UTF8.self) })
  }

  @Test("Over characters, what stands for a byte is no text of its own")
  func characters() throws {
    let tokens = ["<unk>", "<0x41>", "<0x42>", "A", "C", "AC", "CC"]
    let model = BPEModel(
      vocabulary: vocabulary(tokens), merges: [Merge(left: 3, right: 4, result: 5)],
      base: .characters(
        CharacterBase(unknownToken: Array("<unk>".utf8), fallsBackToBytes: true)))
    let tokenizer = Tokenizer(normalizer: .none, preTokenizer: .none, model: .bpe(model))
    #expect(
      try find(tokenizer) == Found(reached: 4, unreachable: ["<0x41>", "CC"], exempt: 1))
  }

  @Test("Whole words are reached unless they are cut, and added words always are")
  func wordLevel() throws {
    var tokenizer = Tokenizer(
      normalizer: .none, preTokenizer: PreTokenizer([.whitespace]),
      model: .wordLevel(
        WordLevelModel(
          vocabulary: vocabulary(["?", "word", "two words", "a.b"]), unknownToken: [0x3F])))
    tokenizer.specialTokens = [
      SpecialToken(id: 4, content: Array("<s>".utf8)),
      SpecialToken(id: 5, content: Array("x y".utf8), isSpecial: false),
    ]
    #expect(
      try find(tokenizer)
        == Found(reached: 2, unreachable: ["two words", "a.b"], exempt: 2))
  }

  @Test("No token that is called unreachable comes out of random texts", arguments: UInt64(1)...40)
  func soundness(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let letters = ["a", "b", "c", " ", "1"]
    var tokens = letters
    var merges: [Merge] = []
    for _ in 0..<20 {
      let left = Int.random(in: 0..<tokens.count, using: &generator)
      let right = Int.random(in: 0..<tokens.count, using: &generator)
      let text = tokens[left] + tokens[right]
      guard !tokens.contains(text), text.count < 8 else { continue }
      merges.append(
        Merge(left: TokenID(left), right: TokenID(right), result: TokenID(tokens.count)))
      tokens.append(text)
    }
    merges.shuffle(using: &generator)
    let isUnigram = seed % 2 == 0
    let model: TokenizerModel =
      isUnigram
      ? .unigram(
        UnigramModel(
          vocabulary: vocabulary(tokens + ["<unk>"]),
          scores: (tokens + [""]).map { _ in -Double.random(in: 1...9, using: &generator) },
          kinds: tokens.map { _ in .normal } + [.unknown], unknownID: TokenID(tokens.count),
          rules: seed % 4 == 0 ? .sentencePiece : .huggingFace(fallsBackToBytes: false)))
      : .bpe(BPEModel(vocabulary: vocabulary(tokens), merges: merges))
    let tokenizer = Tokenizer(
      normalizer: .none,
      preTokenizer: seed % 3 == 0 ? PreTokenizer(NamedPattern.gpt2.pattern) : .none, model: model)
    let compiled = try CompiledTokenizer(tokenizer)
    let reach = try VocabularyReach(compiled)
    let unreachable = Set(reach.unreachable)
    var encoder = try TokenEncoder(compiled)
    for _ in 0..<300 {
      let text = (0..<40).flatMap { _ in
        Array((letters.randomElement(using: &generator) ?? "").utf8)
      }
      var ids: [TokenID] = []
      try encoder.encode(text, into: &ids)
      #expect(unreachable.isDisjoint(with: ids))
    }
  }
}
