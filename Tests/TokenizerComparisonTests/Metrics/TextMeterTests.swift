import Testing

@testable import TokenizerComparison

@Suite("Text meter")
struct TextMeterTests {
  private func words(_ text: String) -> [String] {
    let bytes = Array(text.utf8)
    let meter = TextMeter()
    #expect(bytes.withUnsafeBufferPointer { meter.read($0) })
    return meter.words.map { String(decoding: bytes[$0.start..<$0.end], as: UTF8.self) }
  }

  @Test("Words are what word breaks bound, without blanks and signs")
  func words() {
    #expect(
      words("Don't stop: 3.14 km, über-große Häuser!") == [
        "Don't", "stop", "3.14", "km", "über", "große", "Häuser",
      ])
    #expect(words("我们在北京大学学习") == ["我们", "在", "北京", "大学", "学习"])
    #expect(words("👍🏽 ... \n") == [])
    #expect(words("") == [])
  }

  @Test("A text in pieces has the words of the whole")
  func pieces() {
    let line = "Größe 東京 we're 12,5 \u{301}x\r\n"
    let text = String(repeating: line, count: 5000)
    let expected = Array(repeatElement(words(line), count: 5000).joined())
    #expect(words(text) == expected)
  }

  @Test("A text without line ends is one piece")
  func longLine() {
    #expect(words(String(repeating: "a b ", count: 40_000)).count == 80_000)
  }

  @Test("Characters are bytes that are none of 80 to BF, wide ones those that such bytes follow")
  func characters() {
    for (bytes, characters, wide, isUTF8) in [
      ([], 0, 0, true), ([0x61, 0x62], 2, 0, true), (Array("aé東👍".utf8), 4, 3, true),
      ([0x80, 0x80], 0, 0, false), ([0xE6, 0x9D, 0x61, 0xC3], 3, 1, false),
    ] as [([UInt8], Int, Int, Bool)] {
      let meter = TextMeter()
      #expect(bytes.withUnsafeBufferPointer { meter.read($0) })
      #expect(meter.characters == characters)
      #expect(meter.wideCharacters == wide)
      #expect(meter.isUTF8 == isUTF8)
    }
  }

  @Test("Groups of three begin at the right of a run of digits")
  func groups() {
    for (text, count) in [("1", 0), ("123", 0), ("1234", 1), ("123456 1234567x1", 3)] {
      let meter = TextMeter()
      #expect(Array(text.utf8).withUnsafeBufferPointer { meter.read($0) })
      #expect(meter.groupBorders == count)
    }
  }
}
