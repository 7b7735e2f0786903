/// Reads single characters of UTF-8 that may be ill-formed.
enum UTF8Decoding {
  struct Scalar {
    let value: UInt32
    let length: Int
  }

  /// The well-formed character at `text`; nil if the bytes there are none.
  static func scalar(at text: UnsafePointer<UInt8>, readable: Int) -> Scalar? {
    let lead = UInt32(text[0])
    let length = expectedLength(lead: text[0])
    if length == 1 { return lead < 0x80 ? Scalar(value: lead, length: 1) : nil }
    guard readable >= length else { return nil }
    var value = lead & (0x7F >> UInt32(length))
    for offset in 1..<length {
      guard text[offset] & 0xC0 == 0x80 else { return nil }
      value = value << 6 | UInt32(text[offset] & 63)
    }
    let least: UInt32 = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x1_0000
    guard value >= least, Unicode.Scalar(value) != nil else { return nil }
    return Scalar(value: value, length: length)
  }

  /// The well-formed character that ends before `text`; nil if the bytes there are none.
  static func scalar(before text: UnsafePointer<UInt8>, readable: Int) -> Scalar? {
    var length = 1
    while length < min(4, readable), text[-length] & 0xC0 == 0x80 { length += 1 }
    guard length <= readable, let found = scalar(at: text - length, readable: length),
      found.length == length
    else { return nil }
    return found
  }

  /// Whether the readable bytes are the start of a longer character.
  static func isCut(_ text: UnsafePointer<UInt8>, readable: Int) -> Bool {
    guard readable < expectedLength(lead: text[0]) else { return false }
    return (1..<readable).allSatisfy { text[$0] & 0xC0 == 0x80 }
  }

  /// The end of a text without a character that the end cuts.
  static func completeEnd(of text: UnsafeBufferPointer<UInt8>) -> Int {
    guard let start = text.baseAddress else { return 0 }
    for length in 1...3 where length <= text.count {
      let lead = start + text.count - length
      if lead.pointee & 0xC0 != 0x80 {
        return isCut(lead, readable: length) ? text.count - length : text.count
      }
    }
    return text.count
  }

  /// Bytes of the character at the end of a text, which is not empty; 1 for bytes of no character.
  static func lengthOfLast(in text: UnsafeBufferPointer<UInt8>) -> Int {
    guard let start = text.baseAddress else { return 1 }
    for length in 1...4 where length <= text.count {
      let lead = start + text.count - length
      if lead.pointee & 0xC0 != 0x80 {
        return scalar(at: lead, readable: length)?.length == length ? length : 1
      }
    }
    return 1
  }

  /// Appends a scalar value's encoding.
  static func append(_ value: UInt32, to output: inout [UInt8]) {
    switch value {
    case 0..<0x80:
      output.append(UInt8(value))
    case 0x80..<0x800:
      output.append(0xC0 | UInt8(value >> 6))
      output.append(0x80 | UInt8(value & 63))
    case 0x800..<0x1_0000:
      output.append(0xE0 | UInt8(value >> 12))
      output.append(0x80 | UInt8(value >> 6 & 63))
      output.append(0x80 | UInt8(value & 63))
    default:
      output.append(0xF0 | UInt8(value >> 18 & 7))
      output.append(0x80 | UInt8(value >> 12 & 63))
      output.append(0x80 | UInt8(value >> 6 & 63))
      output.append(0x80 | UInt8(value & 63))
    }
  }

  /// Length that the lead byte announces; 1 for a byte that leads nothing.
  private static func expectedLength(lead: UInt8) -> Int {
    switch lead {
    case 0xC2...0xDF: 2
    case 0xE0...0xEF: 3
    case 0xF0...0xF4: 4
    default: 1
    }
  }
}
