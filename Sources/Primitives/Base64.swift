/// Bytes as printable characters (RFC 4648, section 4): the standard alphabet, padded.
public enum Base64 {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  /// The six bits of each character; `none` for others.
  private static let digits: [UInt8] = {
    var digits = [UInt8](repeating: none, count: 256)
    for (value, character) in alphabet.enumerated() { digits[Int(character)] = UInt8(value) }
    return digits
  }()
  private static let none: UInt8 = 0xFF
  private static let pad = UInt8(ascii: "=")

  public static func encode(_ bytes: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let count = min(3, bytes.count - start)
      var bits: UInt32 = 0
      for offset in 0..<3 {
        bits = bits << 8 | (offset < count ? UInt32(bytes[start + offset]) : 0)
      }
      for place in 0..<4 {
        text.append(place <= count ? alphabet[Int(bits >> UInt32(18 - 6 * place) & 63)] : pad)
      }
    }
    return text
  }

  /// The bytes that a text stands for; nil if it is none: a character of another alphabet, padding
  /// that is missing or not at the end, bits set that no byte has.
  public static func decode(_ text: [UInt8]) -> [UInt8]? {
    guard text.count % 4 == 0 else { return nil }
    let padding = text.suffix(2).reversed().prefix { $0 == pad }.count
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 4 * 3)
    let digits = Self.digits
    for start in stride(from: 0, to: text.count, by: 4) {
      let missing = start + 4 == text.count ? padding : 0
      var bits: UInt32 = 0
      for offset in 0..<4 - missing {
        let digit = digits[Int(text[start + offset])]
        guard digit != none else { return nil }
        bits |= UInt32(digit) << UInt32(18 - 6 * offset)
      }
      guard bits & (1 << UInt32(8 * missing) - 1) == 0 else { return nil }
      for place in 0..<3 - missing {
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(16 - 8 * place)))
      }
    }
    return bytes
  }
}
