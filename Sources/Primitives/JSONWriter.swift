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

  /// A line end and room for the deepest indentation that is written without a loop.
  private static let lineStart = [UInt8(ascii: "\n")] + [UInt8](repeating: 0x20, count: 64)

  private mutating func breakLine() {
    guard layout == .pretty else { return }
    let indent = 2 * depth
    bytes.append(contentsOf: Self.lineStart[...min(indent, 64)])
    for _ in 0..<max(indent - 64, 0) { bytes.append(0x20) }
  }

  private mutating func quote(_ text: some Collection<UInt8>) {
    if text.withContiguousStorageIfAvailable({ quote($0) }) == nil {
      Array(text).withUnsafeBufferPointer { quote($0) }
    }
  }

  /// Copies stretches without escapes at once: vocabularies have hundreds of thousands of strings.
  private mutating func quote(_ text: UnsafeBufferPointer<UInt8>) {
    bytes.append(UInt8(ascii: "\""))
    if Self.isWellFormed(text) {
      appendEscaped(text)
    } else {
      var repaired = String(decoding: text, as: UTF8.self)
      repaired.withUTF8 { appendEscaped($0) }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func appendEscaped(_ text: UnsafeBufferPointer<UInt8>) {
    var start = 0
    for index in text.indices {
      let byte = text[index]
      guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else {
        continue
      }
      bytes.append(contentsOf: text[start..<index])
      appendEscape(of: byte)
      start = index + 1
    }
    bytes.append(contentsOf: text[start...])
  }

  private mutating func appendEscape(of byte: UInt8) {
    bytes.append(UInt8(ascii: "\\"))
    switch byte {
    case 0x08: bytes.append(UInt8(ascii: "b"))
    case 0x09: bytes.append(UInt8(ascii: "t"))
    case 0x0A: bytes.append(UInt8(ascii: "n"))
    case 0x0C: bytes.append(UInt8(ascii: "f"))
    case 0x0D: bytes.append(UInt8(ascii: "r"))
    case 0..<0x20:
      bytes.append(contentsOf: byte < 0x10 ? Array("u000".utf8) : Array("u001".utf8))
      let digit = byte & 15
      bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
    default: bytes.append(byte)
    }
  }

  /// Whether bytes are UTF-8 (Unicode Standard, table 3-7).
  private static func isWellFormed(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var index = 0
    while index < text.count {
      let lead = text[index]
      index += 1
      if lead < 0x80 { continue }
      let length: Int
      var lowest: UInt8 = 0x80
      var highest: UInt8 = 0xBF
      switch lead {
      case 0xC2...0xDF: length = 1
      case 0xE0: (length, lowest) = (2, 0xA0)
      case 0xED: (length, highest) = (2, 0x9F)
      case 0xE1...0xEF: length = 2
      case 0xF0: (length, lowest) = (3, 0x90)
      case 0xF4: (length, highest) = (3, 0x8F)
      case 0xF1...0xF3: length = 3
      default: return false
      }
      guard text.count - index >= length, text[index] >= lowest, text[index] <= highest else {
        return false
      }
      for next in text[index + 1..<index + length] where next & 0xC0 != 0x80 { return false }
      index += length
    }
    return true
  }
}
