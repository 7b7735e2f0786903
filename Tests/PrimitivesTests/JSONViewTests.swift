import Primitives
import Testing

@Suite("JSON view")
struct JSONViewTests {
  private func view<Result>(
    _ text: String, _ body: (JSONView) throws -> Result
  ) throws -> Result {
    try JSONDocument(parsing: Array(text.utf8)).root.withView(body)
  }

  @Test("Each value is what the text says, and nothing else")
  func kinds() throws {
    try view(#"[null, true, false, -5, 18446744073709551615, 2.5, "a\u0000é", [], {}]"#) { view in
      let values = Array(try #require(view.elements))
      #expect(values.map(\.isNull) == [true] + [Bool](repeating: false, count: 8))
      #expect(values.map(\.boolean) == [nil, true, false, nil, nil, nil, nil, nil, nil])
      #expect(values.map(\.integer) == [nil, nil, nil, -5, nil, nil, nil, nil, nil])
      #expect(values.map(\.number) == [nil, nil, nil, -5, 0x1p64, 2.5, nil, nil, nil])
      #expect(values.map { $0.string.map(Array.init) }[6] == [0x61, 0, 0xC3, 0xA9])
      #expect(values.map { $0.elements?.count } == [nil, nil, nil, nil, nil, nil, nil, 0, nil])
      #expect(values.map { $0.members?.count } == [nil, nil, nil, nil, nil, nil, nil, nil, 0])
    }
  }

  @Test("What stands inside a value is passed over as a whole")
  func nesting() throws {
    try view(#"{"a": [1, {"b": [2, 3]}], "c": {"d": -1.5, "e": [[]]}, "a": 7}"#) { view in
      let members = Array(try #require(view.members))
      #expect(members.count == 3 && view.members?.count == 3)
      #expect(members.map { $0.key.string.map(Array.init) } == [[0x61], [0x63], [0x61]])
      #expect(members[2].value.integer == 7)
      #expect(view["a"]?.elements?.count == 2)
      #expect(view["c"]?["d"]?.number == -1.5)
      #expect(view["b"] == nil && view["aa"] == nil)
    }
  }

  @Test("A place leads back to its value")
  func places() throws {
    try view(#"["x", 1, "y"]"#) { view in
      let places = try #require(view.elements).map(\.place)
      #expect(places == places.sorted())
      #expect(view.value(at: places[2]).isString("y"))
      #expect(!view.value(at: places[1]).isString("y"))
    }
  }

  @Test("A text with room behind it is read in place, whatever stands there")
  func room() throws {
    for slack in [0, 63, 64, 200] {
      var text = Array(#"{"key": "value"}"#.utf8)
      text.reserveCapacity(text.count + slack)
      #expect(try JSONDocument(parsing: text).root["key"]?.isString("value") == true)
      text.removeLast()
      #expect(throws: JSONError.self) { _ = try JSONDocument(parsing: text) }
    }
  }
}
