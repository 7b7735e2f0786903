/// Writes JSON byte by byte as Rust's serde_json does, so that files equal those of the Hugging
/// Face libraries: members in the order of the calls, the same escapes, the same white space.
public struct JSONWriter: Sendable {
  /// White space between values.
  public enum Layout: Sendable {
    /// None at all.
    case compact
    /// A line for each value, indented by two spaces a level.
    case pretty
  }

  private let layout: Layout
  private var text = JSONText()
  private var depth = 0
  /// Whether the innermost array or object has a value already.
  private var hasSibling = false
  /// Whether a key stands before the next value.
  private var followsKey = false

  public init(layout: Layout = .pretty) { self.layout = layout }

  /// The text so far.
  public var bytes: [UInt8] { text.bytes }

  /// Writes an object; `body` writes each member as `key` and then one value.
  public mutating func object(_ body: (inout JSONWriter) -> Void) {
    group(open: UInt8(ascii: "{"), close: UInt8(ascii: "}"), body)
  }

  /// Writes an array; `body` writes its values.
  public mutating func array(_ body: (inout JSONWriter) -> Void) {
    group(open: UInt8(ascii: "["), close: UInt8(ascii: "]"), body)
  }

  /// The name of the member whose value comes next.
  public mutating func key(_ name: StaticString) {
    name.withUTF8Buffer { key($0) }
  }

  /// The name of the member whose value comes next, UTF-8.
  public mutating func key(_ name: some Collection<UInt8>) {
    string(name)
    finishKey()
  }

  /// The name of the member whose value comes next, UTF-8.
  public mutating func key(_ name: ArraySlice<UInt8>) {
    string(name)
    finishKey()
  }

  private mutating func finishKey() {
    text.append(UInt8(ascii: ":"))
    if layout == .pretty { text.append(UInt8(ascii: " ")) }
    followsKey = true
  }

  /// A string of UTF-8; ill-formed sequences become U+FFFD, since JSON has no other bytes.
  public mutating func string(_ content: some Collection<UInt8>) {
    beginValue()
    if content.withContiguousStorageIfAvailable({ text.appendQuoted($0) }) == nil {
      Array(content).withUnsafeBufferPointer { text.appendQuoted($0) }
    }
  }

  /// A string of UTF-8, as above; vocabularies are written through this one.
  public mutating func string(_ content: ArraySlice<UInt8>) {
    beginValue()
    content.withUnsafeBufferPointer { text.appendQuoted($0) }
  }

  public mutating func string(_ content: StaticString) {
    content.withUTF8Buffer { string($0) }
  }

  public mutating func string(_ content: String) {
    string(content.utf8)
  }

  public mutating func integer(_ value: some BinaryInteger) {
    beginValue()
    text.append(String(value))
  }

  public mutating func integer(_ value: UInt32) {
    beginValue()
    text.append(decimal: value)
  }

  /// The shortest digits that read back as the same number; `null` for infinities and NaN.
  public mutating func number(_ value: Double) {
    beginValue()
    text.append(JSONNumber.text(value))
  }

  public mutating func boolean(_ value: Bool) {
    beginValue()
    text.append(value ? "true" : "false")
  }

  public mutating func null() {
    beginValue()
    text.append("null")
  }

  /// A value that is JSON already, on one line.
  public mutating func verbatim(_ json: [UInt8]) {
    beginValue()
    for byte in json { text.append(byte) }
  }

  /// A value that was read: numbers as they are printed here, all else as it was.
  public mutating func copy(_ value: JSONValue) {
    if let members = value.members {
      object { json in
        for (name, value) in members {
          json.key(name.string ?? [])
          json.copy(value)
        }
      }
    } else if let elements = value.elements {
      array { json in for element in elements { json.copy(element) } }
    } else if let string = value.string {
      self.string(string)
    } else if let integer = value.integer {
      self.integer(integer)
    } else if let number = value.number {
      self.number(number)
    } else if let boolean = value.boolean {
      self.boolean(boolean)
    } else {
      null()
    }
  }

  private mutating func group(open: UInt8, close: UInt8, _ body: (inout JSONWriter) -> Void) {
    beginValue()
    text.append(open)
    depth += 1
    hasSibling = false
    body(&self)
    depth -= 1
    if hasSibling && layout == .pretty { text.appendLine(indent: 2 * depth) }
    text.append(close)
    hasSibling = true
  }

  private mutating func beginValue() {
    if followsKey {
      followsKey = false
      return
    }
    if hasSibling { text.append(UInt8(ascii: ",")) }
    if depth > 0 && layout == .pretty { text.appendLine(indent: 2 * depth) }
    hasSibling = true
  }
}
