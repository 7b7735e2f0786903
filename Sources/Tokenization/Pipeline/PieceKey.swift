/// A piece of 1 to 15 bytes in two machine words: its bytes, little-endian, and its length on top.
struct PieceKey: Equatable {
  static let maximumLength = 15
  /// No cached piece has this key: it stands for a longer one in a batch of keys.
  static let long = PieceKey(low: 0, high: 0xFF << 56)

  var low: UInt64
  var high: UInt64

  @inline(__always)
  init(low: UInt64, high: UInt64) {
    self.low = low
    self.high = high
  }

  /// The key of a piece, or `long`, without a branch: lengths are as good as random.
  /// - Precondition: 16 bytes may be read at `start`; `length` is at least 1.
  @inline(__always)
  init(at start: UnsafePointer<UInt8>, length: Int) {
    let words = UnsafeRawPointer(start)
    let first = UInt64(littleEndian: words.loadUnaligned(as: UInt64.self))
    let second = UInt64(littleEndian: words.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    let bits = UInt64(truncatingIfNeeded: length) &<< 3
    let lowBits = bits < 64 ? bits : 64
    let isShort = 0 &- UInt64(length <= Self.maximumLength ? 1 : 0)
    low = first & (UInt64.max &>> (64 &- lowBits)) & isShort
    let rest =
      (second & ((1 &<< (bits &- lowBits)) &- 1)) | (UInt64(truncatingIfNeeded: length) &<< 56)
    high = (rest & isShort) | (Self.long.high & ~isShort)
  }

  /// Multiply and fold; the top bits choose the place in a table.
  @inline(__always)
  var hash: UInt64 {
    let product = (low ^ 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(
      by: high ^ 0xD1B5_4A32_D192_ED03)
    return product.high ^ product.low
  }
}
