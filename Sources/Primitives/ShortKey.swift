/// A byte string of 1 to 15 bytes in two machine words: its bytes, little-endian, its length on top.
///
/// The key of words in count tables and of pieces in caches, where strings are compared and hashed
/// by the million.
@frozen public struct ShortKey: Equatable, Sendable, BitwiseCopyable {
  public var low: UInt64
  public var high: UInt64

  @inlinable @inline(__always)
  public init(low: UInt64, high: UInt64) {
    self.low = low
    self.high = high
  }

  /// The most bytes that fit.
  @inlinable @inline(__always)
  public static var maximumLength: Int { 15 }

  /// No string has this key: an empty place of a table.
  @inlinable @inline(__always)
  public static var empty: ShortKey { ShortKey(low: 0, high: 0) }

  /// No short string has this key: it stands for a longer one in a row of keys.
  @inlinable @inline(__always)
  public static var long: ShortKey { ShortKey(low: 0, high: 0xFF << 56) }

  /// The key of a string, however little may be read behind it; `nil` for one that is not short.
  @inlinable
  public init?(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard bytes.count <= Self.maximumLength else { return nil }
    var words: (UInt64, UInt64) = (0, 0)
    withUnsafeMutableBytes(of: &words) { $0.copyBytes(from: bytes) }
    self.init(
      low: UInt64(littleEndian: words.0),
      high: UInt64(littleEndian: words.1) | UInt64(bytes.count) << 56)
  }

  /// The key of a string, or `long`, without a branch: lengths are as good as random.
  /// - Precondition: 16 bytes may be read at `start`; `length` is at least 1.
  @inlinable @inline(__always)
  public init(at start: UnsafePointer<UInt8>, length: Int) {
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

  /// The key of a string that is known to be short.
  /// - Precondition: 16 bytes may be read at `start`; `length` is 1 to `maximumLength`.
  @inlinable @inline(__always)
  public init(at start: UnsafePointer<UInt8>, shortLength length: Int, masks: borrowing Masks) {
    let words = UnsafeRawPointer(start)
    // As many set bytes as the string has are those that end where clear ones begin.
    let mask = UnsafeRawPointer(masks.middle) - length
    low =
      UInt64(littleEndian: words.loadUnaligned(as: UInt64.self))
      & UInt64(littleEndian: mask.loadUnaligned(as: UInt64.self))
    high =
      (UInt64(littleEndian: words.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        & UInt64(littleEndian: mask.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
      | UInt64(truncatingIfNeeded: length) &<< 56
  }

  /// 16 set bytes and 16 clear ones: what masks any number of the first bytes of 16 with two loads,
  /// where shifts take a dozen steps.
  @frozen public struct Masks: ~Copyable {
    @usableFromInline let middle: UnsafeMutablePointer<UInt8>

    public init() {
      let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: 32)
      bytes.initialize(repeating: 0xFF, count: 16)
      middle = bytes + 16
      middle.initialize(repeating: 0, count: 16)
    }

    deinit { (middle - 16).deallocate() }
  }

  /// In bytes; of no meaning for `long`.
  @inlinable @inline(__always)
  public var length: Int { Int(high >> 56) }

  /// Multiply and fold: the top bits are as good as the rest, and choose the place in a table.
  @inlinable @inline(__always)
  public var hash: UInt64 {
    let product = (low ^ 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(
      by: high ^ 0xD1B5_4A32_D192_ED03)
    return product.high ^ product.low
  }

  /// Writes the bytes, and up to 16 in all: the rest is zeros.
  @inlinable @inline(__always)
  public func write(to target: UnsafeMutablePointer<UInt8>) {
    let raw = UnsafeMutableRawPointer(target)
    raw.storeBytes(of: low.littleEndian, as: UInt64.self)
    raw.storeBytes(of: (high & (UInt64.max >> 8)).littleEndian, toByteOffset: 8, as: UInt64.self)
  }
}
