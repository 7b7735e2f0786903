import Testing

@testable import TokenizerTraining

@Suite("Needles")
struct NeedlesTests {
  private func all(_ needles: [String], in text: String) -> [Range<Int>] {
    let needles = Needles(needles.map { Array($0.utf8) })
    var found: [Range<Int>] = []
    var start = 0
    Array(text.utf8).withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return }
      while let next = needles.next(in: base, from: start, to: bytes.count) {
        found.append(next)
        start = next.upperBound
      }
    }
    return found
  }

  @Test("The leftmost is taken, and of those that begin together the longest")
  func order() {
    #expect(all(["ab", "abc", "c"], in: "xabcxabxc") == [1..<4, 5..<7, 8..<9])
    #expect(all(["aa"], in: "aaaaa") == [0..<2, 2..<4])
    #expect(all([], in: "abc").isEmpty)
    #expect(all(["<s>"], in: "<<s>").map(\.lowerBound) == [1])
  }

  @Test("A place inside any occurrence is spanned, its edges are not")
  func spans() {
    let needles = Needles([Array("<s>".utf8)])
    let text = Array("a<s>b".utf8)
    let spanned = text.withUnsafeBufferPointer { bytes in
      (0...5).filter { place in
        bytes.baseAddress.map { needles.anySpans(place, in: $0, count: 5) } ?? false
      }
    }
    #expect(spanned == [2, 3])
  }
}
