/// IEEE 754 binary16 as bits: the conversions that processors have, in integer arithmetic that every
/// machine has (Swift's `Float16` is missing on some).
enum HalfFloat {
  /// The nearest number, of two equally near ones the even one; infinity from 65520 on. A NaN stays
  /// one, quiet.
  @inline(__always)
  static func bits(_ value: Float) -> UInt16 {
    let magnitude = value.bitPattern & 0x7FFF_FFFF
    let sign = UInt16(truncatingIfNeeded: value.bitPattern &>> 16) & 0x8000
    if magnitude > 0x7F80_0000 {
      return sign | 0x7E00 | UInt16(truncatingIfNeeded: magnitude &>> 13) & 0x3FF
    }
    if magnitude >= 0x477F_F000 { return sign | 0x7C00 }
    if magnitude < 0x3880_0000 {
      // Subnormal, steps of 2^-24: those of single precision at 0.5, which rounds by itself.
      let aligned = Float(bitPattern: magnitude) + 0.5
      return sign | UInt16(truncatingIfNeeded: aligned.bitPattern &- 0x3F00_0000)
    }
    let rounded = magnitude &+ 0xFFF &+ (magnitude &>> 13 & 1)
    return sign | UInt16(truncatingIfNeeded: (rounded &- 0x3800_0000) &>> 13)
  }

  /// Exact.
  @inline(__always)
  static func value(_ bits: UInt16) -> Float {
    let magnitude = UInt32(bits & 0x7FFF)
    let sign = UInt32(bits & 0x8000) &<< 16
    if magnitude < 0x400 {
      return Float(bitPattern: sign | (Float(magnitude) * 0x1p-24).bitPattern)
    }
    let exponentShift: UInt32 = magnitude < 0x7C00 ? 0x3800_0000 : 0x7000_0000
    return Float(bitPattern: sign | (magnitude &<< 13 &+ exponentShift))
  }
}
