import Testing

@testable import Tokenization

@Suite("Special token matcher")
struct SpecialTokenMatcherTests {
  private func matches(_ tokens: [SpecialToken], _ text: String) -> [String] {
    let matcher = SpecialTokenMatcher(tokens)
    let bytes = Array(text.utf8)
    return bytes.withUnsafeBufferPointer { buffer in
      var found: [String] = []
      var start = 0
      while let match = matcher.firstMatch(in: buffer, from: start, floor: start) {
        found.append("\(match.id):" + String(decoding: bytes[match.range], as: UTF8.self))
        start = match.range.upperBound
      }
      return found
    }
  }

  private func token(_ id: TokenID, _ text: String) -> SpecialToken {
    SpecialToken(id: id, content: Array(text.utf8))
  }

  @Test("The leftmost wins, and of those that begin there the longest")
  func leftmostLongest() {
    let tokens = [token(1, "ab"), token(2, "abcd"), token(3, "bc"), token(4, "abc")]
    #expect(matches(tokens, "xabcdxabcxabxbc") == ["2:abcd", "4:abc", "1:ab", "3:bc"])
    #expect(matches(tokens, "aab") == ["1:ab"])
    #expect(matches(tokens, "a") == [])
    #expect(matches([], "ab") == [])
  }

  @Test("A single word is not taken from inside another")
  func singleWord() {
    var word = token(1, "ab")
    word.singleWord = true
    #expect(matches([word], "ab abc éab ab. _ab 字ab (ab)") == ["1:ab", "1:ab", "1:ab"])
  }

  @Test("Blanks around a token go with it if it strips them, once")
  func strips() {
    var tokenLeft = token(1, "<l>")
    tokenLeft.stripsLeft = true
    var tokenRight = token(2, "<r>")
    tokenRight.stripsRight = true
    #expect(
      matches([tokenLeft, tokenRight], "a \u{3000}\n<l> b <r>\u{A0} <l> ")
        == ["1: \u{3000}\n<l>", "2:<r>\u{A0} ", "1:<l>"])
  }

  @Test("A token that is hidden hides what it contains")
  func hidden() {
    let tokens = [token(1, "<ab>"), token(2, "ab")]
    let bytes = Array("ab<ab>ab".utf8)
    let matcher = SpecialTokenMatcher(tokens, hidden: [1])
    let second = bytes.withUnsafeBufferPointer {
      matcher.firstMatch(in: $0, from: 2, floor: 2)?.range
    }
    #expect(second == 6..<8)
  }
}
