/// The random numbers of a place: equal for equal seeds and places, whatever was drawn elsewhere and
/// by whichever thread.
///
/// The seed is the key of `Philox`; the counter is the number of the block in the low half and the
/// place in the high one.
public struct RandomSequence: Sendable {
  private let key: SIMD2<UInt32>
  private let place: UInt64
  private var block: UInt64 = 0
  private var words = SIMD4<UInt32>()
  /// Words of the block that were drawn.
  private var used = 4

  public init(seed: UInt64, place: UInt64) {
    key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    self.place = place
  }

  /// The next word.
  public mutating func next() -> UInt32 {
    if used == 4 {
      words = Philox.block(
        counter: SIMD4(
          UInt32(truncatingIfNeeded: block), UInt32(truncatingIfNeeded: block >> 32),
          UInt32(truncatingIfNeeded: place), UInt32(truncatingIfNeeded: place >> 32)),
        key: key)
      block &+= 1
      used = 0
    }
    defer { used += 1 }
    return words[used]
  }

  /// A number from 0 to less than 1: one of 2^53 at equal distances.
  public mutating func unit() -> Double {
    let high = UInt64(next()) << 21
    return Double(high | UInt64(next()) >> 11) * 0x1p-53
  }
}
