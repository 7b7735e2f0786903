import Primitives

/// The pairs of base symbols where these are too many for a counter for each pair that there can be.
extension MergeEngine {
  /// As `findPairs`, on several threads, and with a first guess of the floor from the counters.
  mutating func findManyBasePairs(parts: Int) {
    let bits = self.counters.count.trailingZeroBitCount
    let size = 1 << bits
    guard let counters = PageBuffer<UInt64>(count: parts * size) else { return findPairs() }
    nonisolated(unsafe) let (sums, list) = (counters.base, arena.base)
    let found = (0..<parts).map { _ in PartPairs<Symbol>() }
    withBasePairs(parts: parts) { engine, walk in
      let search = BasePairSearch(walk: walk, joins: engine.joins, bits: bits)
      Threads.run(parts) { search.add(part: $0, to: sums + $0 * size) }
      for part in 1..<max(1, parts) {
        for slot in 0..<size { sums[slot] &+= sums[part * size + slot] }
      }
      engine.guessFloor(UnsafeBufferPointer(start: sums, count: size))
      let floor = UInt64(engine.floor)
      Threads.run(parts) { found[$0].records = search.pairs(part: $0, sums, floor) }
      engine.combine(found)
      Threads.run(parts) { search.list(part: $0, &found[$0].records, into: list) }
    }
    queue.rebuild(pairs, spellings)
  }

  /// Pairs that never come to be merged need no list: twice as many have one as may be merged. Too
  /// high a guess is repaired when it turns out.
  private mutating func guessFloor(_ sums: UnsafeBufferPointer<UInt64>) {
    if limits.tuning.firstFloor != nil { return }
    var histogram = CountHistogram()
    for sum in sums where sum > 0 { histogram.add(Int64(clamping: sum)) }
    if let guess = histogram.floor(leaving: 2 * (limits.vocabularySize - spellings.count)) {
      floor = max(floor, guess)
    }
  }

  /// Adds pairs up over the parts in their order, and gives each part its share of each list.
  private mutating func combine(_ found: [PartPairs<Symbol>]) {
    for part in found {
      for row in 0..<part.records.count {
        let own = part.records.records[row]
        let known = pairs.find(own.key)
        if known < 0 {
          _ = pairs.insert(own)
        } else {
          pairs.records[known].count &+= own.count
          pairs.records[known].length += own.length
        }
      }
    }
    pairs.keep(atLeast: floor)
    for row in 0..<pairs.count {
      pairs.records[row].offset = arenaEnd
      arenaEnd += pairs.records[row].length
    }
    // Of a part's record the offset becomes the next free entry; -1: the pair has no list.
    for row in 0..<pairs.count {
      var next = pairs.records[row].offset
      for part in found {
        let own = part.records.find(pairs.records[row].key)
        if own < 0 { continue }
        part.records.records[own].offset = next
        next += part.records.records[own].length
      }
    }
  }
}

/// The pairs that one part has found.
private final class PartPairs<Symbol: SymbolInteger>: @unchecked Sendable {
  var records = PairRecords()
}

/// How one part is searched.
private struct BasePairSearch<Symbol: SymbolInteger>: Sendable {
  let walk: BasePairWalk<Symbol>
  let joins: PieceJoins?
  /// Of the number of a hashed counter.
  let bits: Int

  @inline(__always)
  private func forEachPair(
    _ part: Int, _ body: (_ key: UInt64, _ position: Int, _ weight: UInt64) -> Void
  ) {
    walk.forEachPair(part) { left, right, position, weight in
      if let joins, !joins.allow(Int(left), Int(right)) { return }
      body(UInt64(left) &<< 32 | UInt64(right), position, weight)
    }
  }

  @inline(__always)
  private func slot(_ key: UInt64) -> Int {
    Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) &>> UInt64(64 &- bits))
  }

  /// Adds weights into hashed counters, which bound counts from above.
  func add(part: Int, to sums: UnsafeMutablePointer<UInt64>) {
    forEachPair(part) { key, _, weight in sums[slot(key)] &+= weight }
  }

  /// Counts the pairs whose counter reaches the floor; their offsets are -1.
  func pairs(part: Int, _ sums: UnsafePointer<UInt64>, _ floor: UInt64) -> PairRecords {
    var records = PairRecords()
    forEachPair(part) { key, _, weight in
      guard sums[slot(key)] >= floor else { return }
      var row = records.find(key)
      if row < 0 { row = records.insert(PairRecord(count: 0, key: key, offset: -1, length: 0)) }
      records.records[row].count &+= Int64(weight)
      records.records[row].length &+= 1
    }
    return records
  }

  /// Writes the places of the pairs that have a list, ascending, where the offsets say.
  func list(part: Int, _ records: inout PairRecords, into arena: UnsafeMutablePointer<UInt32>) {
    forEachPair(part) { key, position, _ in
      let row = records.find(key)
      guard row >= 0 else { return }
      let place = records.records[row].offset
      guard place >= 0 else { return }
      arena[place] = UInt32(truncatingIfNeeded: position)
      records.records[row].offset = place &+ 1
    }
  }
}
