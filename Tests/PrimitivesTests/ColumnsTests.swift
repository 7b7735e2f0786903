import Primitives
import Testing

@Suite("Columns")
struct ColumnsTests {
  @Test(
    "Letters take one, wide ones and emoji two, marks none",
    arguments: [
      ("abc", 3), ("é", 1), ("e\u{301}", 1), ("東京", 4), ("ｱ", 1), ("Ａ", 2), ("😀", 2), ("한", 2),
      ("\u{1112}\u{1161}\u{11AB}", 2), ("नि", 2), ("␣", 1), ("", 0), ("\u{20DD}", 0),
    ])
  func widths(text: String, columns: Int) { #expect(Columns.of(text) == columns) }

  @Test("What is cut has an ellipsis, and no more columns than asked for")
  func cut() {
    #expect(Columns.cut("abcdef", to: 6) == "abcdef")
    #expect(Columns.cut("abcdefg", to: 6) == "abcde…")
    #expect(Columns.cut("東京東京", to: 8) == "東京東京")
    #expect(Columns.cut("東京東京東", to: 8) == "東京東…")
    #expect(Columns.cut("", to: 3) == "")
    for limit in 1...12 {
      #expect(Columns.of(Columns.cut("a東e\u{301}b京😀cd", to: limit)) <= limit)
    }
  }

  @Test("Padding counts columns")
  func padded() { #expect(Columns.padded("東", to: 4) == "東  ") }

  @Test("Directions", arguments: [("abc 1 東", false), ("a של", true), ("عربي", true), ("", false)])
  func directions(text: String, isRightToLeft: Bool) {
    #expect(ReadingDirection.hasRightToLeft(text) == isRightToLeft)
  }

  @Test("Characters as a reader sees them end where Unicode says")
  func clusters() {
    #expect(GraphemeClusters.ends(in: Array("ae\u{301}東".utf8)) == [1, 4, 7])
    #expect(GraphemeClusters.ends(in: Array("🇩🇪🇫🇷\r\n".utf8)) == [8, 16, 18])
    #expect(GraphemeClusters.ends(in: Array("👨\u{200D}👩x".utf8)) == [11, 12])
    #expect(GraphemeClusters.ends(in: [0xE6, 0x9D, 0x61]) == [1, 2, 3])
    #expect(GraphemeClusters.ends(in: []) == [])
  }
}
