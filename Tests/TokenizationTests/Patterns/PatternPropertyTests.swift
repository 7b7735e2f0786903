import Testing

@testable import Tokenization

@Suite("Random patterns") struct PatternPropertyTests {
  static func bytes(_ text: some Sequence<Unicode.Scalar>) -> [UInt8] {
    text.flatMap { Array(String($0).utf8) }
  }

  /// Ends of pieces with marks at matches.
  static func markedEnds(
    _ pattern: CompiledPattern, _ text: [UInt8], _ lower: Int, _ upper: Int
  ) -> [UInt32] {
    var ends = [UInt32](repeating: 0, count: upper - lower + CompiledPattern.spareEnds)
    let padded = text + [UInt8](repeating: 0x61, count: 16)
    let count = pattern.markedPieceEnds(
      of: padded, from: lower, to: upper, startsDocument: lower == 0,
      endsDocument: upper == text.count, into: &ends)
    return Array(ends[..<count])
  }

  static func expected(_ matcher: BacktrackingMatcher, _ text: [Unicode.Scalar]) -> [UInt32] {
    let places = text.reduce(into: [UInt32(0)]) { places, scalar in
      places.append(places[places.count - 1] + UInt32(String(scalar).utf8.count))
    }
    return matcher.pieces(of: text.map(\.value)).map {
      places[$0.end] | ($0.isMatch ? CompiledPattern.matchMark : 0)
    }
  }

  static func expectedOfLines(_ matcher: BacktrackingMatcher, _ text: [Unicode.Scalar]) -> [UInt32]
  {
    var (ends, line, offset): ([UInt32], [Unicode.Scalar], UInt32) = ([], [], 0)
    for (index, scalar) in text.enumerated() {
      line.append(scalar)
      if scalar == "\n" || index == text.count - 1 {
        ends += expected(matcher, line).map { $0 + offset }
        offset += UInt32(bytes(line).count)
        line = []
      }
    }
    return ends
  }

  /// The pieces of the parts between all cuts, each part by itself.
  static func joinedEnds(_ pattern: CompiledPattern, _ text: [UInt8]) -> [UInt32] {
    var joined: [UInt32] = []
    var lower = 0
    while lower < text.count {
      let upper =
        pattern.nextCut(in: text, count: text.count, from: lower + 1, to: text.count)
        ?? text.count
      joined += markedEnds(pattern, text, lower, upper)
      lower = upper
    }
    return joined
  }

  @Test("Pieces and their kinds are those of a backtracking matcher, and cuts change nothing")
  func pieces() throws {
    var compared = 0
    for seed in UInt64(1)...250 {
      var random = RandomPatterns(seed: seed)
      let source = SplitPattern(random.pattern())
      guard let pattern = try? CompiledPattern(source) else { continue }
      let lines = try pattern.withLinesAsDocuments()
      let matcher = try BacktrackingMatcher(source)
      for _ in 0..<12 {
        let text = random.text(longest: 16)
        let bytes = Self.bytes(text)
        let ends = Self.markedEnds(pattern, bytes, 0, bytes.count)
        #expect(ends == Self.expected(matcher, text), "seed \(seed): \(source.text) on \(text)")
        #expect(
          Self.joinedEnds(pattern, bytes) == ends, "seed \(seed): \(source.text) cut in \(text)")
        let lineEnds = Self.markedEnds(lines, bytes, 0, bytes.count)
        #expect(
          lineEnds == Self.expectedOfLines(matcher, text),
          "seed \(seed): \(source.text) on the lines of \(text)")
        #expect(
          Self.joinedEnds(lines, bytes) == lineEnds,
          "seed \(seed): \(source.text) cut in the lines of \(text)")
        compared += 1
      }
    }
    #expect(compared > 1250)
  }
}
