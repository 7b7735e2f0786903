import Testing

@testable import Tokenization

@Suite struct SentencePieceNormalizerTests {
  private static func options(_ bits: Int) -> SentencePieceNormalization.Options {
    var options = SentencePieceNormalization.Options()
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
      var subject = SentencePieceSubject(try SentencePieceNormalization(charsmap, options))
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
      let options = Self.options(bits)
      var subject = SentencePieceSubject(try SentencePieceNormalization(named.charsmap, options))
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
    let nmt = try NamedCharsmap.nmtNFKC.charsmap()
    func check(
      _ text: String, _ expected: String, _ options: SentencePieceNormalization.Options = .init(),
      in charsmap: Charsmap? = nil
    ) throws {
      var subject = SentencePieceSubject(try SentencePieceNormalization(charsmap ?? nmt, options))
      let result = subject.normalize(Array(text.utf8))
      #expect(
        String(decoding: result, as: UTF8.self).unicodeScalars.elementsEqual(
          expected.unicodeScalars), "\(text)")
    }
    try check("", "")
    try check("  \u{3000} ", "")
    try check("\u{1}", "")
    try check("  Ａb \u{A0} ①c ", "▁Ab▁1c")
    try check("a\u{200B}b\u{200D}c\tＡ～", "▁a▁b\u{200D}c▁A～")
    try check("e\u{301}\u{302}", "▁\u{E9}\u{302}")
    try check("\u{1112}\u{1161}\u{11AB} \u{D558}\u{11AB}", "▁\u{D55C}▁\u{D558}\u{11AB}")
    var options = SentencePieceNormalization.Options()
    options.putsSpacesBehindWords = true
    try check(" a  b ", "a▁b▁", options)
    try check("\u{1}", "▁", options)
    options = .rulesOnly
    try check(" a  b ", " a  b ", options)
    try check("Ａ\u{FB01}  ", "Afi  ", options)
    try check("ΑΣ K\u{327}", "▁ασ▁ķ", in: try NamedCharsmap.nmtNFKCFolded.charsmap())
  }

  @Test("bytes of no character become U+FFFD, each by itself, and are not replaced again")
  func illFormed() throws {
    var subject = SentencePieceSubject(
      try SentencePieceNormalization(NamedCharsmap.nmtNFKC.charsmap(), .rulesOnly))
    #expect(subject.normalize([0x61, 0xFF, 0xE3, 0x81]) == Array("a\u{FFFD}\u{FFFD}\u{FFFD}".utf8))
    #expect(subject.normalize(Array("a\u{FFFD}b".utf8)) == Array("a b".utf8))
    #expect(subject.normalize([0xED, 0xA0, 0x80]) == Array("\u{FFFD}\u{FFFD}\u{FFFD}".utf8))
  }

  @Test("text that stays as it is is not copied")
  func unchangedText() throws {
    let normalizer = SentencePieceNormalizer(
      try SentencePieceNormalization(NamedCharsmap.nmtNFKC.charsmap(), .rulesOnly))
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
    var options = SentencePieceNormalization.Options()
    for symbol in [[0xFF], [0x61, 0], Array(repeating: 0x61, count: 1025)] as [[UInt8]] {
      options.rawSymbols = [symbol]
      #expect(throws: CharsmapError.unusableSymbol(symbol)) {
        try SentencePieceNormalization(.identity, options)
      }
    }
    options.rawSymbols = [[]]
    #expect(try SentencePieceNormalization(.identity, options).symbols == nil)
  }
}
