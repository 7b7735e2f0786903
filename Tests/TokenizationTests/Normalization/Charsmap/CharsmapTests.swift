import Testing

@testable import Tokenization

@Suite struct CharsmapTests {
  /// Rules whose keys share ends, begin one another, and reach through all lengths of UTF-8.
  private static let small: [[UInt8]: [UInt8]] = Dictionary(
    uniqueKeysWithValues: [
      ("a", "b"), ("ab", ""), ("abc", "x y"), ("é", "e"), ("かきく", "kkk"), ("😀", ":)"),
      ("b\u{301}", "ß"), ("é\u{301}", "e"),
    ].map { (Array($0.utf8), Array($1.utf8)) })

  @Test("what was compiled reads back")
  func roundTrip() throws {
    let charsmap = try Charsmap(rules: ruleFile(Self.small))
    #expect(decompiled(charsmap) == Self.small)
    #expect(try Charsmap(precompiled: charsmap.precompiled) == charsmap)
    #expect(try Charsmap(precompiled: []) == .identity)
  }

  @Test("no truncation traps, and none is taken for the whole")
  func truncations() throws {
    let whole = try Charsmap(rules: ruleFile(Self.small)).precompiled
    for length in 1..<whole.count {
      let map = try? Charsmap(precompiled: Array(whole[..<length]))
      // Cut within the strings, the last replacement may still be one.
      if let map, length > 4 { #expect(decompiled(map) != Self.small || length == whole.count - 1) }
      if length < 4 + 256 * 4 { #expect(map == nil) }
    }
  }

  @Test("flipped bits give an error or rules that any text may meet", arguments: [21, 22])
  func flips(seed: UInt64) throws {
    let whole = try Charsmap(rules: ruleFile(Self.small)).precompiled
    let used = whole.indices.filter { $0 < 4 || whole[$0] != 0 }
    var random = SeededRandom(seed: seed)
    var errors: [String: Int] = [:]
    for _ in 0..<500 {
      var broken = whole
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        broken[used[Int.random(in: 0..<used.count, using: &random)]] ^=
          1 << UInt8.random(in: 0..<8, using: &random)
      }
      do throws(CharsmapError) {
        let charsmap = try Charsmap(precompiled: broken)
        var subject = try SentencePieceSubject(SentencePieceNormalization(.charsmap(charsmap)))
        for _ in 0..<10 {
          let text = (0..<20).map { _ in UInt8.random(in: 0...255, using: &random) }
          _ = subject.normalize(text + Array("abcé\u{301}かきく😀".utf8), recordingEdits: true)
        }
        let rules = decompiled(charsmap)
        #expect(rules.keys.allSatisfy { String(validating: $0, as: UTF8.self) != nil })
        #expect(rules.values.allSatisfy { String(validating: $0, as: UTF8.self) != nil })
      } catch {
        errors["\(error)".prefix { $0 != " " }.description, default: 0] += 1
      }
    }
    #expect(!errors.isEmpty)
  }

  /// A trie of few units, to be broken by hand: the key "a" for the offset 0, then "x" NUL.
  private static func form(_ units: [Int: UInt32], strings: [UInt8] = [0x78, 0]) -> [UInt8] {
    var all = [UInt32](repeating: 0x8000_0000, count: 256)
    // The children of the root stand at 1 ^ label, those of "a" at 0x60 ^ 0x80 ^ label.
    all[0] = 1 << 10
    all[0x60] = 0x61 | 1 << 8 | 0x80 << 10
    all[0xE0] = 0x8000_0000
    for (index, unit) in units { all[index] = unit }
    return ([1024] + all).flatMap { unit in
      (0..<4).map { UInt8(truncatingIfNeeded: unit >> UInt32($0 * 8)) }
    } + strings
  }

  @Test("each defect is named with its place")
  func defects() throws {
    #expect(decompiled(try Charsmap(precompiled: Self.form([:]))) == [[0x61]: [0x78]])
    func expect(_ error: CharsmapError, _ form: [UInt8]) {
      #expect(throws: error) { try Charsmap(precompiled: form) }
      #expect(!"\(error)".isEmpty)
    }
    expect(.trieSize(declared: 0, available: -3), [1])
    expect(.trieSize(declared: 0, available: 0), [0, 0, 0, 0])
    expect(.trieSize(declared: 9, available: 2), [9, 0, 0, 0, 1, 2])
    expect(.transitionOutOfRange(unit: 0), Self.form([0: 300 << 10]))
    expect(.transitionOutOfRange(unit: 0x60), Self.form([0x60: 0x61 | 1 << 8 | 0x180 << 10]))
    expect(.missingReplacement(unit: 0x60), Self.form([0xE0: 7]))
    expect(.replacementOutOfRange(unit: 0x60, offset: 3), Self.form([0xE0: 0x8000_0003]))
    expect(.replacementNotUTF8(offset: 0), Self.form([:], strings: [0xFF, 0]))
    expect(
      .replacementTooLong(offset: 0), Self.form([:], strings: Array(repeating: 0x78, count: 1025)))
    // The key E3, no character.
    expect(
      .ruleNotUTF8(unit: 0xE2), Self.form([0xE2: 0xE3 | 1 << 8 | 0x12 << 10, 0xF0: 0x8000_0000]))
    // "b" is its own child.
    expect(.ruleTooLong(unit: 0x63), Self.form([0x63: 0x62 | 0x62 << 10]))
    // The root is its own child, by NUL.
    expect(.ruleTooLong(unit: 0), Self.form([0: 1 << 8]))
    // Nor may a lead byte be followed by a letter.
    expect(
      .ruleNotUTF8(unit: 0x10),
      Self.form([0xE2: 0xE3 | 0x93 << 10, 0x10: 0x61 | 1 << 8 | 0x01 << 10, 0x11: 0x8000_0000]))
    // The last replacement may end with the form.
    #expect(
      decompiled(try Charsmap(precompiled: Self.form([:], strings: [0x79]))) == [[0x61]: [0x79]])
  }

  @Test("nothing leads to what no rule passes, so no text can wander there")
  func deadBranches() throws {
    // "c" leads nowhere, NUL to where no text goes on.
    let form = Self.form([0x62: 0x63 | 0x40 << 10, 1: 0x40 << 10])
    let charsmap = try Charsmap(precompiled: form)
    #expect(charsmap.rules?.trie.units[0x62] == 0x63 | 0x40 << 10 | DoubleArray.valueMark)
    var subject = try SentencePieceSubject(.rulesOnly(.charsmap(charsmap)))
    #expect(subject.normalize([0x63, 0, 0, 0x61, 0]) == [0x63, 0, 0, 0x78, 0])
  }

  @Test("a million characters that nearly match the longest rule take time linear in them")
  func repeatedPrefix() throws {
    let key = Array(repeating: UInt8(ascii: "a"), count: 1023) + [UInt8(ascii: "b")]
    let charsmap = try Charsmap(rules: ruleFile([key: [0x78]]))
    var subject = try SentencePieceSubject(.rulesOnly(.charsmap(charsmap)))
    let text = [UInt8](repeating: UInt8(ascii: "a"), count: 5_000)
    #expect(subject.normalize(text) == text)
    #expect(subject.normalize(text + [0x62]) == text.dropLast(1023) + [0x78])
  }
}
