import Testing

@testable import Primitives

@Suite("Visible text")
struct VisibleTextTests {
  @Test(
    "What a terminal would act on or hide is escaped, the rest stays",
    arguments: [
      ("Hello, wörld 東京 😀", "Hello,␣wörld␣東京␣😀"),
      ("\u{1B}[2J\u{7}", "\\u{1B}[2J\\u{7}"),
      ("a\nb\tc\rd", "a\\nb\\tc\\rd"),
      ("\u{202E}x\u{200B}\u{FEFF}\u{E0041}\u{9B}", "\\u{202E}x\\u{200B}\\u{FEFF}\\u{E0041}\\u{9B}"),
      ("back\\slash ␣", "back\\\\slash␣\\u{2423}"),
      ("\u{301}e\u{301}\u{302}", "\\u{301}e\u{301}\\u{302}"),
      ("\u{A0}\u{3000}\u{2028}\u{115F}", "\\u{A0}\\u{3000}\\u{2028}\\u{115F}"),
      ("", ""),
    ])
  func tokens(text: String, shown: String) {
    #expect(Array(VisibleText.token(Array(text.utf8)[...]).utf8) == Array(shown.utf8))
  }

  @Test("Bytes that are not UTF-8 show one by one")
  func bytes() {
    #expect(VisibleText.token([0xE6, 0x9D]) == "\\xE6\\x9D")
    #expect(VisibleText.path(Array("caf".utf8) + [0xE9, 0x20, 0x41]) == "caf\\xE9 A")
    #expect(VisibleText.token([0xED, 0xA0, 0x80, 0xC0, 0xAF]) == "\\xED\\xA0\\x80\\xC0\\xAF")
  }

  @Test("Different tokens never show alike")
  func unambiguous() {
    var seen: [[UInt8]: [UInt8]] = [:]
    for first in UInt8.min...UInt8.max {
      for rest in [[], [0x80], [0x5C, 0x6E], [0x20], [0xA0, 0x80]] as [[UInt8]] {
        let token = [first] + rest
        let shown = Array(VisibleText.token(token[...]).utf8)
        #expect(seen[shown] == nil, "\(token) and \(seen[shown] ?? []) both show as \(shown)")
        seen[shown] = token
      }
    }
  }
}
