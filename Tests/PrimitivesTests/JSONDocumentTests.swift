import NativeBridges
import Primitives
import Testing

@Suite("JSON document")
struct JSONDocumentTests {
  @Test("Keys that repeat or are canonically equal stay apart")
  func keys() throws {
    let text = Array("{\"e\u{301}\":1,\"\u{E9}\":2,\"\u{E9}\":3,\"\\u0000\":4}".utf8)
    let members = try #require(try JSONDocument(parsing: text).root.members)
    #expect(members.count == 4)
    #expect(members.map(\.value.integer) == [1, 2, 3, 4])
    #expect(members.map(\.key.string) == [[0x65, 0xCC, 0x81], [0xC3, 0xA9], [0xC3, 0xA9], [0]])
  }

  @Test("A byte order mark is passed over")
  func byteOrderMark() throws {
    #expect(try JSONDocument(parsing: [0xEF, 0xBB, 0xBF] + Array("7".utf8)).root.integer == 7)
  }

  @Test("Numbers keep their kind")
  func numbers() throws {
    let text = "[9223372036854775807, -9223372036854775808, 18446744073709551615, 1.0, 1e3]"
    let values = try #require(try JSONDocument(parsing: Array(text.utf8)).root.elements)
    #expect(values.map(\.integer) == [.max, .min, nil, nil, nil])
    #expect(values.map(\.number).last == 1000)
  }

  @Test(
    "What is not JSON is refused",
    arguments: [
      "", " ", "{", "[1,]", "{\"a\":1,}", "1 2", "{} x", "'a'", "nul", "01", "\"\\x\"", "[1 2]",
      "\"\u{1}\"", "99999999999999999999999999",
    ])
  func malformed(text: String) {
    #expect(throws: JSONError.self) { _ = try JSONDocument(parsing: Array(text.utf8)) }
  }

  @Test("Bytes that are not UTF-8 are refused")
  func illFormed() {
    #expect(throws: JSONError.malformed(offset: nil, length: 3)) {
      _ = try JSONDocument(parsing: [0x22, 0xFF, 0x22])
    }
  }

  @Test("A million open brackets are refused without a crash")
  func deep() {
    let text = [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)
    #expect(throws: JSONError.self) { _ = try JSONDocument(parsing: text) }
    let closed = text + [UInt8](repeating: UInt8(ascii: "]"), count: 1_000_000)
    #expect(throws: JSONError.tooDeep(limit: 64)) { _ = try JSONDocument(parsing: closed) }
  }

  @Test("A field of a record is found along its path, or it is said why not")
  func field() throws {
    let parser = try #require(tt_json_parser_create(64))
    defer { tt_json_parser_free(parser) }
    func find(_ record: String, _ path: [String]) -> (status: Int, value: [UInt8]) {
      let keys = path.map { $0.utf8CString }
      let pointers = keys.map { key in
        let copy = UnsafeMutablePointer<CChar>.allocate(capacity: key.count)
        copy.update(from: Array(key), count: key.count)
        return UnsafePointer<CChar>(copy) as UnsafePointer<CChar>?
      }
      defer { for pointer in pointers { pointer?.deallocate() } }
      var value: UnsafePointer<CChar>?
      var length = 0
      var record = record
      let status = record.withUTF8 { bytes in
        bytes.withMemoryRebound(to: CChar.self) {
          tt_json_field(parser, $0.baseAddress, $0.count, pointers, pointers.count, &value, &length)
        }
      }
      let bytes = UnsafeRawBufferPointer(start: value, count: value == nil ? 0 : length)
      return (Int(status), Array(bytes))
    }
    let record = #"{"text":"a\n\u00e9\u0000b","meta":{"body":"x","n":1},"none":null}"#
    #expect(find(record, ["text"]) == (TT_JSON_OK, Array("a\né\0b".utf8)))
    #expect(find(record, ["meta", "body"]) == (TT_JSON_OK, Array("x".utf8)))
    #expect(find(record, ["meta", "n"]).status == TT_JSON_NOT_STRING)
    #expect(find(record, ["none"]).status == TT_JSON_NOT_STRING)
    #expect(find(record, ["absent"]).status == TT_JSON_MISSING)
    #expect(find(record, ["text", "deeper"]).status == TT_JSON_MISSING)
    #expect(find("[1]", ["text"]).status == TT_JSON_MISSING)
    #expect(find(String(record.dropLast()), ["text"]).status == TT_JSON_INVALID)
    #expect(find("", ["text"]).status == TT_JSON_INVALID)
  }
}
