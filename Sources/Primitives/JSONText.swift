/// The growing text of a `JSONWriter`.
///
/// Vocabularies have hundreds of thousands of strings of a few bytes: room is made once for each,
/// and its bytes are stored without further checks.
struct JSONText: Sendable {
  /// The text and, behind `count`, room for more.
  private var storage = [UInt8](repeating: 0, count: 1024)
  private var count = 0

  var bytes: [UInt8] { Array(storage[..<count]) }

  mutating func append(_ byte: UInt8) {
    reserve(1)
    storage[count] = byte
    count += 1
  }

  mutating func append(_ ascii: String) {
    for byte in ascii.utf8 { append(byte) }
  }

  mutating func append(decimal value: UInt32) {
    write(atMost: 10) { target in
      var digits = 1
      var rest = value
      while rest >= 10 {
        rest /= 10
        digits += 1
      }
      rest = value
      for place in (0..<digits).reversed() {
        target[place] = UInt8(ascii: "0") + UInt8(rest % 10)
        rest /= 10
      }
      return digits
    }
  }

  mutating func appendLine(indent: Int) {
    write(atMost: indent + 1) { target in
      target[0] = UInt8(ascii: "\n")
      (target + 1).update(repeating: UInt8(ascii: " "), count: indent)
      return indent + 1
    }
  }

  /// A string with quotes and escapes.
  mutating func appendQuoted(_ content: UnsafeBufferPointer<UInt8>) {
    if Self.isWellFormed(content) {
      appendEscaped(content)
    } else {
      var repaired = String(decoding: content, as: UTF8.self)
      repaired.withUTF8 { appendEscaped($0) }
    }
  }

  private mutating func appendEscaped(_ content: UnsafeBufferPointer<UInt8>) {
    // The longest escape, \u001f, has six bytes.
    write(atMost: 6 * content.count + 2) { target in
      var length = 1
      target[0] = UInt8(ascii: "\"")
      for byte in content {
        if byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\") {
          target[length] = byte
          length &+= 1
        } else {
          length &+= Self.escape(byte, to: target + length)
        }
      }
      target[length] = UInt8(ascii: "\"")
      return length + 1
    }
  }

  private static func escape(_ byte: UInt8, to target: UnsafeMutablePointer<UInt8>) -> Int {
    target[0] = UInt8(ascii: "\\")
    switch byte {
    case 0x08: target[1] = UInt8(ascii: "b")
    case 0x09: target[1] = UInt8(ascii: "t")
    case 0x0A: target[1] = UInt8(ascii: "n")
    case 0x0C: target[1] = UInt8(ascii: "f")
    case 0x0D: target[1] = UInt8(ascii: "r")
    case 0..<0x20:
      let digit = byte & 15
      target[1] = UInt8(ascii: "u")
      target[2] = UInt8(ascii: "0")
      target[3] = UInt8(ascii: "0")
      target[4] = UInt8(ascii: "0") + byte >> 4
      target[5] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
      return 6
    default: target[1] = byte
    }
    return 2
  }

  /// Makes room, lends it, and takes the number of bytes that were written.
  private mutating func write(atMost limit: Int, _ body: (UnsafeMutablePointer<UInt8>) -> Int) {
    reserve(limit)
    let start = count
    count += storage.withUnsafeMutableBufferPointer { storage in
      storage.baseAddress.map { body($0 + start) } ?? 0
    }
  }

  private mutating func reserve(_ more: Int) {
    if storage.count - count >= more { return }
    let grown = max(2 * storage.count, count + more)
    storage.append(contentsOf: repeatElement(0, count: grown - storage.count))
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
      for next in index + 1..<index + length where text[next] & 0xC0 != 0x80 { return false }
      index += length
    }
    return true
  }
}
