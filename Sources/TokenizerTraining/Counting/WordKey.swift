/// A word of 1 to 15 bytes in two machine words: its bytes, little-endian, and its length on top.
struct WordKey: Equatable {
  static let maximumLength = 15

  var low: UInt64
  var high: UInt64

  /// No word has this key: an empty place of a table.
  static let empty = WordKey(low: 0, high: 0)
  /// No word of a table has this key: it stands for a longer word in a batch of keys.
  static let long = WordKey(low: 0, high: 0xFF << 56)

  /// - Precondition: 16 bytes may be read at `start`; `length` is 1...15.
  @inline(__always)
  init(at start: UnsafePointer<UInt8>, length: Int) {
    let words = UnsafeRawPointer(start)
    let first = UInt64(littleEndian: words.loadUnaligned(as: UInt64.self))
    let second = UInt64(littleEndian: words.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    // Shifts instead of branches: word lengths are as good as random. Smart shifts by 64 give 0.
    let bits = UInt64(truncatingIfNeeded: length) &<< 3
    let lowBits = bits < 64 ? bits : 64
    low = first & (UInt64.max &>> (64 &- lowBits))
    high =
      (second & ((1 &<< (bits &- lowBits)) &- 1)) | (UInt64(truncatingIfNeeded: length) &<< 56)
  }

  @inline(__always)
  init(low: UInt64, high: UInt64) {
    self.low = low
    self.high = high
  }

  var length: Int { Int(high >> 56) }

  /// Multiply and fold: the top bits are as good as the rest, and choose the place in a table.
  @inline(__always)
  var hash: UInt64 {
    let product = (low ^ 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(
      by: high ^ 0xD1B5_4A32_D192_ED03)
    return product.high ^ product.low
  }

  /// Writes the bytes, and up to 16 in all: the rest is zeros.
  func write(to target: UnsafeMutablePointer<UInt8>) {
    let raw = UnsafeMutableRawPointer(target)
    raw.storeBytes(of: low.littleEndian, as: UInt64.self)
    raw.storeBytes(of: (high & (UInt64.max >> 8)).littleEndian, toByteOffset: 8, as: UInt64.self)
  }
}
