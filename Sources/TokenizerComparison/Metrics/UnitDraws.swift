import Primitives

/// The units of one resampling: as many as there are, with replacement.
enum UnitDraws {
  /// Calls `body` with the place of each unit that is drawn.
  @inline(__always)
  static func forEach(of units: Int, _ sequence: RandomSequence, _ body: (Int) -> Void) {
    var chance = sequence
    for _ in 0..<units {
      // 32 random bits for at most 2^12 units: no unit is more likely than another by a part of 2^-20.
      body(Int((UInt64(chance.next()) &* UInt64(units)) >> 32))
    }
  }

  /// Adds the rows of the units that are drawn.
  ///
  /// - Parameters:
  ///   - rows: those of all units, one behind the other, each as wide as `sums`.
  static func add(
    _ rows: [Int], _ sequence: RandomSequence, to sums: UnsafeMutableBufferPointer<Int>
  ) {
    let width = sums.count
    rows.withUnsafeBufferPointer { rows in
      forEach(of: rows.count / width, sequence) { unit in
        let start = unit &* width
        for place in 0..<width { sums[place] &+= rows[start &+ place] }
      }
    }
  }
}
