import Primitives

/// Which pairs are in sight: found by walks over all tokens, thinned out as merging goes on.
extension MergeEngine {
  /// Brings every pair of at least the floor's count into sight, with its list.
  ///
  /// The first walk adds weights into hashed counters, which bound counts from above; the second
  /// counts exactly the pairs whose counter reaches the floor; the third writes the lists.
  mutating func findPairs() {
    arenaEnd = 0
    spare = 0..<0
    pairs.removeAll()
    counters.base.update(repeating: 0, count: counters.count)
    let shift = UInt64(64 - counters.count.trailingZeroBitCount)
    forEachPair { key, _, weight in
      let slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) &>> shift)
      counters[slot] &+= weight
    }
    let floor = UInt64(self.floor)
    var records = PairRecords()
    forEachPair { key, _, weight in
      let slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) &>> shift)
      guard counters[slot] >= floor else { return }
      var row = records.find(key)
      if row < 0 { row = records.insert(PairRecord(count: 0, key: key, offset: 0, length: 0)) }
      records.records[row].count &+= Int64(weight)
      records.records[row].length &+= 1
    }
    records.keep(atLeast: self.floor)
    for row in 0..<records.count {
      records.records[row].offset = arenaEnd
      arenaEnd += records.records[row].length
      records.records[row].length = 0
    }
    let list = arena.base
    forEachPair { key, position, _ in
      let row = records.find(key)
      guard row >= 0 else { return }
      let record = records.records[row]
      list[record.offset &+ record.length] = UInt32(truncatingIfNeeded: position)
      records.records[row].length &+= 1
    }
    pairs = records
    queue.rebuild(pairs, spellings)
  }

  /// Calls `body` with every two neighbouring tokens that may become one: key, position, weight.
  /// Windows overlap, so that "aaa" has (a, a) twice, as Hugging Face counts.
  @inline(__always)
  func forEachPair(_ body: (_ key: UInt64, _ position: Int, _ weight: UInt64) -> Void) {
    let symbols = words.symbols.base
    let blocks = words.blocks.base
    let lengths = self.lengths.base
    let longest = limits.tokenLength
    let separator = words.separator
    let slots = words.count
    words.mixed.withUnsafeBufferPointer { mixed in
      var p = 0
      var symbol = symbols[0]
      var length = 1
      while p &+ length < slots {
        let next = p &+ length
        let follower = symbols[next]
        let followerLength = lengths[Int(follower)]
        if symbol != separator, follower != separator, length &+ followerLength <= longest,
          mayJoin(Int(symbol), Int(follower))
        {
          let block = blocks[p &>> 5]
          var weight = UInt64(block)
          if block & SymbolSequence<Symbol>.mixedBit != 0 {
            weight = mixed[Int(block & ~SymbolSequence<Symbol>.mixedBit) &<< 5 | p & 31]
          }
          body(UInt64(symbol) &<< 32 | UInt64(follower), p, weight)
        }
        p = next
        symbol = follower
        length = followerLength
      }
    }
  }

  /// Takes out of sight what is too rare to be merged in the merges that remain: the floor becomes
  /// the count at twice their rank. Counts only fall, so few of the pairs below would ever be best;
  /// with the factor 2 no corpus measured needed the repair.
  mutating func raiseFloor() {
    var histogram = CountHistogram()
    for row in 0..<pairs.count where pairs.records[row].count > 0 {
      histogram.add(pairs.records[row].count)
    }
    if let higher = histogram.floor(leaving: 2 * (limits.vocabularySize - spellings.count)) {
      floor = max(floor, higher)
    }
    pairs.keep(atLeast: floor)
    queue.rebuild(pairs, spellings)
  }
}

/// How many pairs there are of which count, eight steps an octave.
struct CountHistogram {
  private var buckets = [Int](repeating: 0, count: 64 * 8)

  /// - Precondition: the count is above 0.
  mutating func add(_ count: Int64) { buckets[Self.bucket(count)] += 1 }

  /// The highest count that so many pairs reach or exceed; `nil` if there are fewer.
  func floor(leaving wanted: Int) -> Int64? {
    var seen = 0
    for bucket in stride(from: buckets.count - 1, through: 0, by: -1) {
      seen += buckets[bucket]
      if seen >= wanted { return Self.lowerBound(bucket) }
    }
    return nil
  }

  private static func bucket(_ count: Int64) -> Int {
    guard count >= 8 else { return Int(count) }
    let exponent = 63 - count.leadingZeroBitCount
    return (exponent - 2) * 8 + Int(count >> Int64(exponent - 3)) - 8
  }

  private static func lowerBound(_ bucket: Int) -> Int64 {
    guard bucket >= 8 else { return Int64(bucket) }
    return Int64(8 + bucket % 8) << Int64(bucket / 8 - 1)
  }
}
