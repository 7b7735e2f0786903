import Testing

@testable import Tokenization

@Suite struct NormalizationStreamTests {
  static let parts: [[UInt8]] =
    [
      "a", "É", "e", "\u{301}", "\u{323}", "한", "\u{1112}", "\u{1161}", "\u{11AB}", "東", "ﬁ",
      "\u{AD}", " ", "  ", "\n", "\u{3000}", "\u{200D}", "👩", "ab", "aab", "\u{302E}", "\u{1D160}",
      "\u{F900}", "\u{FDFA}",
    ].map { Array($0.utf8) } + [[0xFF], [0xE2, 0x82], [0x80], [0xF0]]

  static let steps: [Normalizer.Step] =
    Normalizer.Step.named.map(\.step) + [
      .prepend(Array("▁".utf8)), .replace(.text(Array("ab".utf8)), replacement: Array("ba".utf8)),
      .replace(.text(Array("aa".utf8)), replacement: []),
      .replace(.text(Array(" ".utf8)), replacement: Array("▁".utf8)),
      .replace(.pattern(SplitPattern(#"a+|\s+(?!\S)"#)), replacement: Array("-".utf8)),
      .bert(Normalizer.BERTCleaning(cleansText: false, spacesIdeographs: false, lowercases: false)),
    ]

  private func streamed(
    _ stream: NormalizationStream, _ text: [UInt8], cuts: [Int]
  ) throws -> [UInt8] {
    var output: [UInt8] = []
    var lower = 0
    for upper in cuts + [text.count] {
      try Array(text[lower..<upper]).withUnsafeBufferPointer {
        try stream.append($0, isLast: false, to: &output)
      }
      lower = upper
    }
    try [].withUnsafeBufferPointer { try stream.append($0, isLast: true, to: &output) }
    return output
  }

  @Test("A document in pieces becomes what it becomes as a whole, wherever it is cut")
  func cuts() throws {
    var random = SeededRandom(seed: 9)
    for round in 0..<2500 {
      let chosen = (0..<Int.random(in: 1...3, using: &random)).map { _ in
        Self.steps.randomElement(using: &random) ?? .nmt
      }
      let unicode: UnicodeData = round % 2 == 0 ? .current : .huggingFace
      let compiled = try CompiledNormalizer(Normalizer(chosen, unicode: unicode))
      let stream = NormalizationStream(compiled)
      for _ in 0..<3 {
        let text = (0..<Int.random(in: 0...14, using: &random)).flatMap { _ in
          Self.parts.randomElement(using: &random) ?? []
        }
        let cuts = (0..<Int.random(in: 0...5, using: &random))
          .map { _ in Int.random(in: 0...text.count, using: &random) }.sorted()
        #expect(
          try streamed(stream, text, cuts: cuts) == compiled.normalize(text),
          "seed 9, round \(round): \(chosen), \(text) at \(cuts)")
        #expect(
          try streamed(stream, text, cuts: Array(text.indices)) == compiled.normalize(text),
          "seed 9, round \(round): \(chosen), \(text) byte by byte")
      }
    }
  }

  @Test("Marks and blanks without end take linear time, in pieces too")
  func endless() throws {
    let steps: [Normalizer.Step] = [
      .strip(left: true, right: true), .form(.nfc), .form(.nfkcCasefold), .lowercase,
    ]
    let compiled = try CompiledNormalizer(Normalizer(steps))
    func cost(_ pieces: Int) -> Duration {
      let stream = NormalizationStream(compiled)
      let marks = Array("\u{301}\u{323}".utf8)
      let blanks = Array("  ".utf8)
      return ContinuousClock().measure {
        var output: [UInt8] = []
        for piece in [marks, blanks] {
          for _ in 0..<pieces {
            piece.withUnsafeBufferPointer {
              try? stream.append($0, isLast: false, to: &output)
            }
          }
        }
        [].withUnsafeBufferPointer { try? stream.append($0, isLast: true, to: &output) }
      }
    }
    _ = cost(100)
    let short = (0..<3).map { _ in cost(1_000) }.min() ?? .zero
    let long = (0..<3).map { _ in cost(10_000) }.min() ?? .zero
    #expect(long < short * 40, "1,000 pieces \(short), 10,000 pieces \(long)")
  }
}
