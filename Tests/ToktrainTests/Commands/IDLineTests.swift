import Testing

@testable import toktrain

@Suite("Lines of ids")
struct IDLineTests {
  private func parse(_ text: String, count: Int = 300) throws -> [UInt32] {
    try IDLine.parse(Array("xx\(text)".utf8)[2...], count: count)
  }

  @Test("Blanks, tabs and carriage returns separate, any number of them")
  func blanks() throws {
    #expect(try parse("") == [])
    #expect(try parse(" \t ") == [])
    #expect(try parse("1") == [1])
    #expect(try parse("  1 \t 299  007\r") == [1, 299, 7])
  }

  @Test("What is no id is named with its place, counted from 1")
  func malformed() {
    for (text, word, column) in [
      ("1 x 2", "x", 3), ("-1", "-1", 1), ("1,2", "1,2", 1), ("  300", "300", 3),
      ("1 99999999999999999999999", "99999999999999999999999", 3), ("4 \u{0663}", "\u{0663}", 3),
    ] {
      #expect(throws: IDLine.Malformed(word: Array(word.utf8), column: column)) {
        try parse(text)
      }
    }
  }
}
