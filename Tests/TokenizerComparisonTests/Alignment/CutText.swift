import Primitives

@testable import TokenizerComparison

/// Texts that are cut as a test says it.
enum CutText {
  /// Tokens from a text with bars: "a|b" has two.
  static func tokens(_ text: String) -> [SampleToken] {
    var start = 0
    return text.utf8.split(separator: UInt8(ascii: "|")).enumerated().map { place, bytes in
      defer { start += bytes.count }
      return SampleToken(
        id: UInt32(place), bytes: Array(bytes), start: start, end: start + bytes.count)
    }
  }

  static func alignment(_ sides: String...) -> TextAlignment {
    TextAlignment(Array(sides[0].utf8.filter { $0 != UInt8(ascii: "|") }), sides.map(tokens))
  }

  /// Characters that are hard on a terminal, and easy ones.
  private static let characters = [
    "a", "b", "word", " ", "\n", "\t", "\u{1B}[2J", "é", "e\u{301}", "\u{301}", "東", "京", "한",
    "\u{1112}\u{1161}\u{11AB}", "👨\u{200D}👩\u{200D}👧", "🇩🇪", "नि", "\u{202E}", "\\", "|", "^", "␣",
    "\u{E0041}", "ﬁ", "👍🏽", "\u{0}", "=", "\u{9B}",
  ]

  /// A text of some of them, with bytes that are not UTF-8 among them.
  static func random(_ random: inout RandomSequence, length: Int) -> [UInt8] {
    (0..<length).flatMap { _ -> [UInt8] in
      let choice = Int(random.next()) % (characters.count + 1)
      return choice < characters.count ? Array(characters[choice].utf8) : [0xE6]
    }
  }

  /// Tokens that cut a text anywhere; some text has none, and some tokens overlap.
  static func randomTokens(_ random: inout RandomSequence, of text: [UInt8]) -> [SampleToken] {
    var tokens: [SampleToken] = []
    var start = 0
    while start < text.count {
      let end = min(text.count, start + 1 + Int(random.next() % 6))
      let kind = random.next() % 12
      if kind > 0 {
        for _ in 0...(kind == 1 ? 2 : 0) {
          tokens.append(
            SampleToken(
              id: random.next() % 50, bytes: Array(text[start..<end]), start: start, end: end))
        }
      }
      if kind == 2 { tokens.append(SampleToken(id: 3, bytes: [0x20], start: end, end: end)) }
      start = end
    }
    return tokens
  }
}
