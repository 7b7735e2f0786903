/// The printable spelling that byte-level files give to bytes: one character for each
/// (GPT-2's `bytes_to_unicode`). Printable Latin-1 stands for itself; the other 68 bytes take
/// U+0100...U+0143 in the order of their values, so that a space is "Ġ".
public enum ByteAlphabet {
  /// Code point of each byte's character, at most U+0143.
  static let codePoints: [UInt16] = {
    var next: UInt16 = 0x100
    return (0...255).map { byte in
      switch byte {
      case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: return UInt16(byte)
      default:
        defer { next += 1 }
        return next
      }
    }
  }()

  /// UTF-8 of each byte's character, as two bytes in memory order, and its length in bits 16 and 17.
  static let encoded: [UInt32] = codePoints.map { point in
    point < 0x80
      ? UInt32(UInt16(point).littleEndian) | 1 << 16
      : UInt32((0xC0 | point >> 6 | (0x80 | point & 0x3F) << 8).littleEndian) | 2 << 16
  }

  /// Byte by code point; -1 for characters outside the alphabet.
  private static let bytes: [Int16] = {
    var bytes = [Int16](repeating: -1, count: 0x144)
    for (byte, point) in codePoints.enumerated() { bytes[Int(point)] = Int16(byte) }
    return bytes
  }()

  /// The 256 bytes in the order of their characters: the order in which byte-level trainers give
  /// ids to single bytes.
  public static let bytesInOrder: [UInt8] =
    (0...255).map { UInt8($0) }.sorted { codePoints[Int($0)] < codePoints[Int($1)] }

  /// The spelling of bytes, as UTF-8.
  public static func spelling(of token: some Collection<UInt8>) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(2 * token.count)
    for byte in token {
      let point = codePoints[Int(byte)]
      if point < 0x80 {
        text.append(UInt8(point))
      } else {
        text.append(UInt8(0xC0 | point >> 6))
        text.append(UInt8(0x80 | point & 0x3F))
      }
    }
    return text
  }

  /// The bytes that a spelling (UTF-8) stands for; `nil` if a character is not of the alphabet.
  public static func bytes(spelled text: some Collection<UInt8>) -> [UInt8]? {
    var token: [UInt8] = []
    let isSpelled = Array(text).withUnsafeBufferPointer { append(spelled: $0, to: &token) }
    return isSpelled ? token : nil
  }

  /// Appends the bytes that a spelling stands for; false, with some of them appended, if a
  /// character is not of the alphabet.
  static func append(spelled text: UnsafeBufferPointer<UInt8>, to token: inout [UInt8]) -> Bool {
    let bytes = self.bytes
    var lead: UInt8 = 0
    for unit in text {
      var point = Int(unit)
      if lead != 0 {
        guard unit & 0xC0 == 0x80 else { return false }
        point = Int(lead & 0x1F) << 6 | Int(unit & 0x3F)
        lead = 0
      } else if unit >= 0x80 {
        // The alphabet ends below U+0144: its characters have at most two bytes.
        guard unit >= 0xC2, unit < 0xE0 else { return false }
        lead = unit
        continue
      }
      guard point < bytes.count, bytes[point] >= 0 else { return false }
      token.append(UInt8(bytes[point]))
    }
    return lead == 0
  }
}
