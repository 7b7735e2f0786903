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
    let text = Array(text)
    var isSpelled = false
    let token = [UInt8](unsafeUninitializedCapacity: text.count) { token, count in
      guard let start = token.baseAddress else { return isSpelled = true }
      let length = text.withUnsafeBufferPointer { write(spelled: $0, to: start) }
      (isSpelled, count) = (length != nil, length ?? 0)
    }
    return isSpelled ? token : nil
  }

  /// Writes the bytes that a spelling stands for, at most as many as it has itself, and returns how
  /// many; `nil`, with some of them written, if a character is not of the alphabet.
  static func write(
    spelled text: UnsafeBufferPointer<UInt8>, to token: UnsafeMutablePointer<UInt8>
  ) -> Int? {
    var count = 0
    var place = 0
    while place < text.count {
      let unit = text[place]
      if unit < 0x80 {
        guard unit > 0x20, unit < 0x7F else { return nil }
        token[count] = unit
        place &+= 1
      } else {
        // The alphabet ends below U+0144: its characters have at most two bytes.
        guard unit >= 0xC2, unit <= 0xC5, place &+ 1 < text.count, text[place &+ 1] & 0xC0 == 0x80,
          let byte = byte(of: UInt16(unit & 0x1F) &<< 6 | UInt16(text[place &+ 1] & 0x3F))
        else { return nil }
        token[count] = byte
        place &+= 2
      }
      count &+= 1
    }
    return count
  }

  /// The byte of a character from U+0080 on; `nil` outside the alphabet.
  @inline(__always)
  private static func byte(of point: UInt16) -> UInt8? {
    switch point {
    case 0xA1...0xAC, 0xAE...0xFF: UInt8(truncatingIfNeeded: point)
    // The 68 others: 0...0x20, 0x7F...0xA0, 0xAD.
    case 0x100...0x120: UInt8(truncatingIfNeeded: point &- 0x100)
    case 0x121...0x142: UInt8(truncatingIfNeeded: point &- 0x121 &+ 0x7F)
    case 0x143: 0xAD
    default: nil
    }
  }
}
