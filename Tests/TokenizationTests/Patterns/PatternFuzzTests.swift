import Testing

@testable import Tokenization

/// Whatever stands in a pattern, it is compiled or refused by an error: a trap ends the whole run.
@Suite("Any text as a pattern") struct PatternFuzzTests {
  static let words = [
    "(", ")", "[", "]", "{", "}", "|", "*", "+", "?", "^", "$", ".", "\\", "-", "&&", "--", "~~",
    ",",
    "(?:", "(?=", "(?!", "(?<=", "(?<!", "(?>", "(?i)", "(?i:", "(?-i:", "(?x:", "(?#", "(?<n>",
    "(?P<n>",
    "(?'n'", "\\k<n>", "\\k<-1>", "\\1", "\\p{L}", "\\P{", "\\p{^Han}", "\\p{Script=Greek}",
    "\\x{10ffff}",
    "\\x{110000}", "\\x{", "\\x4", "\\u00e9", "\\u", "\\377", "\\cA", "\\C-a", "\\M-a",
    "[[:alpha:]]",
    "[:^punct:]", "[[:", "[^", "\\b", "\\B", "\\A", "\\z", "\\Z", "\\G", "\\K", "\\R", "\\X", "\\h",
    "\\H", "\\N",
    "\\O", "\\w", "\\s", "\\d", "{1,3}", "{3,1}", "{,2}", "{2,}", "{0}", "{,}", "{1000000}",
    "{99999999999999999999}", "??", "*+", "a", "b", "s", "ß", "ſ", "é", "中", "0", "9", "\n", " ",
    "#", "'",
    "\u{0}", "\u{301}", "\u{FFFD}", "\u{10FFFF}", "z-a", "a-", "\\w-a", "\u{FB06}",
  ]

  /// A text of one of three kinds: bytes, words of the syntax, a good pattern with errors in it.
  static func text(_ random: inout RandomPatterns) -> String {
    switch random.below(3) {
    case 0:
      let bytes = (0..<random.below(24)).map { _ in UInt8(random.below(256)) }
      return String(decoding: bytes, as: UTF8.self)
    case 1: return (0..<random.below(14)).map { _ in random.pick(words) }.joined()
    default:
      var scalars = Array(random.pattern().unicodeScalars)
      for _ in 0...random.below(4) {
        let place = random.below(scalars.count + 1)
        let inserted = Array(random.pick(words).unicodeScalars)
        let removed = min(random.below(3), scalars.count - place)
        scalars.replaceSubrange(place..<(place + removed), with: inserted)
      }
      return String(String.UnicodeScalarView(scalars))
    }
  }

  /// Whether an error's place lies in the pattern and it can be said.
  static func isSound(_ error: PatternError, _ source: SplitPattern) -> Bool {
    switch error {
    case .malformed(let offset, _), .refused(let offset, _):
      (0...source.text.unicodeScalars.count).contains(offset) && !error.description.isEmpty
    default: !error.description.isEmpty
    }
  }

  @Test("It compiles or is an error whose place lies in it", arguments: Array(0..<8))
  func compiles(block: UInt64) throws {
    var compiled = 0
    for seed in (block * 250)..<(block * 250 + 250) {
      var random = RandomPatterns(seed: seed)
      let source = SplitPattern(
        Self.text(&random), dialect: random.below(2) == 0 ? .huggingFace : .tiktoken)
      let comment = Comment("seed \(seed): \(source.text.debugDescription) \(source.dialect)")
      _ = source.huggingFaceText
      let text = PatternPropertyTests.bytes(random.text(longest: 40))
      do throws(PatternError) {
        let pattern = try CompiledPattern(source)
        let ends = PatternPropertyTests.markedEnds(pattern, text, 0, text.count)
          .map { $0 & ~CompiledPattern.matchMark }
        #expect(zip(ends, ends.dropFirst()).allSatisfy { $0 <= $1 }, comment)
        #expect(ends.last.map(Int.init) ?? 0 == text.count, comment)
        compiled += 1
      } catch {
        #expect(Self.isSound(error, source), comment)
      }
      do throws(PatternError) {
        let matcher = ICUMatcher(try ICUPattern(source))
        var ends = [UInt32](repeating: 0, count: 2 * text.count + 1)
        let count = try matcher.pieceEnds(of: text, from: 0, to: text.count, into: &ends)
        #expect(count <= ends.count, comment)
      } catch {
        #expect(Self.isSound(error, source), comment)
      }
    }
    #expect(compiled > 20, "seeds from \(block * 250)")
  }
}
