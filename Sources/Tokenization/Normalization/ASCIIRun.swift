/// Where a run of ASCII characters ends, found by eight bytes at a time.
enum ASCIIRun {
  private static let high: UInt64 = 0x8080_8080_8080_8080

  /// The first byte at or after `start` that is not ASCII, or `end`.
  @inline(__always)
  static func end(
    from start: UnsafePointer<UInt8>, to end: UnsafePointer<UInt8>
  ) -> UnsafePointer<UInt8> {
    var position = start
    while end - position >= 8 {
      let word = word(at: position) & high
      if word != 0 { return position + word.littleEndian.trailingZeroBitCount >> 3 }
      position += 8
      while end - position >= 32 {
        let words =
          (Self.word(at: position) | Self.word(at: position + 8))
          | (Self.word(at: position + 16) | Self.word(at: position + 24))
        if words & high != 0 { break }
        position += 32
      }
    }
    while position < end && position.pointee < 0x80 { position += 1 }
    return position
  }

  /// The first byte at or after `start` that is no printable ASCII character, or `end`.
  @inline(__always)
  static func printableEnd(
    from start: UnsafePointer<UInt8>, to end: UnsafePointer<UInt8>
  ) -> UnsafePointer<UInt8> {
    var position = start
    while end - position >= 8 {
      let word = word(at: position).littleEndian
      // Without the highest bits nothing is carried from byte to byte: + 0x60 sets it from 0x20 on,
      // + 1 sets it for 0x7F.
      let low = word & ~high
      let found =
        (word | ~(low &+ 0x6060_6060_6060_6060) | (low &+ 0x0101_0101_0101_0101)) & high
      if found != 0 { return position + found.trailingZeroBitCount >> 3 }
      position += 8
    }
    while position < end, position.pointee >= 0x20, position.pointee < 0x7F { position += 1 }
    return position
  }

  @inline(__always)
  private static func word(at text: UnsafePointer<UInt8>) -> UInt64 {
    UnsafeRawPointer(text).loadUnaligned(as: UInt64.self)
  }
}
