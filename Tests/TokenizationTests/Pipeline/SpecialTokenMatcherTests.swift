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
    // Letters of Unicode 16, and of 17.
    #expect(matches([word], "\u{A7DA}ab ab\u{1C89}") == [])
    #expect(matches([word], "\u{88F}ab ab\u{A7CE}") == ["1:ab", "1:ab"])
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
    var word = token(2, "ab")
    word.isSpecial = false
    let bytes = Array("ab<ab>ab".utf8)
    let matcher = SpecialTokenMatcher([token(1, "<ab>"), word]).hidingSpecialTokens
    #expect(!matcher.isEmpty)
    #expect(SpecialTokenMatcher([token(1, "<ab>")]).hidingSpecialTokens.isEmpty)
    let second = bytes.withUnsafeBufferPointer {
      matcher.firstMatch(in: $0, from: 2, floor: 2)?.range
    }
    #expect(second == 6..<8)
  }

  @Test("Random tokens in random texts are those that a look at every place finds")
  func random() {
    for seed in UInt64(1)...3000 {
      var generator = SeededGenerator(seed: seed)
      let letters = Array((seed % 2 == 0 ? "ab" : "abc ").utf8)
      func text(_ longest: Int) -> [UInt8] {
        (0..<Int.random(in: 1...longest, using: &generator)).map { _ in
          letters.randomElement(using: &generator) ?? 0
        }
      }
      let tokens = (0..<TokenID.random(in: 1...8, using: &generator)).map { id in
        SpecialToken(
          id: id, content: text(6), singleWord: id % 5 == 4, stripsLeft: id % 3 == 1,
          stripsRight: id % 4 == 3)
      }
      let bytes = text(60)
      let matcher = SpecialTokenMatcher(tokens)
      var found: [SpecialTokenMatcher.Match] = []
      bytes.withUnsafeBufferPointer { bytes in
        var (start, floor) = (0, 0)
        while let match = matcher.firstMatch(in: bytes, from: start, floor: floor) {
          found.append(match)
          (start, floor) = (match.next, match.range.upperBound)
        }
      }
      #expect(found == NaiveTokenSearch(tokens).matches(in: bytes), "seed \(seed)")
    }
  }

  @Test("First bytes are found in texts of any length, few or many")
  func firstBytes() {
    for members in ["<", "<[", "<[b", "<[bcd"].map({ Set($0.utf8) }) {
      let scan = FirstByteScan(members)
      for count in 0...40 {
        for place in 0...count {
          var text = [UInt8](repeating: 0x20, count: count)
          if place < count { text[place] = members.sorted()[place % members.count] }
          let found = text.withUnsafeBufferPointer { text in
            (0...count).map { scan.next(in: text, from: $0) }
          }
          #expect(found == (0...count).map { $0 <= place ? place : count })
        }
      }
    }
    #expect([1, 2].withUnsafeBufferPointer { FirstByteScan([]).next(in: $0, from: 0) } == 2)
  }

  @Test("A hundred thousand tokens, and blanks that each takes along, cost no more than a few")
  func many() {
    let tokens = (0..<100_000).map { token(TokenID($0), "<word \($0)>") }
    let matcher = SpecialTokenMatcher(tokens)
    let text = Array(String(repeating: "<word 7> <word <word 99999>", count: 20_000).utf8)
    let ids = text.withUnsafeBufferPointer { text in
      var ids: [TokenID] = []
      var start = 0
      while let match = matcher.firstMatch(in: text, from: start, floor: start) {
        ids.append(match.id)
        start = match.next
      }
      return ids
    }
    #expect(ids.count == 40_000 && ids.prefix(2) == [7, 99_999])
    var blank = token(1, " ")
    blank.stripsRight = true
    let blanks = [UInt8](repeating: 0x20, count: 1_000_000)
    let count = blanks.withUnsafeBufferPointer { text in
      let matcher = SpecialTokenMatcher([blank])
      var (count, start, floor) = (0, 0, 0)
      while let match = matcher.firstMatch(in: text, from: start, floor: floor) {
        count += 1
        (start, floor) = (match.next, match.range.upperBound)
      }
      return count
    }
    #expect(count == 1_000_000)
  }
}

/// Looks at every place for every token.
private struct NaiveTokenSearch {
  let tokens: [SpecialToken]

  init(_ tokens: [SpecialToken]) { self.tokens = tokens }

  func matches(in text: [UInt8]) -> [SpecialTokenMatcher.Match] {
    var found: [SpecialTokenMatcher.Match] = []
    var (place, floor) = (0, 0)
    while place < text.count {
      // Of equal texts the first one, of others the longest.
      let here = tokens.filter { text[place...].starts(with: $0.content) }
      guard let length = here.map(\.content.count).max(),
        let token = here.first(where: { $0.content.count == length })
      else {
        place += 1
        continue
      }
      let start = place
      place += length
      if token.singleWord && !(isEdge(text, start - 1) && isEdge(text, place)) { continue }
      var (lower, upper) = (start, place)
      if token.stripsLeft {
        while lower > 0, text[lower - 1] == 0x20 { lower -= 1 }
        lower = max(lower, floor)
      }
      if token.stripsRight { while upper < text.count, text[upper] == 0x20 { upper += 1 } }
      found.append(
        SpecialTokenMatcher.Match(
          range: lower..<max(lower, upper), id: token.id, next: place))
      floor = max(lower, upper)
    }
    return found
  }

  private func isEdge(_ text: [UInt8], _ place: Int) -> Bool {
    !text.indices.contains(place) || text[place] == 0x20
  }
}
