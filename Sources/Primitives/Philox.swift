/// Random numbers as a function of a counter and a key: any of them, in any order, without a state
/// (Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3"; Philox4x32-10).
public enum Philox {
  /// Four words of 32 bits.
  @inlinable
  public static func block(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
    var (counter, key) = (counter, key)
    for round in 0..<10 {
      if round > 0 { key &+= SIMD2(0x9E37_79B9, 0xBB67_AE85) }
      let first = UInt64(counter.x) &* 0xD251_1F53
      let second = UInt64(counter.z) &* 0xCD9E_8D57
      counter = SIMD4(
        UInt32(truncatingIfNeeded: second &>> 32) ^ counter.y ^ key.x,
        UInt32(truncatingIfNeeded: second),
        UInt32(truncatingIfNeeded: first &>> 32) ^ counter.w ^ key.y,
        UInt32(truncatingIfNeeded: first))
    }
    return counter
  }
}
