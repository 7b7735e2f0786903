/// Short byte strings, several bytes at a time: nothing beyond their ends is read.
public enum ByteWords {
  /// Hashes differ from process to process, so that nobody can write a file whose strings all fall
  /// into one place of a table.
  public static let seed = UInt64.random(in: .min ... .max)

  /// Multiply and fold: all bits are equally good.
  ///
  /// - Parameter seed: `Self.seed`, read once where many strings are hashed.
  @inlinable @inline(__always)
  public static func hash(_ start: UnsafePointer<UInt8>, count: Int, seed: UInt64) -> UInt64 {
    let bytes = UnsafeRawPointer(start)
    var state = seed ^ UInt64(truncatingIfNeeded: count)
    var (first, last): (UInt64, UInt64)
    if count >= 8 {
      var offset = 0
      while offset &+ 16 < count {
        state = fold(
          state ^ bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self),
          bytes.loadUnaligned(fromByteOffset: offset &+ 8, as: UInt64.self))
        offset &+= 16
      }
      first = bytes.loadUnaligned(fromByteOffset: min(offset, count &- 8), as: UInt64.self)
      last = bytes.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
    } else if count >= 4 {
      first = UInt64(bytes.loadUnaligned(as: UInt32.self))
      last = UInt64(bytes.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self))
    } else if count > 0 {
      first = UInt64(start[0]) &<< 8 | UInt64(start[count &>> 1])
      last = UInt64(start[count &- 1])
    } else {
      (first, last) = (0, 0)
    }
    return fold(state ^ first, last)
  }

  @inlinable @inline(__always)
  static func fold(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let product = (a ^ 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(by: b ^ 0xD1B5_4A32_D192_ED03)
    return product.high ^ product.low
  }

  /// Whether two strings of one length are the same.
  @inlinable @inline(__always)
  public static func areEqual(
    _ a: UnsafePointer<UInt8>, _ b: UnsafePointer<UInt8>, count: Int
  ) -> Bool {
    let (left, right) = (UnsafeRawPointer(a), UnsafeRawPointer(b))
    if count >= 8 {
      var offset = 0
      while offset &+ 8 < count {
        if differs(left, right, at: offset, as: UInt64.self) { return false }
        offset &+= 8
      }
      return !differs(left, right, at: count &- 8, as: UInt64.self)
    }
    if count >= 4 {
      return !differs(left, right, at: 0, as: UInt32.self)
        && !differs(left, right, at: count &- 4, as: UInt32.self)
    }
    for index in 0..<max(count, 0) where a[index] != b[index] { return false }
    return true
  }

  @inlinable @inline(__always)
  static func differs<Word: FixedWidthInteger & BitwiseCopyable>(
    _ a: UnsafeRawPointer, _ b: UnsafeRawPointer, at offset: Int, as type: Word.Type
  ) -> Bool {
    a.loadUnaligned(fromByteOffset: offset, as: type)
      != b.loadUnaligned(fromByteOffset: offset, as: type)
  }

  /// The first eight bytes, the first one on top, zeros behind shorter strings: numbers in the order
  /// of the strings.
  @inlinable @inline(__always)
  public static func window(_ start: UnsafePointer<UInt8>, count: Int) -> UInt64 {
    let bytes = UnsafeRawPointer(start)
    if count >= 8 { return UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)) }
    var window: UInt64 = 0
    for index in 0..<max(count, 0) { window |= UInt64(start[index]) &<< UInt64(56 &- 8 &* index) }
    return window
  }
}
