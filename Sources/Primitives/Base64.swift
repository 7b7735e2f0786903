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
    var bytes = [UInt8](repeating: 0, count: text.count / 4 * 3)
    let count = text.withUnsafeBufferPointer { text in
      bytes.withUnsafeMutableBufferPointer { decode(text, into: $0) }
    }
    guard let count else { return nil }
    bytes.removeLast(bytes.count - count)
    return bytes
  }

  /// Writes the bytes that a text stands for; how many, or nil if it is none (see above), with some
  /// of them written.
  ///
  /// - Parameter target: room for three bytes for each four of the text.
  public static func decode(
    _ text: UnsafeBufferPointer<UInt8>, into target: UnsafeMutableBufferPointer<UInt8>
  ) -> Int? {
    guard text.count % 4 == 0, target.count >= text.count / 4 * 3 else { return nil }
    var padding = 0
    while padding < min(2, text.count), text[text.count - 1 - padding] == pad { padding += 1 }
    let isDecoded = digits.withUnsafeBufferPointer { digits in
      for quarter in 0..<text.count / 4 {
        let start = 4 &* quarter
        let output = 3 &* quarter
        if start &+ 4 == text.count, padding > 0 {
          return decode(
            last: text.extracting(start...), padding, into: target.extracting(output...))
        }
        let first = digits[Int(text[start])]
        let second = digits[Int(text[start &+ 1])]
        let third = digits[Int(text[start &+ 2])]
        let fourth = digits[Int(text[start &+ 3])]
        // Digits have six bits.
        guard first | second | third | fourth < 64 else { return false }
        target[output] = first &<< 2 | second &>> 4
        target[output &+ 1] = second &<< 4 | third &>> 2
        target[output &+ 2] = third &<< 6 | fourth
      }
      return true
    }
    return isDecoded ? text.count / 4 * 3 - padding : nil
  }

  /// Four characters, the last one or two of which are padding.
  private static func decode(
    last text: UnsafeBufferPointer<UInt8>, _ padding: Int,
    into target: UnsafeMutableBufferPointer<UInt8>
  ) -> Bool {
    let first = digits[Int(text[0])]
    let second = digits[Int(text[1])]
    let third = padding == 1 ? digits[Int(text[2])] : 0
    guard first | second | third < 64 else { return false }
    target[0] = first << 2 | second >> 4
    if padding == 2 { return second & 15 == 0 }
    target[1] = second << 4 | third >> 2
    return third & 3 == 0
  }
}
