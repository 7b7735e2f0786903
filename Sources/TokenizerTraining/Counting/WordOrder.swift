/// Brings words into ascending order of their bytes: by the first eight with counting sorts, and by
/// comparison only where those are the same.
enum WordOrder {
  struct Entry: BitwiseCopyable {
    /// The first eight bytes as a number, zeros behind a shorter word.
    var prefix: UInt64
    var word: Int
  }

  private static let digitBits = 11
  private static let digits = 6

  /// - Parameter precedes: whether one word stands before another with the same prefix.
  /// - Complexity: O(*n*), and O(*m* log *m*) comparisons for each *m* words of one prefix. Memory: as
  ///   much again as the entries.
  static func sort(_ entries: inout [Entry], precedes: (Int, Int) -> Bool) {
    guard entries.count > 1 else { return }
    sortByPrefix(&entries)
    var start = 0
    while start < entries.count {
      var end = start + 1
      while end < entries.count, entries[end].prefix == entries[start].prefix { end += 1 }
      if end - start > 1 {
        entries[start..<end].sort { precedes($0.word, $1.word) }
      }
      start = end
    }
  }

  private static func sortByPrefix(_ entries: inout [Entry]) {
    let size = 1 << digitBits
    var places = [Int](repeating: 0, count: size * digits)
    var other = entries
    let count = entries.count
    entries.withUnsafeMutableBufferPointer { entries in
      other.withUnsafeMutableBufferPointer { other in
        places.withUnsafeMutableBufferPointer { places in
          for entry in entries {
            for digit in 0..<digits {
              places[digit &* size &+ value(of: entry, digit)] &+= 1
            }
          }
          var (from, to) = (entries, other)
          for digit in 0..<digits {
            let own = places.extracting(digit * size..<(digit + 1) * size)
            // A digit that all have in common changes nothing.
            if own[value(of: from[0], digit)] == count { continue }
            var sum = 0
            for index in 0..<size { (own[index], sum) = (sum, sum &+ own[index]) }
            for entry in from {
              let digit = value(of: entry, digit)
              to[own[digit]] = entry
              own[digit] &+= 1
            }
            (from, to) = (to, from)
          }
          if from.baseAddress != entries.baseAddress {
            for index in 0..<count { entries[index] = from[index] }
          }
        }
      }
    }
  }

  /// The digit of a prefix, the lowest first.
  @inline(__always)
  private static func value(of entry: Entry, _ digit: Int) -> Int {
    Int(truncatingIfNeeded: entry.prefix &>> UInt64(truncatingIfNeeded: digit &* digitBits))
      & ((1 << digitBits) &- 1)
  }
}
