import Testing
import Tokenization

@Suite struct CompiledPatternTests {
  static let parts: [[UInt8]] =
    [
      "a", "S", "é", "中", " ", "  ", "\n", "\r", "'s", "'ll", "1", "23", "!", "\u{3000}", "ſ",
      "e\u{301}",
    ].map { Array($0.utf8) } + [[0xFF], [0xE2, 0x82], [0xC0, 0x80]]

  static func texts(
    seed: UInt64, count: Int, parts: [[UInt8]] = parts, longest: Int = 24
  ) -> [[UInt8]] {
    var state = seed
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    return (0..<count).map { _ in
      (0..<random(longest)).flatMap { _ in parts[random(parts.count)] }
    }
  }

  /// The pieces of the parts between all cuts, each part by itself.
  func joinedEnds(_ pattern: CompiledPattern, _ text: [UInt8]) -> [UInt32] {
    var joined: [UInt32] = []
    var lower = 0
    while lower < text.count {
      let upper =
        pattern.nextCut(in: text, count: text.count, from: lower + 1, to: text.count)
        ?? text.count
      joined += ends(pattern, text, lower, upper, starts: lower == 0, ends: upper == text.count)
      lower = upper
    }
    return joined
  }

  func ends(
    _ pattern: CompiledPattern, _ text: [UInt8], _ lower: Int, _ upper: Int,
    starts: Bool = true, ends isEnd: Bool = true
  ) -> [UInt32] {
    var ends = [UInt32](repeating: 0, count: upper - lower + CompiledPattern.spareEnds)
    let padded = text + [UInt8](repeating: 0x61, count: 16)
    let count = pattern.pieceEnds(
      of: padded, from: lower, to: upper, startsDocument: starts, endsDocument: isEnd, into: &ends)
    return Array(ends[..<count])
  }

  @Test("GPT-2's pieces of a known text") func known() throws {
    let pattern = try CompiledPattern(try #require(NamedPattern.gpt2.pattern))
    #expect(ends(pattern, Array("I'll  go 12!\n\n x".utf8), 0, 16) == [1, 4, 5, 8, 11, 12, 14, 16])
  }

  @Test(
    "Pieces ascend and cover, and parts between cuts equal the whole",
    arguments: NamedPattern.allCases, [false, true])
  func cuts(name: NamedPattern, lines: Bool) throws {
    guard let source = name.pattern else { return }
    let pattern = try CompiledPattern(source, linesAreDocuments: lines)
    #expect(pattern.hasCuts)
    for text in Self.texts(seed: 7, count: 300) where !text.isEmpty {
      let whole = ends(pattern, text, 0, text.count)
      #expect(whole.last == UInt32(text.count))
      #expect(zip(whole, whole.dropFirst()).allSatisfy { $0 < $1 }, "seed 7: \(text)")
      #expect(joinedEnds(pattern, text) == whole, "seed 7: \(text)")
    }
  }

  /// Short parts are walked a character at a time, long well-formed texts in two lanes by pairs of
  /// ASCII characters and by the trie.
  @Test(
    "Long texts are cut as their parts are", arguments: NamedPattern.allCases, [false, true])
  func lanes(name: NamedPattern, lines: Bool) throws {
    guard let source = name.pattern else { return }
    let pattern = try CompiledPattern(source, linesAreDocuments: lines)
    let wellFormed = Array(Self.parts.dropLast(3))
    let ascii = wellFormed.filter { $0.allSatisfy { $0 < 0x80 } }
    let words = (0..<8).map { _ in ascii.flatMap { $0 } }
    let mixed = wellFormed + words + ["𝒳", "한"].map { Array($0.utf8) }
    let blanks = [String(repeating: " ", count: 30), "\n", "\t", " a"].map { Array($0.utf8) }
    let alphabets: [[[UInt8]]] = [Self.parts, ascii, mixed, blanks]
    for (index, parts) in alphabets.enumerated() {
      for text in Self.texts(seed: 13, count: 20, parts: parts, longest: 1500) {
        #expect(
          joinedEnds(pattern, text) == ends(pattern, text, 0, text.count),
          "seed 13, alphabet \(index), \(text.count) bytes")
      }
    }
  }

  @Test("Lines as documents equal one call per line", arguments: NamedPattern.allCases)
  func lines(name: NamedPattern) throws {
    guard let source = name.pattern else { return }
    let file = try CompiledPattern(source)
    let line = try CompiledPattern(source, linesAreDocuments: true)
    for text in Self.texts(seed: 11, count: 300) {
      var expected: [UInt32] = []
      var start = 0
      for at in text.indices where text[at] == 10 || at == text.count - 1 {
        expected += ends(file, text, start, at + 1)
        start = at + 1
      }
      #expect(ends(line, text, 0, text.count) == expected, "seed 11: \(text)")
    }
  }

  @Test(
    "What is not supported is refused with its place",
    arguments: [
      ("a(?=bc)", 1), (#"(a)\1"#, 3), ("(a*)+", 4), (#"ab\Kc"#, 2), (#"a\p{Foo}"#, 1),
      ("(?i:ast)", 6), ("(?i:a[ß])", 5), ("a{9999}", 1), ("(?x:a)", 0), (#"\xE9"#, 0),
    ])
  func refusals(text: String, offset: Int) {
    do {
      _ = try CompiledPattern(SplitPattern(text))
      Issue.record("\(text) was taken")
    } catch {
      guard case .refused(offset, _) = error else {
        Issue.record("\(text): \(error)")
        return
      }
    }
  }
}
