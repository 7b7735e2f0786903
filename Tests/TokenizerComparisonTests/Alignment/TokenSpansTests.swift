import Testing

@testable import TokenizerComparison

@Suite("Spans of tokens")
struct TokenSpansTests {
  @Test(
    "What is put before a text has no span beside tokens that part its first character or go on",
    arguments: [
      // Before all of 東京, before 東, before its bytes, before x.
      ("東京x", [0..<3, 0..<6, 6..<7], [0..<0, 0..<6, 6..<7]),
      ("東京x", [0..<3, 0..<3, 3..<7], [0..<3, 0..<3, 3..<7]),
      ("東x", [0..<3, 0..<1, 1..<2, 2..<3, 3..<4], [0..<0, 0..<1, 1..<2, 2..<3, 3..<4]),
      ("x", [0..<1, 0..<1], [0..<1, 0..<1]),
      // ".." and ".x" of "…x": nobody stands between them in the text.
      ("…x", [0..<3, 0..<3, 0..<4], [0..<0, 0..<0, 0..<4]),
      // Bytes behind a blank that was dropped.
      (" 東", [0..<4, 0..<2, 0..<3, 0..<4], [0..<0, 0..<2, 0..<3, 0..<4]),
      // In the middle; and what stands nowhere.
      ("a東", [0..<1, 1..<4, 1..<2, 2..<3, 3..<4], [0..<1, 1..<1, 1..<2, 2..<3, 3..<4]),
      ("ab", [0..<0, 0..<1, 1..<1, 1..<2], [0..<0, 0..<1, 1..<1, 1..<2]),
      ("", [], []),
    ] as [(String, [Range<Int>], [Range<Int>])])
  func prefixes(text: String, offsets: [Range<Int>], expected: [Range<Int>]) {
    var spans = offsets
    Array(text.utf8).withUnsafeBufferPointer { TokenSpans.emptyPrefixes(&spans, in: $0) }
    #expect(spans == expected)
  }
}
