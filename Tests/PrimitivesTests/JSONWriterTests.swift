import Primitives
import Testing

@Suite("JSON writer")
struct JSONWriterTests {
  @Test("Escapes are those of serde_json")
  func escapes() {
    var writer = JSONWriter(layout: .compact)
    writer.string([0, 8, 9, 10, 12, 13, 0x1F, 0x22, 0x2F, 0x5C, 0x7F] + Array("é字".utf8))
    let expected = #""\u0000\b\t\n\f\r\u001f\"/\\"# + "\u{7F}é字\""
    #expect(String(decoding: writer.bytes, as: UTF8.self) == expected)
  }

  @Test("Bytes that are not UTF-8 become replacement characters, all others stay")
  func illFormed() {
    for (bytes, expected) in [
      ([0x61, 0xFF, 0x62], "\"a\u{FFFD}b\""), ([0xED, 0xA0, 0x80], "\"\u{FFFD}\u{FFFD}\u{FFFD}\""),
      ([0xE2, 0x82], "\"\u{FFFD}\""), ([0xF4, 0x8F, 0xBF, 0xBF], "\"\u{10FFFF}\""),
      ([0xE0, 0x9F, 0x80], "\"\u{FFFD}\u{FFFD}\u{FFFD}\""),
    ] as [([UInt8], String)] {
      var writer = JSONWriter(layout: .compact)
      writer.string(bytes)
      #expect(writer.bytes == Array(expected.utf8))
    }
  }

  private func sample(_ layout: JSONWriter.Layout) -> String {
    var writer = JSONWriter(layout: layout)
    writer.object { file in
      file.key("empty")
      file.object { _ in }
      file.key("list")
      file.array { list in
        list.integer(-7)
        list.null()
        list.boolean(true)
        list.array { _ in }
        list.array { $0.number(0.25) }
      }
      file.key(Array("clé".utf8))
      file.string("x")
    }
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  @Test("The pretty layout is that of serde_json")
  func pretty() {
    #expect(
      sample(.pretty) == """
        {
          "empty": {},
          "list": [
            -7,
            null,
            true,
            [],
            [
              0.25
            ]
          ],
          "clé": "x"
        }
        """)
  }

  @Test("The compact layout has no white space")
  func compact() {
    #expect(sample(.compact) == #"{"empty":{},"list":[-7,null,true,[],[0.25]],"clé":"x"}"#)
  }

  @Test("Deep nesting is indented beyond any fixed width")
  func deep() {
    func nest(_ writer: inout JSONWriter, _ depth: Int) {
      if depth > 0 { writer.array { nest(&$0, depth - 1) } } else { writer.integer(1) }
    }
    var writer = JSONWriter(layout: .pretty)
    nest(&writer, 50)
    let lines = writer.bytes.split(separator: 10)
    #expect(lines[50] == ArraySlice(repeatElement(0x20, count: 100) + [0x31]))
    #expect(lines.count == 101)
  }

  @Test("What is written reads back")
  func roundTrip() throws {
    let document = try JSONDocument(parsing: Array(sample(.pretty).utf8))
    let list = try #require(document.root["list"]?.elements)
    #expect(list.count == 5)
    #expect(list.map(\.integer) == [-7, nil, nil, nil, nil])
    #expect(document.root["clé"]?.isString("x") == true)
    #expect(list.map(\.isNull) == [false, true, false, false, false])
  }

  @Test(
    "Numbers are written as serde_json writes them",
    arguments: [
      (0, "0.0"), (-0.0, "-0.0"), (1e-5, "0.00001"), (1.5e-5, "0.000015"), (1e-6, "1e-6"),
      (-1.25e-7, "-1.25e-7"), (1e15, "1000000000000000.0"), (-1e16, "-1e+16"), (1.5e16, "1.5e+16"),
      (1_234_567_890_123_456.7, "1234567890123456.8"), (123_456.75, "123456.75"),
      (9_007_199_254_740_992, "9007199254740992.0"),
      (1.2345678901234568e17, "1.2345678901234568e+17"),
      (.leastNonzeroMagnitude, "5e-324"), (1.7e308, "1.7e+308"), (-3, "-3.0"), (.infinity, "null"),
      (.nan, "null"),
    ] as [(Double, String)])
  func numbers(value: Double, text: String) {
    var writer = JSONWriter(layout: .compact)
    writer.number(value)
    #expect(String(decoding: writer.bytes, as: UTF8.self) == text)
  }

  @Test("Numbers are read as serde_json reads them")
  func reading() {
    // As tokenizers 0.23.3 writes them again.
    for (value, read) in [
      (-3.9131507873535156, -3.913150787353515), (-3.9742844104766846, -3.974284410476685),
      (-7.7101874351501465, -7.710187435150147), (-10000, -10000), (0, 0), (0.1, 0.1), (1e22, 1e22),
      (1.7e308, 1.7e308), (-.infinity, -.infinity),
    ] as [(Double, Double)] {
      #expect(JSONNumber.asReadBySerde(value) == read)
    }
  }
}
