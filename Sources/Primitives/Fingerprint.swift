import NativeBridges

/// XXH3-128 of some bytes: names what a run read, so that two runs can be told apart.
/// It guards against accidents, not against forgery.
public struct Fingerprint: Sendable, Hashable, Comparable, CustomStringConvertible {
  public var high: UInt64
  public var low: UInt64

  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  public init(of bytes: UnsafeRawBufferPointer) {
    let value = tt_hash128(bytes.baseAddress, bytes.count)
    self.init(high: value.high, low: value.low)
  }

  public init(of bytes: [UInt8]) {
    self = bytes.withUnsafeBytes { Fingerprint(of: $0) }
  }

  /// The fingerprint of a list of fingerprints, in order.
  public init(of parts: [Fingerprint]) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(parts.count * 16)
    for part in parts {
      for word in [part.high, part.low] {
        for shift in stride(from: 56, through: 0, by: -8) {
          bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
        }
      }
    }
    self.init(of: bytes)
  }

  /// From 32 hexadecimal digits; `nil` for anything else.
  public init?(_ text: [UInt8]) {
    guard text.count == 32,
      text.allSatisfy({ $0 < 0x80 && Character(UnicodeScalar($0)).isHexDigit }),
      let high = UInt64(String(decoding: text[..<16], as: UTF8.self), radix: 16),
      let low = UInt64(String(decoding: text[16...], as: UTF8.self), radix: 16)
    else { return nil }
    self.init(high: high, low: low)
  }

  /// The order of their digits.
  public static func < (one: Fingerprint, other: Fingerprint) -> Bool {
    (one.high, one.low) < (other.high, other.low)
  }

  /// 32 hexadecimal digits.
  public var description: String { Self.hex(high) + Self.hex(low) }

  private static func hex(_ word: UInt64) -> String {
    let digits = String(word, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
