import Testing

@testable import toktrain

@Suite("Suggestions")
struct SuggestionTests {
  static let verbs = ["bpe", "encode", "decode", "inspect", "help"]

  @Test(
    "The nearest word is suggested, and none when nothing is near",
    arguments: [
      ("encdoe", "encode"), ("decod", "decode"), ("inspekt", "inspect"), ("bep", "bpe"),
      ("encodes", "encode"), ("insp", "inspect"), ("frobnicate", nil), ("x", nil), ("", nil),
      ("bpe", nil),
    ] as [(String, String?)])
  func nearest(word: String, expected: String?) {
    #expect(Suggestion.nearest(to: word, among: Self.verbs) == expected)
  }

  @Test("Distance counts insertions, deletions, replacements and swaps")
  func distance() {
    func distance(_ a: String, _ b: String) -> Int {
      Suggestion.editDistance(Array(a.utf8), Array(b.utf8))
    }
    #expect(distance("", "abc") == 3)
    #expect(distance("abc", "abc") == 0)
    #expect(distance("abcd", "acbd") == 1)
    #expect(distance("kitten", "sitting") == 3)
  }
}
