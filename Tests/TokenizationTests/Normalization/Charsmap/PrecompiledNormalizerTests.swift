import Testing

@testable import Tokenization

@Suite struct PrecompiledNormalizerTests {
  private func normalized(
    _ text: [UInt8], _ normalizer: PrecompiledNormalizer
  ) -> (bytes: [UInt8], sources: [Range<Int>]) {
    // Allocated to the byte, so that a sanitizer sees reads beyond the end.
    let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: text.count)
    defer { copy.deallocate() }
    copy.initialize(from: text, count: text.count)
    var output = NormalizedText()
    if normalizer.normalize(copy, count: text.count, into: &output, recordingEdits: true) {
      return (text, text.indices.map { $0..<$0 + 1 })
    }
    return (
      output.withBytes { Array($0) },
      (0..<output.count).map { output.sourceRange(of: $0..<$0 + 1) }
    )
  }

  /// As spm_precompiled writes it down, with Swift's characters for graphemes. Where those differ
  /// from Unicode 17's the test does not go.
  private func twin(_ text: String, _ rules: [[UInt8]: [UInt8]]) -> [UInt8] {
    func shortest(_ part: [UInt8]) -> [UInt8]? {
      (1...part.count).lazy.compactMap { rules[Array(part[..<$0])] }.first
    }
    return text.flatMap { character -> [UInt8] in
      let bytes = Array(character.utf8)
      if bytes.count < 6, let result = shortest(bytes) { return result }
      return character.unicodeScalars.flatMap { shortest(Array($0.utf8)) ?? Array($0.utf8) }
    }
  }

  @Test("what Hugging Face's library makes of characters and marks")
  func examples() throws {
    let normalizer = PrecompiledNormalizer(NamedRules.nmtNFKC.charsmap)
    for (text, expected) in [
      ("Ａb ①", "Ab 1"), ("Ａ\u{301}", "A"), ("º\u{301}", "o"), ("e\u{301}", "é"),
      ("e\u{301}\u{302}", "é"), ("e\u{301}\u{302}\u{303}", "e\u{301}\u{302}\u{303}"),
      ("か\u{3099}", "か\u{3099}"), ("\u{1100}\u{1161}", "\u{1100}\u{1161}"), ("\r\n", " "),
      ("\n\n", "  "), ("a\u{200D}b\u{1}c", "a\u{200D}bc"), ("～", "～"), ("", ""),
      // A repha of Unicode 16 joins what follows it, a mark of Unicode 17 what precedes it.
      ("º\u{1ACF}", "o"), ("\u{1F468}\u{200D}\u{2122}", "\u{1F468}\u{200D}TM"),
    ] {
      #expect(
        normalized(Array(text.utf8), normalizer).bytes == Array(expected.utf8), "\(text)")
    }
  }

  @Test("random characters and marks become what its rule, written down, gives")
  func randomStrings() {
    let named = NamedRules.nmtNFKC
    let normalizer = PrecompiledNormalizer(named.charsmap)
    let pool =
      [
        "\u{301}", "\u{327}", "\u{3099}", "\u{200D}", "\u{600}", "\r", "\n", "é", "漢", "😀",
        "\u{AC00}",
      ]
      .map { Array($0.utf8) }
    var random = SeededRandom(seed: 31)
    for round in 0..<3000 {
      var text: [UInt8] = []
      for _ in 0..<Int.random(in: 1...8, using: &random) {
        let from = Bool.random(using: &random) ? pool : named.keys
        text += from[Int.random(in: 0..<from.count, using: &random)]
      }
      let result = normalized(text, normalizer)
      #expect(
        result.bytes == twin(String(decoding: text, as: UTF8.self), named.rules),
        "round \(round): \(text)")
      var covered = 0
      for source in result.sources {
        #expect(source.lowerBound <= covered && source.upperBound >= covered, "round \(round)")
        covered = max(covered, source.upperBound)
      }
    }
  }

  @Test("bytes that are not UTF-8 pass, and part what stands around them")
  func illFormed() throws {
    let normalizer = PrecompiledNormalizer(try Charsmap(rules: Array("61\t62\n301\t\n".utf8)))
    #expect(normalized([0x61, 0xFF, 0xCC, 0x81, 0x61], normalizer).bytes == [0x62, 0xFF, 0x62])
    #expect(normalized([0x61, 0xCC, 0x81, 0xCC], normalizer).bytes == [0x62, 0xCC])
    #expect(normalized([0xE3, 0x81, 0x61], normalizer).bytes == [0xE3, 0x81, 0x62])
  }

  @Test("source ranges lead back, and what is gone belongs to the character before")
  func sources() {
    let normalizer = PrecompiledNormalizer(NamedRules.nmtNFKC.charsmap)
    let result = normalized(Array("x\u{1}ﬁ\u{FB01}".utf8), normalizer)
    #expect(result.bytes == Array("xfifi".utf8))
    #expect(result.sources == [0..<2, 2..<5, 2..<5, 5..<8, 5..<8])
  }

  @Test("a hundred thousand marks, joiners or flags in a row take time linear in them")
  func longCharacters() {
    let normalizer = PrecompiledNormalizer(NamedRules.nmtNFKC.charsmap)
    for unit in ["\u{301}", "\u{200D}\u{2122}", "\u{1F1E6}", "\u{93C}\u{915}"] {
      let text = Array(String(repeating: unit, count: 20_000).utf8)
      #expect(!normalized(text, normalizer).bytes.isEmpty)
    }
  }
}
