import Testing
import Tokenization

@testable import TokenizerTraining

@Suite("Rules of pieces")
struct PieceRulesTests {
  /// Every combination of the flags.
  private static let allRules: [PieceRules] = {
    var all: [PieceRules] = []
    for whitespace in [SentencePieceCuts.Whitespace.begins, .ends, .free] {
      for flags in 0..<32 {
        var rules = PieceRules()
        rules.cuts = SentencePieceCuts(
          whitespace: whitespace, splitsScripts: flags & 1 != 0, splitsNumbers: flags & 2 != 0,
          splitsDigits: flags & 4 != 0)
        rules.allowsWhitespaceOnly = flags & 8 != 0
        rules.putsSpacesBehindWords =
          whitespace == .ends || (whitespace == .free && flags & 16 != 0)
        rules.maximumLength = 8
        all.append(rules)
      }
    }
    return all
  }()

  @Test("The defaults allow one script, and the mark of a blank first")
  func defaults() {
    let rules = PieceRules()
    for text in ["a", "ab", "▁a", "▁", "1.5", "漢かカー", "e\u{301}x", "\u{301}a", "\t"] {
      #expect(rules.allow(text.unicodeScalars.map(\.value)), "\(text)")
    }
    for text in ["", "a▁", "a▁b", "▁▁", "1a", "a-", "aб", "a\u{1F}", "a\u{0}", "a b"] {
      #expect(!rules.allow(text.unicodeScalars.map(\.value)), "\(text)")
    }
    #expect(!rules.allow(Array(repeating: 0x61, count: 17)))
  }

  @Test("Two pieces may be one exactly where the rules allow the whole", arguments: 0..<20)
  func joins(seed: Int) {
    var random = SplitMix(state: UInt64(seed))
    let characters = "▁ab1２б\u{301}漢か-.\u{1F}".unicodeScalars.map(\.value)
    for rules in Self.allRules {
      var joins = PieceJoins(characters, rules)
      var texts = characters.map { [$0] }
      for _ in 0..<100 {
        let left = random.below(texts.count)
        let right = random.below(texts.count)
        let joined = texts[left] + texts[right]
        guard joined.count <= rules.maximumLength else { continue }
        let allowed = joins.allow(left, right)
        #expect(
          allowed == rules.allow(joined),
          "seed \(seed), \(rules): \(joined.map { String($0, radix: 16) })")
        if allowed {
          joins.merge(left, right)
          texts.append(joined)
        }
      }
    }
  }
}

@Suite("Required characters")
struct RequiredCharactersTests {
  private func required(
    _ counts: [(Character, UInt64)], coverage: Float, listed: String = ""
  ) -> RequiredCharacters {
    RequiredCharacters(
      of: counts.map {
        CountedCharacter(scalar: $0.0.unicodeScalars.first?.value ?? 0, count: $0.1)
      }, coverage: coverage, listed: listed.unicodeScalars.map(\.value))
  }

  @Test("The most frequent are taken until the text is covered")
  func coverage() {
    let some = required([("a", 90), ("b", 5), ("c", 5), ("d", 1)], coverage: 0.98)
    #expect(some.characters.map(\.scalar) == [0x61, 0x62, 0x63])
    #expect(some.leftOut == .init(characters: 1, occurrences: 1))
    #expect(required([("a", 90), ("b", 1)], coverage: 1).characters.count == 2)
  }

  @Test("Listed ones come first, even if they do not occur")
  func listed() {
    let some = required([("a", 99), ("b", 1)], coverage: 0.98, listed: "zb")
    #expect(some.characters.map(\.scalar) == [0x61, 0x62, 0x7A])
  }

  @Test("The boundary covers text but is no piece")
  func boundary() {
    let some = required([("\u{1F}", 99), ("a", 1)], coverage: 0.98)
    #expect(some.characters.isEmpty)
  }
}
