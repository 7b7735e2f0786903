import NativeBridges

/// Merges the symbols of a usual word: the best pair by a scan over all of them, again and again.
///
/// Quadratic, and faster than any queue up to some 40 symbols.
enum ShortMerging {
  /// Most symbols to call it with.
  static let limit = 40

  /// Merges in place and returns the number of symbols that remain.
  static func merge(
    _ symbols: UnsafeMutablePointer<TokenID>, count: Int, by merges: MergeRanks
  ) -> Int {
    merge(symbols, count: count, by: merges) {
      merges.rank(left: symbols[$0], right: symbols[$0 &+ 1])
    }
  }

  /// - Parameter firstRank: the rank of a symbol and the next, before anything is merged.
  @inline(__always)
  static func merge(
    _ symbols: UnsafeMutablePointer<TokenID>, count: Int, by merges: MergeRanks,
    firstRank: (Int) -> UInt32
  ) -> Int {
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 2 * limit + 1) { memory in
      guard let pairs = memory.baseAddress else { return count }
      // Of each symbol, where the one before it stands.
      let before = pairs + limit + 1
      for place in 0..<count {
        let rank = place &+ 1 < count ? firstRank(place) : MergeRanks.none
        pairs[place] = pair(rank, place, next: place &+ 1)
        before[place] = UInt64(truncatingIfNeeded: place &- 1)
      }
      pairs[count] = 0
      while true {
        // The lowest rank, and of equal ones the leftmost. Up to the 0 behind the last, as compilers
        // would take vectors for a loop that counts: they are slower here, by a quarter of the whole.
        var best = pairs[0]
        var at = 1
        while pairs[at] != 0 {
          best = min(best, pairs[at])
          at &+= 1
        }
        let rank = UInt32(truncatingIfNeeded: best &>> 32)
        if rank == MergeRanks.none { break }
        let place = Int(truncatingIfNeeded: best &>> 16 & 0xFFFF)
        let absorbed = Int(truncatingIfNeeded: best & 0xFFFF)
        let next = Int(truncatingIfNeeded: pairs[absorbed] & 0xFFFF)
        let previous = Int(truncatingIfNeeded: before[place])
        let result = merges.result(of: rank)
        // Both pairs are asked for before either is waited for.
        if next < count { tt_prefetch(merges.home(left: result, right: symbols[next])) }
        symbols[place] = result
        pairs[absorbed] = .max
        if previous >= 0 {
          let rank = merges.rank(left: symbols[previous], right: result)
          pairs[previous] = pair(rank, previous, next: place)
        }
        var nextRank = MergeRanks.none
        if next < count {
          before[next] = UInt64(truncatingIfNeeded: place)
          nextRank = merges.rank(left: result, right: symbols[next])
        }
        pairs[place] = pair(nextRank, place, next: next)
      }
      var kept = 0
      var place = 0
      while place < count {
        symbols[kept] = symbols[place]
        kept &+= 1
        place = Int(truncatingIfNeeded: pairs[place] & 0xFFFF)
      }
      return kept
    }
  }

  /// A symbol and the next: the rank of both, and where they stand. The smallest is merged first.
  @inline(__always)
  private static func pair(_ rank: UInt32, _ place: Int, next: Int) -> UInt64 {
    UInt64(rank) &<< 32 | UInt64(truncatingIfNeeded: place &<< 16 | next)
  }
}
