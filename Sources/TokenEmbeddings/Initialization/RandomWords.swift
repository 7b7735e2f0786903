import Primitives

/// The random words of a row: equal for equal seeds, tables and rows, whatever else was drawn.
///
/// Word `c` of a row is word `c % 4` of Philox's block with the counter (`c / 4`, table, low and high
/// half of the row) and the seed as key: a table that grows by rows or columns keeps what it had.
struct RandomWords: Sendable {
  private let key: SIMD2<UInt32>
  private let table: UInt32

  init(seed: UInt64, table: UInt32) {
    key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    self.table = table
  }

  /// Columns that are filled together.
  static let step = 16

  /// Fills `words` with those from `column` on: word `w` of block `b` of the four is in lane `b` of
  /// vector `w`.
  ///
  /// - Precondition: `column` is a multiple of 16, and `words` has room for 16.
  @inline(__always)
  func fill(_ words: UnsafeMutablePointer<SIMD4<UInt64>>, row: UInt64, column: Int) {
    let first = UInt64(UInt32(truncatingIfNeeded: column &>> 2))
    let low = SIMD4<UInt64>(repeating: 0xFFFF_FFFF)
    var x = SIMD4<UInt64>(first, first &+ 1, first &+ 2, first &+ 3)
    var y = SIMD4<UInt64>(repeating: UInt64(table))
    var z = SIMD4<UInt64>(repeating: row & 0xFFFF_FFFF)
    var w = SIMD4<UInt64>(repeating: row &>> 32)
    var (k0, k1) = (key.x, key.y)
    let m0 = SIMD4<UInt64>(repeating: 0xD251_1F53)
    let m1 = SIMD4<UInt64>(repeating: 0xCD9E_8D57)
    let half = SIMD4<UInt64>(repeating: 32)
    for _ in 0..<10 {
      // Words are in the low halves of lanes, so that a product of two has all of its 64 bits. The
      // masks change nothing: with them the compiler sees that one instruction multiplies.
      let first = (x & low) &* m0
      let second = (z & low) &* m1
      x = (second &>> half) ^ y ^ SIMD4(repeating: UInt64(k0))
      y = second & low
      z = (first &>> half) ^ w ^ SIMD4(repeating: UInt64(k1))
      w = first & low
      k0 &+= 0x9E37_79B9
      k1 &+= 0xBB67_AE85
    }
    words[0] = x
    words[1] = y
    words[2] = z
    words[3] = w
  }
}
