/// Bytes as a person reads them.
enum Hexadecimal {
  /// "E6 9D B1"
  static func text(_ bytes: [UInt8]) -> String {
    bytes.map(digits).joined(separator: " ")
  }

  private static func digits(_ byte: UInt8) -> String {
    (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
  }
}
