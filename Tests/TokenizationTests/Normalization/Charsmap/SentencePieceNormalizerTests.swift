import Testing

@testable import Tokenization

@Suite struct SentencePieceNormalizerTests {
  private static func options(_ bits: Int) -> SentencePieceNormalization {
    var options = SentencePieceNormalization()
    options.addsDummyPrefix = bits & 1 != 0
    options.removesExtraSpaces = bits & 2 != 0
    options.escapesSpaces = bits & 4 != 0
    options.putsSpacesBehindWords = bits & 8 != 0
    return options
  }

  @Test(
    "random rules, symbols, options and texts, ill-formed ones too, give what units one by one do")
  func randomRules() throws {
    var random = SeededRandom(seed: 11)
    let letters = ["a", "b", " ", "é", "\u{301}", "か", "\u{3099}", "😀", "\u{2581}", "\t"].map {
      Array($0.utf8)
    }
    for round in 0..<400 {
      func text(_ lengths: ClosedRange<Int>) -> [UInt8] {
        (0..<Int.random(in: lengths, using: &random)).flatMap { _ in
          letters[Int.random(in: 0..<letters.count, using: &random)]
        }
      }
      var rules: [[UInt8]: [UInt8]] = [:]
      for _ in 0..<Int.random(in: 0...12, using: &random) { rules[text(1...3)] = text(0...3) }
      var options = Self.options(Int.random(in: 0..<16, using: &random))
      if Int.random(in: 0..<3, using: &random) == 0 {
        options.rawSymbols = (0..<Int.random(in: 1...3, using: &random)).map { _ in text(1...3) }
      }
      let charsmap = rules.isEmpty ? .identity : try Charsmap(rules: ruleFile(rules))
      #expect(decompiled(charsmap) == rules, "round \(round)")
      options.rules = .charsmap(charsmap)
      var subject = try SentencePieceSubject(options)
      let twin = GreedyRules(rules, options)
      for _ in 0..<40 {
        var source = text(0...12)
        if Int.random(in: 0..<3, using: &random) == 0 && !source.isEmpty {
          source[Int.random(in: 0..<source.count, using: &random)] =
            UInt8.random(in: 0...255, using: &random)
        }
        let expected = twin.normalized(source)
        #expect(subject.normalize(source) == expected.bytes, "round \(round): \(source)")
        #expect(subject.normalize(source, recordingEdits: true) == expected.bytes)
        #expect(
          subject.sources(resultCount: expected.bytes.count) == expected.sources,
          "round \(round): \(source), \(rules), \(options)")
      }
    }
  }

  @Test("random strings of what named rules are about")
  func namedRules() throws {
    var random = SeededRandom(seed: 12)
    let common: [[UInt8]] = ["a", " ", "  ", "e", "\u{301}", "\u{3000}", "\u{2581}"].map {
      Array($0.utf8)
    }
    for (bits, named) in [
      (0, NamedRules.nmtNFKC), (7, .nmtNFKC), (15, .nmtNFKC), (2, .nfkcFolded), (6, .nfkcFolded),
    ] {
      var options = Self.options(bits)
      options.rules = .charsmap(named.charsmap)
      var subject = try SentencePieceSubject(options)
      let twin = GreedyRules(named.rules, options)
      for round in 0..<300 {
        var text: [UInt8] = []
        for _ in 0..<Int.random(in: 0...10, using: &random) {
          let pool = Bool.random(using: &random) ? common : named.keys
          let piece = pool[Int.random(in: 0..<pool.count, using: &random)]
          text += Int.random(in: 0..<8, using: &random) == 0 ? piece.dropLast() : piece
        }
        let expected = twin.normalized(text)
        #expect(
          subject.normalize(text, recordingEdits: true) == expected.bytes,
          "round \(round): \(text)")
        #expect(subject.sources(resultCount: expected.bytes.count) == expected.sources)
      }
    }
  }

  @Test("worked examples of SentencePiece 0.2.3")
  func examples() throws {
    func check(
      _ text: String, _ expected: String,
      _ normalization: SentencePieceNormalization = SentencePieceNormalization()
    ) throws {
      var subject = try SentencePieceSubject(normalization)
      let result = subject.normalize(Array(text.utf8))
      #expect(result == Array(expected.utf8), "\(text)")
    }
    try check("", "")
    try check("  \u{3000} ", "")
    try check("\u{1}", "")
    try check("  Ａb \u{A0} ①c ", "▁Ab▁1c")
    try check("a\u{200B}b\u{200D}c\tＡ～", "▁a▁b\u{200D}c▁A～")
    try check("e\u{301}\u{302}", "▁\u{E9}\u{302}")
    try check("\u{1112}\u{1161}\u{11AB} \u{D558}\u{11AB}", "▁\u{D55C}▁\u{D558}\u{11AB}")
    var suffix = SentencePieceNormalization()
    suffix.putsSpacesBehindWords = true
    try check(" a  b ", "a▁b▁", suffix)
    try check("\u{1}", "▁", suffix)
    try check(" a  b ", " a  b ", .rulesOnly(.named(.nmtNFKC)))
    try check("Ａ\u{FB01}  ", "Afi  ", .rulesOnly(.named(.nmtNFKC)))
    try check("ΑΣ K\u{327}", "▁ασ▁ķ", SentencePieceNormalization(.named(.nmtNFKCFolded)))
  }

  @Test("a document in pieces, cut between characters that no rule concerns, gives the same")
  func pieces() throws {
    let text = Array("  \u{1} Ａ b①  cd e\u{301}f  gh\u{3000} ".utf8)
    for bits in 0..<16 {
      var normalization = Self.options(bits)
      normalization.rules = .named(.nmtNFKC)
      let normalizer = try SentencePieceNormalizer(normalization)
      var subject = try SentencePieceSubject(normalization)
      let whole = subject.normalize(text)
      var output = NormalizedText()
      func part(_ range: Range<Int>) -> [UInt8] {
        text.withUnsafeBufferPointer { text in
          guard let start = text.baseAddress else { return [] }
          let isUnchanged = normalizer.normalize(
            start + range.lowerBound, count: range.count,
            startsDocument: range.lowerBound == 0, endsDocument: range.upperBound == text.count,
            into: &output, recordingEdits: false)
          return isUnchanged ? Array(text[range]) : output.withBytes { Array($0) }
        }
      }
      for place in 1..<text.count {
        let isBetweenLetters =
          text[place - 1] >= 0x61 && text[place - 1] < 0x7B
          && text[place] >= 0x61 && text[place] < 0x7B
        if isBetweenLetters { #expect(part(0..<place) + part(place..<text.count) == whole) }
      }
    }
  }

  @Test("bytes of no character become U+FFFD, each by itself, and are not replaced again")
  func illFormed() throws {
    var subject = try SentencePieceSubject(.rulesOnly(.named(.nmtNFKC)))
    #expect(subject.normalize([0x61, 0xFF, 0xE3, 0x81]) == Array("a\u{FFFD}\u{FFFD}\u{FFFD}".utf8))
    #expect(subject.normalize(Array("a\u{FFFD}b".utf8)) == Array("a b".utf8))
    #expect(subject.normalize([0xED, 0xA0, 0x80]) == Array("\u{FFFD}\u{FFFD}\u{FFFD}".utf8))
  }

  @Test("text that stays as it is is not copied")
  func unchangedText() throws {
    let normalizer = try SentencePieceNormalizer(.rulesOnly(.named(.nmtNFKC)))
    var output = NormalizedText()
    for text in ["", "plain", "naïve café", "日本語 😀 ไทย 한국어", " a  b "] {
      let bytes = Array(text.utf8)
      let isUnchanged = bytes.withUnsafeBufferPointer { buffer in
        buffer.baseAddress.map {
          normalizer.normalize($0, count: buffer.count, into: &output, recordingEdits: true)
        }
      }
      #expect(isUnchanged ?? true, "\(text)")
      #expect(output.count == 0)
    }
  }

  @Test("a symbol that cannot be one is refused")
  func unusableSymbols() throws {
    var normalization = SentencePieceNormalization(.named(.identity))
    for symbol in [[0xFF], [0x61, 0], Array(repeating: 0x61, count: 1025)] as [[UInt8]] {
      normalization.rawSymbols = [symbol]
      #expect(throws: CharsmapError.unusableSymbol(symbol)) {
        try SentencePieceNormalizer(normalization)
      }
    }
    normalization.rawSymbols = [[]]
    var subject = try SentencePieceSubject(normalization)
    #expect(subject.normalize(Array("a b".utf8)) == Array("▁a▁b".utf8))
  }
}
