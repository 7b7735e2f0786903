/// Merges the symbols of a usual word: the best pair by a scan over all of them, again and again.
///
/// Quadratic, and faster than any queue up to some 40 symbols.
enum ShortMerging {
  /// Most symbols to call it with.
  static let limit = 40

  /// Merges in place and returns the number of symbols that remain.
  static func merge(
    _ symbols: UnsafeMutablePointer<TokenID>, count: Int, by merges: MergeTable
  ) -> Int {
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: limit) { values in
      var count = count
      for index in 0..<count &- 1 {
        values[index] = merges.value(left: symbols[index], right: symbols[index &+ 1])
      }
      while count > 1 {
        var best = 0
        var bestValue = values[0]
        for index in 1..<max(count &- 1, 1) where values[index] < bestValue {
          best = index
          bestValue = values[index]
        }
        if bestValue == MergeTable.absent { break }
        symbols[best] = TokenID(truncatingIfNeeded: bestValue)
        count &-= 1
        var index = best &+ 1
        while index < count {
          symbols[index] = symbols[index &+ 1]
          values[index &- 1] = values[index]
          index &+= 1
        }
        if best > 0 {
          values[best &- 1] = merges.value(left: symbols[best &- 1], right: symbols[best])
        }
        if best &+ 1 < count {
          values[best] = merges.value(left: symbols[best], right: symbols[best &+ 1])
        }
      }
      return count
    }
  }
}
