/// Places in the bytes of one text, a bit each.
///
/// Its memory stays when it is emptied, so that a thread makes one for all its texts.
struct PlaceSet {
  /// Bit p & 63 of word p >> 6 is place p; behind the word of the last place stands one more, 0.
  private var words: [UInt64] = [0]
  /// Places are below this.
  private(set) var count = 0

  /// Empties it, for places below `count`.
  mutating func reset(_ count: Int) {
    self.count = count
    let needed = count >> 6 + 2
    words.removeAll(keepingCapacity: true)
    words.append(contentsOf: repeatElement(0, count: needed))
  }

  /// - Precondition: 0 <= `place` < `count`.
  @inline(__always)
  mutating func insert(_ place: Int) { words[place >> 6] |= 1 << UInt64(place & 63) }

  @inline(__always)
  func contains(_ place: Int) -> Bool { words[place >> 6] >> UInt64(place & 63) & 1 != 0 }

  /// Whether any place of lower..<upper is in it.
  ///
  /// - Precondition: 0 <= `lower`, `upper` <= `count`.
  func containsAny(from lower: Int, to upper: Int) -> Bool {
    var lower = lower
    while lower < upper {
      let length = min(64, upper - lower)
      let shift = UInt64(lower & 63)
      // The word behind the last one is there to be read.
      let bits =
        words[lower >> 6] >> shift | (shift == 0 ? 0 : words[lower >> 6 + 1] << (64 - shift))
      if bits << UInt64(64 - length) != 0 { return true }
      lower += length
    }
    return false
  }

  /// How many places are in both, and how many in either.
  static func compare(_ first: PlaceSet, _ second: PlaceSet) -> (shared: Int, either: Int) {
    var (shared, either) = (0, 0)
    for (a, b) in zip(first.words, second.words) {
      shared &+= (a & b).nonzeroBitCount
      either &+= (a | b).nonzeroBitCount
    }
    return (shared, either)
  }

  /// Calls `body` with the places that are in both, ascending.
  static func forEachShared(_ first: PlaceSet, _ second: PlaceSet, _ body: (Int) -> Void) {
    for (index, (a, b)) in zip(first.words, second.words).enumerated() {
      var bits = a & b
      while bits != 0 {
        body(index << 6 + bits.trailingZeroBitCount)
        bits &= bits &- 1
      }
    }
  }
}
