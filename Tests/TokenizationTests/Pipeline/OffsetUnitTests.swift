import Testing

@testable import Tokenization

@Suite("Units of offsets")
struct OffsetUnitTests {
  @Test("Whole characters are counted as Swift's strings count them, ill-formed bytes too")
  func counts() {
    for seed in UInt64(1)...500 {
      var generator = SeededGenerator(seed: seed)
      var text: [UInt8] = []
      for _ in 0..<Int.random(in: 0...12, using: &generator) {
        let part = ["a", "é", "字", "😀", "\u{301}", " "].randomElement(using: &generator) ?? ""
        text += Array(part.utf8)
        if seed % 2 == 0 { text.append(UInt8.random(in: 0...255, using: &generator)) }
      }
      let string = String(decoding: text, as: UTF8.self)
      text.withUnsafeBufferPointer { text in
        for unit in OffsetUnit.allCases {
          var converter = OffsetConverter(text, unit)
          let whole = converter.converted(0..<text.count)
          let count =
            unit == .bytes
            ? text.count : unit == .scalars ? string.unicodeScalars.count : string.utf16.count
          #expect(whole == 0..<count, "seed \(seed)")
        }
      }
    }
  }

  @Test("A range has all of the characters that it begins or ends in")
  func ranges() {
    let text = Array("aé😀".utf8) + [0xFF, 0x62]
    func ranges(_ unit: OffsetUnit, _ ranges: [Range<Int>]) -> [Range<Int>] {
      text.withUnsafeBufferPointer { text in
        var converter = OffsetConverter(text, unit)
        return ranges.map { converter.converted($0) }
      }
    }
    let bytes = [0..<1, 1..<2, 2..<3, 3..<4, 4..<7, 6..<8, 7..<8, 8..<9, 9..<9]
    #expect(text.count == 9)
    #expect(ranges(.bytes, bytes) == bytes)
    #expect(
      ranges(.scalars, bytes) == [0..<1, 1..<2, 1..<2, 2..<3, 2..<3, 2..<4, 3..<4, 4..<5, 5..<5])
    #expect(
      ranges(.utf16, bytes) == [0..<1, 1..<2, 1..<2, 2..<4, 2..<4, 2..<5, 4..<5, 5..<6, 6..<6])
    // Ranges that do not ascend are right, too.
    #expect(ranges(.utf16, [7..<8, 0..<1, 3..<7]) == [4..<5, 0..<1, 2..<4])
  }
}
