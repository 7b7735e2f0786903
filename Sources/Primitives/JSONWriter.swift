/// Writes JSON byte by byte as Rust's serde_json does, so that files equal those of the Hugging Face
/// libraries: members in the order of the calls, the same escapes, the same white space.
public struct JSONWriter: Sendable {
  /// White space between values.
  public enum Layout: Sendable {
    /// None at all.
    case compact
    /// A line for each value, indented by two spaces a level.
    case pretty
  }

  /// The text so far.
  public private(set) var bytes: [UInt8] = []
  private let layout: Layout
  private var depth = 0
  /// Whether the innermost array or object has a value already.
  private var hasSibling = false
  /// Whether a key stands before the next value.
  private var followsKey = false

  public init(layout: Layout = .pretty) { self.layout = layout }

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
    beginValue()
    quote(name)
    bytes.append(UInt8(ascii: ":"))
    if layout == .pretty { bytes.append(UInt8(ascii: " ")) }
    followsKey = true
  }

  /// A string of UTF-8; ill-formed sequences become U+FFFD, since JSON has no other bytes.
  public mutating func string(_ text: some Collection<UInt8>) {
    beginValue()
    quote(text)
  }

  public mutating func string(_ text: StaticString) {
    text.withUTF8Buffer { string($0) }
  }

  public mutating func string(_ text: String) {
    string(text.utf8)
  }

  public mutating func integer(_ value: some BinaryInteger) {
    beginValue()
    bytes.append(contentsOf: String(value).utf8)
  }

  /// The shortest digits that read back as the same number; `null` for infinities and NaN.
  public mutating func number(_ value: Double) {
    beginValue()
    bytes.append(contentsOf: value.isFinite ? Array(value.description.utf8) : Array("null".utf8))
  }

  public mutating func boolean(_ value: Bool) {
    beginValue()
    bytes.append(contentsOf: value ? Array("true".utf8) : Array("false".utf8))
  }

  public mutating func null() {
    beginValue()
    bytes.append(contentsOf: "null".utf8)
  }

  private mutating func group(open: UInt8, close: UInt8, _ body: (inout JSONWriter) -> Void) {
    beginValue()
    bytes.append(open)
    depth += 1
    hasSibling = false
    body(&self)
    depth -= 1
    if hasSibling { breakLine() }
    bytes.append(close)
    hasSibling = true
  }

  private mutating func beginValue() {
    if followsKey {
      followsKey = false
      return
    }
    if hasSibling { bytes.append(UInt8(ascii: ",")) }
    if depth > 0 { breakLine() }
    hasSibling = true
  }

  private mutating func breakLine() {
    guard layout == .pretty else { return }
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
  }

  private mutating func quote(_ text: some Collection<UInt8>) {
    bytes.append(UInt8(ascii: "\""))
    let start = bytes.count
    for byte in text { appendEscaped(byte) }
    if bytes[start...].contains(where: { $0 >= 0x80 }) { repair(from: start) }
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func appendEscaped(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): appendEscape(byte)
    case 0x08: appendEscape(UInt8(ascii: "b"))
    case 0x09: appendEscape(UInt8(ascii: "t"))
    case 0x0A: appendEscape(UInt8(ascii: "n"))
    case 0x0C: appendEscape(UInt8(ascii: "f"))
    case 0x0D: appendEscape(UInt8(ascii: "r"))
    case 0..<0x20:
      bytes.append(contentsOf: "\\u00".utf8)
      let digits: StaticString = "0123456789abcdef"
      digits.withUTF8Buffer { digits in
        bytes.append(digits[Int(byte >> 4)])
        bytes.append(digits[Int(byte & 15)])
      }
    default: bytes.append(byte)
    }
  }

  private mutating func appendEscape(_ letter: UInt8) {
    bytes.append(UInt8(ascii: "\\"))
    bytes.append(letter)
  }

  private mutating func repair(from start: Int) {
    guard String(validating: bytes[start...], as: UTF8.self) == nil else { return }
    let repaired = Array(String(decoding: bytes[start...], as: UTF8.self).utf8)
    bytes.replaceSubrange(start..., with: repaired)
  }
}
