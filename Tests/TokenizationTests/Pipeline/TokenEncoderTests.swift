import Testing
import Tokenization

@Suite("Token encoder")
struct TokenEncoderTests {
  /// All bytes and some merges of English and German, ids in the order of the byte alphabet.
  static func tokenizer(
    _ pattern: NamedPattern = .gpt2, _ normalizer: Normalizer = .none,
    specialTokens: [SpecialToken] = [], postProcessor: PostProcessor = .none
  ) -> Tokenizer {
    var tokens = ByteAlphabet.bytesInOrder.map { [$0] }
    var merges: [Merge] = []
    for word in ["he", "ll", "hell", "hello", " w", "or", " wor", "é", " wort", "ing", "  "] {
      let bytes = Array(word.utf8)
      for cut in 1..<bytes.count where !tokens.contains(bytes) {
        if let left = tokens.firstIndex(of: Array(bytes[..<cut])),
          let right = tokens.firstIndex(of: Array(bytes[cut...]))
        {
          merges.append(
            Merge(left: TokenID(left), right: TokenID(right), result: TokenID(tokens.count)))
          tokens.append(bytes)
        }
      }
    }
    return Tokenizer(
      normalizer: normalizer,
      preTokenizer: PreTokenizer(pattern.pattern),
      model: .bpe(BPEModel(vocabulary: Vocabulary(tokens: tokens), merges: merges)),
      specialTokens: specialTokens, postProcessor: postProcessor)
  }

  private static let end = SpecialToken(id: 1000, content: Array("<|end|>".utf8))

  private func texts(_ ids: [TokenID], _ tokenizer: Tokenizer) -> [String] {
    ids.map { String(decoding: tokenizer.bytes(of: $0) ?? [], as: UTF8.self) }
  }

  @Test("Words become tokens and give their bytes back")
  func helloWorld() throws {
    let tokenizer = Self.tokenizer()
    var encoder = try TokenEncoder(CompiledTokenizer(tokenizer))
    var ids: [TokenID] = []
    try encoder.encode(Array("hello world wort".utf8), into: &ids)
    #expect(texts(ids, tokenizer) == ["hello", " wor", "l", "d", " wort"])
    #expect(try TokenDecoder(tokenizer).decode(ids) == Array("hello world wort".utf8))
    try encoder.encode([], into: &ids)
    #expect(ids.count == 5)
  }

  @Test("Every byte string comes back, whatever the pattern", arguments: NamedPattern.allCases)
  func lossless(pattern: NamedPattern) throws {
    let tokenizer = Self.tokenizer(pattern)
    let compiled = try CompiledTokenizer(tokenizer)
    let decoder = TokenDecoder(tokenizer)
    var encoder = try TokenEncoder(compiled, cacheBytes: 1 << 13)
    for seed in UInt64(1)...300 {
      var generator = SeededGenerator(seed: seed)
      let count = Int.random(in: 0...200, using: &generator)
      let alphabet = seed % 3 == 0 ? Array("hellowr \n'é字".utf8) : Array(0...255)
      let text = (0..<count).map { _ in alphabet.randomElement(using: &generator) ?? 0 }
      var ids: [TokenID] = []
      try encoder.encode(text, into: &ids)
      #expect(try decoder.decode(ids) == text, "seed \(seed)")
      let encoding = try encoder.encode(text)
      #expect(encoding.ids == ids, "seed \(seed)")
      #expect(covers(encoding.offsets, text.count), "seed \(seed)")
    }
  }

  private func covers(_ ranges: [Range<Int>], _ count: Int) -> Bool {
    var position = 0
    for range in ranges {
      if range.lowerBound != position { return false }
      position = range.upperBound
    }
    return position == count
  }

  @Test("Ids do not depend on where a long text is cut, nor on what the caches hold")
  func chunks() throws {
    let compiled = try CompiledTokenizer(Self.tokenizer(.cl100k))
    var generator = SeededGenerator(seed: 7)
    let words = [
      "hello", " world", " wort", "é", "  ", "\n", " 12345", "'s", " singing", "字字字", "?!",
    ]
    var text: [UInt8] = []
    while text.count < 200_000 {
      text += Array((words.randomElement(using: &generator) ?? "").utf8)
    }
    var whole: [TokenID] = []
    var encoder = try TokenEncoder(compiled)
    try encoder.encode(text, into: &whole)
    var again: [TokenID] = []
    var small = try TokenEncoder(compiled, cacheBytes: 0)
    try small.encode(text, into: &again)
    #expect(whole == again)
    // A copy that ends with its memory: nothing behind the end may matter.
    let exact = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: text.count)
    defer { exact.deallocate() }
    _ = exact.initialize(from: text)
    again = []
    try encoder.encode(UnsafeBufferPointer(exact), into: &again)
    #expect(whole == again)
  }

  @Test("Special tokens are text unless they are allowed")
  func specialTokens() throws {
    let tokenizer = Self.tokenizer(specialTokens: [
      Self.end, SpecialToken(id: 1001, content: Array("<|end|>x".utf8)),
    ])
    let compiled = try CompiledTokenizer(tokenizer)
    let text = Array("hello<|end|>hello<|end|>xx".utf8)
    func ids(_ allowed: EncodingOptions.AllowedSpecialTokens) throws -> [TokenID] {
      var encoder = try TokenEncoder(
        compiled, options: EncodingOptions(allowedSpecialTokens: allowed))
      var ids: [TokenID] = []
      try encoder.encode(text, into: &ids)
      return ids
    }
    #expect(try !ids(.none).contains { $0 >= 1000 })
    #expect(try ids(.all).filter { $0 >= 1000 } == [1000, 1001])
    #expect(try ids(.named([Self.end.content])).filter { $0 >= 1000 } == [1000, 1000])
    #expect(throws: TokenizerError.unknownSpecialToken(name: [1])) { _ = try ids(.named([[1]])) }
    let decoder = TokenDecoder(tokenizer)
    #expect(try decoder.decode(ids(.all)) == text)
    let skipped = try decoder.decode(ids(.all), skippingSpecialTokens: true)
    #expect(skipped == Array("hellohellox".utf8))
  }

  @Test("A template puts special tokens around a text")
  func template() throws {
    let piece = PostProcessor.Piece.special(
      name: Self.end.content, tokens: [Self.end.content], ids: [1000], typeID: 2)
    let template = PostProcessor.Template(
      single: [piece, .sequence(0, typeID: 1), piece], pair: [])
    let compiled = try CompiledTokenizer(
      Self.tokenizer(specialTokens: [Self.end], postProcessor: .template(template)))
    var encoder = try TokenEncoder(compiled, options: EncodingOptions(addsSpecialTokens: true))
    let encoding = try encoder.encode(Array("hello".utf8))
    #expect(encoding.ids.count == 3 && encoding.ids[0] == 1000 && encoding.ids[2] == 1000)
    #expect(encoding.typeIDs == [2, 1, 2])
    #expect(encoding.specialTokensMask == [1, 0, 1])
    #expect(encoding.offsets == [0..<0, 0..<5, 0..<0])
    #expect(encoding.wordIndices == [nil, 0, nil])
    var plain = try TokenEncoder(compiled)
    #expect(try plain.encode(Array("hello".utf8)).ids == [encoding.ids[1]])
  }

  @Test("Offsets lead through normalization to bytes of the original text")
  func offsets() throws {
    let compiled = try CompiledTokenizer(
      Self.tokenizer(.gpt2, Normalizer([.form(.nfc)]), specialTokens: [Self.end]))
    var encoder = try TokenEncoder(compiled, options: EncodingOptions(allowedSpecialTokens: .all))
    // "é" of three bytes, a special token, and a word behind both.
    let encoding = try encoder.encode(Array("e\u{301}<|end|>hello wort".utf8))
    #expect(encoding.offsets == [0..<3, 3..<10, 10..<15, 15..<20])
    #expect(encoding.wordIndices == [0, 1, 2, 3])
  }

  private static func fallingBack(
    _ normalizer: Normalizer, _ preTokenizer: PreTokenizer
  ) -> Tokenizer {
    let tokens = ["<unk>", "▁", "a"].map { Array($0.utf8) } + (0...255).map(ByteFallback.spelling)
    return Tokenizer(
      normalizer: normalizer, preTokenizer: preTokenizer,
      model: .unigram(
        UnigramModel(
          vocabulary: Vocabulary(tokens: tokens),
          scores: [0, -1, -2] + Array(repeating: -9, count: 256),
          kinds: tokens.map { _ in .normal }, unknownID: 0,
          rules: .huggingFace(fallsBackToBytes: true))))
  }

  @Test("Each byte that a character falls back to has its own place, whatever is put before it")
  func fallenBackBytes() throws {
    let prefix = Array("▁".utf8)
    for tokenizer in [
      Self.fallingBack(.none, PreTokenizer([.metaspace(MetaspaceSettings())])),
      Self.fallingBack(
        Normalizer([.prepend(prefix), .replace(.text([0x20]), replacement: prefix)]),
        PreTokenizer([])),
    ] {
      var encoder = try TokenEncoder(CompiledTokenizer(tokenizer))
      let encoding = try encoder.encode(Array("调a 用".utf8))
      #expect(encoding.ids.prefix(3).elementsEqual([1, 3 + 0xE8, 3 + 0xB0]))
      #expect(
        encoding.offsets
          == [0..<3, 0..<1, 1..<2, 2..<3, 3..<4, 4..<5, 5..<6, 6..<7, 7..<8])
      #expect(try encoder.encode(Array("a调".utf8)).offsets == [0..<1, 0..<1, 1..<2, 2..<3, 3..<4])
    }
  }

  @Test("Ids and offsets alone are those of an encoding", arguments: [true, false])
  func idsAndOffsets(addsSpecialTokens: Bool) throws {
    let template = PostProcessor.Template(
      single: [
        .special(name: Self.end.content, tokens: [Self.end.content], ids: [1000], typeID: 2),
        .sequence(0, typeID: 0),
      ], pair: [])
    let tokenizer = Self.tokenizer(
      .gpt2, Normalizer([.form(.nfc)]), specialTokens: [Self.end],
      postProcessor: .template(template))
    var encoder = try TokenEncoder(
      CompiledTokenizer(tokenizer),
      options: EncodingOptions(addsSpecialTokens: addsSpecialTokens, allowedSpecialTokens: .all))
    var (ids, offsets): ([TokenID], [Range<Int>]) = ([7], [7..<7])
    var expected = (ids: ids, offsets: offsets)
    for text in ["hello wort", "", "e\u{301}<|end|> é", "a"] {
      let encoding = try encoder.encode(Array(text.utf8))
      expected.ids += encoding.ids
      expected.offsets += encoding.offsets
      try Array(text.utf8).withUnsafeBufferPointer { (text) throws(TokenizerError) in
        try encoder.encode(text, into: &ids, offsets: &offsets)
      }
      #expect(ids == expected.ids && offsets == expected.offsets, "\(text)")
    }
    #expect(ids.count > 7)
  }

  @Test("Bytes without a token fall out, and offsets step over them")
  func missingBytes() throws {
    let tokens = ["a", "b", "ab"].map { Array($0.utf8) }
    let tokenizer = Tokenizer(
      normalizer: .none, preTokenizer: .none,
      model: .bpe(
        BPEModel(
          vocabulary: Vocabulary(tokens: tokens),
          merges: [Merge(left: 0, right: 1, result: 2)])))
    var encoder = try TokenEncoder(CompiledTokenizer(tokenizer))
    let encoding = try encoder.encode(Array("?a?b??a?".utf8))
    #expect(encoding.ids == [2, 0])
    #expect(encoding.offsets == [1..<4, 6..<7])
    #expect(try encoder.encode(Array("???".utf8)).ids.isEmpty)
  }

  @Test("A long run of one character takes n log n steps", .timeLimit(.minutes(1)))
  func longRun() throws {
    let compiled = try CompiledTokenizer(Self.tokenizer(.none))
    var encoder = try TokenEncoder(compiled)
    for byte in [UInt8(ascii: " "), UInt8(ascii: "l"), UInt8(ascii: "a")] {
      var ids: [TokenID] = []
      let text = [UInt8](repeating: byte, count: 300_001)
      try encoder.encode(text, into: &ids)
      #expect(ids.count == (byte == UInt8(ascii: "a") ? 300_001 : 150_001))
    }
  }

  @Test("A pattern that cannot be run is an error")
  func badPattern() {
    let tokenizer = Tokenizer(
      normalizer: .none, preTokenizer: PreTokenizer([.split(SplitPattern("(a"))]),
      model: .bpe(BPEModel(vocabulary: Vocabulary(tokens: []), merges: [])))
    #expect(throws: TokenizerError.self) { _ = try CompiledTokenizer(tokenizer) }
  }

  @Test("A split behind a split cuts the pieces of the first")
  func twoSplits() throws {
    var tokenizer = Self.tokenizer(.whitespace)
    tokenizer.preTokenizer.steps.append(.split(SplitPattern("l+|[^l]+")))
    var encoder = try TokenEncoder(CompiledTokenizer(tokenizer))
    let encoding = try encoder.encode(Array("hello wor".utf8))
    #expect(texts(encoding.ids, tokenizer) == ["he", "ll", "o", " ", "w", "or"])
    #expect(encoding.wordIndices == [0, 1, 2, 3, 4, 4])
  }
}
