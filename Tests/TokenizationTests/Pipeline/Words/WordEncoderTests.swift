import Testing

@testable import Tokenization

/// Ids alone are made word by word from raw text; ids with their places from the whole text, normalized.
/// The second is the simple way.
@Suite("Words of raw text")
struct WordEncoderTests {
  private static let characters = [
    "a", "b", "c", "e", "1", "2", ",", ".", "(", "_", "\n", "\t", "字", "語", "é", "ʋ", "ĩ", "i",
  ]
  private static let others = [
    " ", " ", " ", "  ", "\u{3000}", "\u{200B}", "\u{1}", "\u{2581}", "\u{301}", "\u{303}", "①",
    "ﷺ", "A", "B", "\u{AC00}", "\u{11A8}", "x", "=", "\u{338}", "\u{A0}",
  ]
  /// Rules that look across blanks, or leave them, or nothing.
  private static let rules = [
    "0041\t0020\n0042\t\n", "0061 0301\t00E1\n", "0028\t0028 0020\n", "0020 0063\t0064\n",
    "0061 0020\t0062\n", "0061 0062\t0020\n", "000A\t0020\n0009\t0020 0020\n", "002C 0062\t0063\n",
  ]

  private func normalization(
    _ generator: inout SeededGenerator
  ) throws -> SentencePieceNormalization {
    let rules: SentencePieceNormalization.Rules =
      switch Int.random(in: 0..<4, using: &generator) {
      case 0: .charsmap(.identity)
      case 1: .named(.nmtNFKC)
      case 2: .named(.nfkc)
      default:
        .charsmap(
          try Charsmap(rules: Array((Self.rules.randomElement(using: &generator) ?? "").utf8)))
      }
    var normalization = SentencePieceNormalization(rules)
    normalization.addsDummyPrefix = Bool.random(using: &generator)
    normalization.removesExtraSpaces = Bool.random(using: &generator)
    normalization.escapesSpaces = Int.random(in: 0..<8, using: &generator) > 0
    normalization.putsSpacesBehindWords = Int.random(in: 0..<8, using: &generator) == 0
    return normalization
  }

  /// Texts of tokens: characters, then joined ones, few of them with a mark inside.
  private func tokens(_ generator: inout SeededGenerator) -> [String] {
    var tokens =
      ["<unk>", "\u{2581}"]
      + Self.characters.filter { _ in
        Int.random(in: 0..<4, using: &generator) > 0
      }
    let marksInside = Int.random(in: 0..<5, using: &generator) == 0
    for _ in 0..<40 {
      let joined = (1...Int.random(in: 2...4, using: &generator)).map { _ in
        tokens[Int.random(in: 1..<tokens.count, using: &generator)]
      }.joined()
      let isMarked = joined.drop { $0 == "\u{2581}" }.contains("\u{2581}")
      if joined.unicodeScalars.count < 7, !tokens.contains(joined), !isMarked || marksInside {
        tokens.append(joined)
      }
    }
    return tokens
  }

  private func bytePieces() -> [String] {
    (0...255).map { String(decoding: ByteFallback.spelling(of: $0), as: UTF8.self) }
  }

  private func bpe(
    _ normalizer: Normalizer, _ generator: inout SeededGenerator
  ) -> Tokenizer {
    var texts = tokens(&generator)
    let fallsBack = Bool.random(using: &generator)
    var merges: [Merge] = []
    for (id, text) in texts.enumerated() where id > 0 {
      let scalars = Array(text.unicodeScalars)
      for cut in scalars.indices.dropFirst() {
        let left = String(String.UnicodeScalarView(scalars[..<cut]))
        let right = String(String.UnicodeScalarView(scalars[cut...]))
        if let left = texts.firstIndex(of: left), let right = texts.firstIndex(of: right) {
          merges.append(
            Merge(left: TokenID(left), right: TokenID(right), result: TokenID(id)))
        }
      }
    }
    merges.shuffle(using: &generator)
    if fallsBack { texts += bytePieces() }
    let base = CharacterBase(
      unknownToken: Array("<unk>".utf8), fusesUnknown: Int.random(in: 0..<4, using: &generator) > 0,
      fallsBackToBytes: fallsBack)
    return Tokenizer(
      normalizer: normalizer, preTokenizer: .none,
      model: .bpe(
        BPEModel(
          vocabulary: Vocabulary(tokens: texts.map { Array($0.utf8) }), merges: merges,
          base: .characters(base))))
  }

  /// Near ties are common: most scores are multiples of a half.
  private func unigram(
    _ normalizer: Normalizer, _ generator: inout SeededGenerator
  ) -> Tokenizer {
    var texts = tokens(&generator)
    var kinds: [PieceKind] = [.unknown] + texts.dropFirst().map { _ in .normal }
    var scores = texts.map { _ in
      -Double(Int.random(in: 1...12, using: &generator)) / 2
        - (Bool.random(using: &generator) ? 0 : Double.random(in: 0..<0.01, using: &generator))
    }
    if Bool.random(using: &generator) {
      texts += bytePieces()
      kinds += [PieceKind](repeating: .byte, count: 256)
      scores += [Double](repeating: 0, count: 256)
    }
    return Tokenizer(
      normalizer: normalizer, preTokenizer: .none,
      model: .unigram(
        UnigramModel(
          vocabulary: Vocabulary(tokens: texts.map { Array($0.utf8) }), scores: scores,
          kinds: kinds, unknownID: 0)))
  }

  private func text(_ length: Int, _ generator: inout SeededGenerator) -> [UInt8] {
    var text: [UInt8] = []
    for _ in 0..<length {
      switch Int.random(in: 0..<20, using: &generator) {
      case 0: text.append(UInt8.random(in: 0x80...0xFF, using: &generator))
      case 1...6: text += Array((Self.others.randomElement(using: &generator) ?? "").utf8)
      default: text += Array((Self.characters.randomElement(using: &generator) ?? "").utf8)
      }
    }
    return text
  }

  private func check(
    _ tokenizer: Tokenizer, _ texts: [[UInt8]], seed: UInt64, cacheBytes: Int = 1 << 16
  ) throws -> Bool {
    let compiled = try CompiledTokenizer(tokenizer)
    var encoder = try TokenEncoder(compiled, cacheBytes: cacheBytes)
    for text in texts + texts.prefix(2) {
      let expected = try encoder.encode(text).ids
      var ids: [TokenID] = []
      try encoder.encode(text, into: &ids)
      #expect(ids == expected, "seed \(seed): \(String(decoding: text.prefix(200), as: UTF8.self))")
      if ids != expected { break }
    }
    return compiled.words != nil
  }

  @Test("Words of BPE models have the ids of the whole text")
  func bytePairs() throws {
    var wordCount = 0
    for seed in UInt64(1)...200 {
      var generator = SeededGenerator(seed: seed)
      var steps: [Normalizer.Step] = [.sentencePiece(try normalization(&generator))]
      if seed % 4 == 0 {
        steps = [.replace(.text([0x20]), replacement: BlankMark.text)]
        if seed % 8 == 0 { steps.insert(.prepend(BlankMark.text), at: 0) }
      }
      let tokenizer = bpe(Normalizer(steps), &generator)
      let texts = [0, 1, 2, 5, 20, 60, 200].map { text($0, &generator) }
      wordCount += try check(tokenizer, texts, seed: seed) ? 1 : 0
    }
    #expect((60..<190).contains(wordCount))
  }

  @Test("Words of unigram models have the ids of the whole text")
  func unigrams() throws {
    var wordCount = 0
    for seed in UInt64(1)...200 {
      var generator = SeededGenerator(seed: seed)
      let tokenizer = unigram(
        Normalizer([.sentencePiece(try normalization(&generator))]), &generator)
      let texts = [0, 1, 2, 5, 20, 60, 200].map { text($0, &generator) }
      wordCount += try check(tokenizer, texts, seed: seed) ? 1 : 0
    }
    #expect((60..<190).contains(wordCount))
  }

  @Test(
    "Sums of scores may grow until they are counted from another place on", arguments: [1, 2, 3])
  func longSums(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var normalization = SentencePieceNormalization(.named(.nmtNFKC))
    normalization.removesExtraSpaces = seed == 2
    var tokenizer = unigram(Normalizer([.sentencePiece(normalization)]), &generator)
    while try CompiledTokenizer(tokenizer).words == nil {
      tokenizer = unigram(Normalizer([.sentencePiece(normalization)]), &generator)
    }
    let long = (0..<40).map { _ in text(200, &generator) }
    let texts = (0..<3).map { _ in
      (0..<400).flatMap { _ in long[Int.random(in: 0..<40, using: &generator)] }
    }
    #expect(try check(tokenizer, texts, seed: seed))
  }

  @Test("What is put before a text may be longer than the text, and one character become many")
  func growth() throws {
    var generator = SeededGenerator(seed: 5)
    let long = Array(String(repeating: "a\u{2581}b ", count: 30_000).utf8)
    let steps: [Normalizer.Step] = [
      .prepend(long), .replace(.text([0x20]), replacement: BlankMark.text),
    ]
    var wordCount = 0
    for _ in 0..<4 {
      wordCount += try check(bpe(Normalizer(steps), &generator), [[0x61], [0x20]], seed: 5) ? 1 : 0
    }
    #expect(wordCount > 0)
    let ligature = Array(String(repeating: "ﷺ", count: 160).utf8)
    let texts = [
      ligature, Array("a ".utf8) + ligature + Array(" b".utf8) + ligature + [0x20, 0x61],
    ]
    for _ in 0..<4 {
      let normalizer = Normalizer([
        .sentencePiece(SentencePieceNormalization(.named(.nmtNFKC)))
      ])
      for tokenizer in [bpe(normalizer, &generator), unigram(normalizer, &generator)] {
        _ = try check(tokenizer, texts, seed: 5, cacheBytes: 0)
      }
    }
  }
}
