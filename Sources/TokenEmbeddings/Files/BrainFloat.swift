/// bfloat16 as bits: the upper half of single precision.
enum BrainFloat {
  /// The nearest number, of two equally near ones the even one. A NaN stays one, quiet.
  @inline(__always)
  static func bits(_ value: Float) -> UInt16 {
    let bits = value.bitPattern
    if bits & 0x7FFF_FFFF > 0x7F80_0000 { return UInt16(truncatingIfNeeded: bits &>> 16) | 0x40 }
    return UInt16(truncatingIfNeeded: (bits &+ 0x7FFF &+ (bits &>> 16 & 1)) &>> 16)
  }

  /// Exact.
  @inline(__always)
  static func value(_ bits: UInt16) -> Float { Float(bitPattern: UInt32(bits) &<< 16) }
}
