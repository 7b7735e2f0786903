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
    withUnsafeTemporaryAllocation(of: Pair.self, capacity: limit) { pairs in
      // The last symbol has none; the others are looked up before any is needed.
      for index in 0..<count &- 1 {
        pairs[index] = Pair(
          value: merges.value(left: symbols[index], right: symbols[index &+ 1]),
          previous: index &- 1, next: index &+ 1)
      }
      pairs[count &- 1] = Pair(value: MergeTable.absent, previous: count &- 2, next: count)
      while true {
        var best = pairs[0].value
        for index in 1..<count { best = min(best, pairs[index].value) }
        if best == MergeTable.absent { break }
        var place = 0
        while pairs[place].value != best { place &+= 1 }
        // The symbol behind is no more.
        let absorbed = pairs[place].next
        let next = pairs[absorbed].next
        symbols[place] = TokenID(truncatingIfNeeded: best)
        pairs[absorbed].value = MergeTable.absent
        pairs[place].next = next
        pairs[place].value = MergeTable.absent
        if next < count {
          pairs[next].previous = place
          pairs[place].value = merges.value(left: symbols[place], right: symbols[next])
        }
        let previous = pairs[place].previous
        if previous >= 0 {
          pairs[previous].value = merges.value(left: symbols[previous], right: symbols[place])
        }
      }
      return compact(symbols, pairs, count)
    }
  }

  /// A symbol with the one behind it: what the table has for both, and where its neighbors stand.
  private struct Pair {
    var value: UInt64
    var previous: Int
    var next: Int
  }

  /// Moves what remains to the front.
  private static func compact(
    _ symbols: UnsafeMutablePointer<TokenID>, _ pairs: UnsafeMutableBufferPointer<Pair>,
    _ count: Int
  ) -> Int {
    var kept = 0
    var place = 0
    while place < count {
      symbols[kept] = symbols[place]
      kept &+= 1
      place = pairs[place].next
    }
    return kept
  }
}
