import Testing

@testable import Tokenization

@Suite struct CharacterMapTests {
  static let maps: [CharacterMap] = {
    let all: CharacterMap.Rules = [.clean, .spaceIdeographs, .stripAccents, .lower]
    let rules: [CharacterMap.Rules] = [.fold, .stripMarks, .nmt, all, [.spaceIdeographs]]
    return rules.flatMap { rules in
      UnicodeData.allCases.map { CharacterMap(rules: rules, unicode: $0) }
    }
  }()

  /// The rules by their letter: decompose all, order the marks, reduce all.
  static func oracle(_ map: CharacterMap, _ text: [UInt8]) -> [UInt8] {
    var units: [(scalar: UInt32, class: UInt8)] = []
    for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
      for part in map.decomposed(scalar.value, CharacterFacts(of: scalar.value)) {
        let combiningClass = map.combiningClass(CharacterFacts(of: part))
        var place = units.count
        while combiningClass != 0, place > 0, units[place - 1].class > combiningClass { place -= 1 }
        units.insert((part, combiningClass), at: place)
      }
    }
    var output: [UInt8] = []
    for unit in units {
      for part in map.reduced(unit.scalar, CharacterFacts(of: unit.scalar)) {
        UTF8Decoding.append(part, to: &output)
      }
    }
    return output
  }

  /// Where characters differ from their neighbors; the comparisons with Hugging Face look at all.
  static let ranges: [Range<UInt32>] = [
    0..<0x3500, 0x4D00..<0x4F00, 0x9F00..<0xAD00, 0xD700..<0xE100, 0xF800..<0x1_2000,
    0x1_6800..<0x1_7000, 0x1_BC00..<0x1_F200, 0x2_A600..<0x2_B900, 0x2_CE00..<0x2_CF00,
    0x2_F800..<0x2_FB00, 0xE_0000..<0xE_0200, 0xF_FF00..<0x10_0100, 0x10_FF00..<0x11_0000,
  ]

  @Test("every code point in context becomes what the rules say", arguments: maps)
  func everyCodePoint(map: CharacterMap) throws {
    var subject = try TestNormalizer(map)
    var wrong: [String] = []
    for first in Self.ranges.joined() where first % 256 == 0 {
      var view = String.UnicodeScalarView()
      for value in first..<first + 256 {
        guard let scalar = Unicode.Scalar(value) else { continue }
        view.append(scalar)
        if value % 2 == 0 { view.append(contentsOf: "Ab".unicodeScalars) }
        if value % 16 == 3 { view.append("\u{301}") }
      }
      let text = Array(String(view).utf8)
      if subject.normalize(text) != Self.oracle(map, text) {
        wrong.append(String(first, radix: 16))
      }
    }
    #expect(wrong.isEmpty)
  }

  @Test("marks that stay are ordered, whatever is dropped between them", arguments: maps)
  func marks(map: CharacterMap) throws {
    // U+302E, U+1D165 and U+1D16D are spacing marks with a class; U+1D160 contains some; U+1E94A is
    // too young for Hugging Face's accents, U+0E31 a dropped starter, U+200D a dropped non-mark.
    let scalars: [Unicode.Scalar] = [
      "a", "É", "\u{301}", "\u{323}", "\u{302E}", "\u{302F}", "\u{1D165}", "\u{1D16D}", "\u{1D160}",
      "\u{1E94A}", "\u{E31}", "\u{200D}", "한", "漢", "\u{F900}", " ", "\n", "\u{1}", "\u{340}",
    ]
    var subject = try TestNormalizer(map)
    var random = SeededRandom(seed: 6)
    for round in 0..<1500 {
      var view = String.UnicodeScalarView()
      for _ in 0..<Int.random(in: 1...10, using: &random) {
        view.append(scalars.randomElement(using: &random) ?? "a")
      }
      let text = Array(String(view).utf8)
      #expect(
        subject.normalize(text) == Self.oracle(map, text), "round \(round): \(view.map(\.value))")
    }
  }

  @Test("capitals of any length of ASCII become small, other bytes stay")
  func ascii() throws {
    var subject = try TestNormalizer(CharacterMap(rules: .lower, unicode: .current))
    for length in [0, 1, 7, 8, 31, 32, 33, 64, 100] {
      let text = (0..<length).map { UInt8(($0 * 7 + 60) % 128) }
      #expect(
        subject.normalize(text) == text.map { (0x41...0x5A).contains($0) ? $0 + 32 : $0 })
    }
    #expect(subject.normalize([0xC1, 0xDA, 0x5B, 0x40, 0xFF]) == [0xC1, 0xDA, 0x5B, 0x40, 0xFF])
  }

  @Test("dropped characters belong to the byte before them, at the start to the first")
  func droppedBytes() throws {
    var subject = try TestNormalizer(CharacterMap(rules: .stripMarks, unicode: .current))
    let text = Array("\u{301}ab\u{301}\u{323}c".utf8)
    #expect(subject.normalize(text, recordingEdits: true) == Array("abc".utf8))
    #expect(subject.sources(resultCount: 3) == [0..<3, 3..<8, 8..<9])
  }
}

extension CharacterMap: CustomTestStringConvertible {
  public var testDescription: String { "rules \(rules.rawValue), \(unicode) data" }
}
