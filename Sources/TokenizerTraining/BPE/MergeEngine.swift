import NativeBridges
import Primitives
import Tokenization

/// Greedy byte-pair merging (Sennrich et al. 2016, algorithm 1), exact, over any base symbols.
///
/// Every pair in sight has a complete list of positions from its birth on: all tokens `c` appear in
/// one merge, so all pairs with `c` do; later they only vanish. A position `p` of (a, b) holds as
/// long as `p` has `a` and `p + length(a)` has `b`; one that no longer holds is skipped when it is
/// met. Pairs too rare ever to be merged stay out of sight; if that guess was wrong, a walk over
/// all tokens brings them back, so the result does not depend on it.
struct MergeEngine<Symbol: SymbolInteger>: ~Copyable {
  struct Occurrence: BitwiseCopyable {
    var position: UInt32
    var left: Symbol
    var right: Symbol
  }

  let words: SymbolSequence<Symbol>
  let limits: MergeLimits
  /// Base symbols in each token, by id.
  let lengths: PageBuffer<Int>
  /// Lists of positions, one after the other; never more than three entries a slot.
  let arena: PageBuffer<UInt32>
  let occurrences: PageBuffer<Occurrence>
  /// Hashed sums of weights for the walks that look for pairs; untouched until there is one.
  let counters: PageBuffer<UInt64>
  let left: NeighbourCounts<Symbol>
  let right: NeighbourCounts<Symbol>
  var arenaEnd = 0
  /// Entries that a merged pair left behind: the lists that are born go there first, which keeps the
  /// arena at little more than the first lists.
  var spare = 0..<0
  var pairs = PairRecords()
  var queue: PairQueue
  /// Pairs below this count are out of sight.
  var floor: Int64
  var spellings: TokenSpellings
  /// What may be one token; `nil`: everything up to the length of the limits.
  var joins: PieceJoins?
  private(set) var merges: [Merge] = []
  private(set) var mergeCounts: [UInt64] = []
  /// Weighted occurrences that merges took away.
  private(set) var mergedWeight: UInt64 = 0
  /// The same after each merge, by rank.
  private(set) var mergedWeights: [UInt64] = []
  /// The number of merges at which the pairs are thinned out next.
  var nextTightening = 256

  /// Symbols that are no token: the separator is the first id that this width cannot give.
  private var separator: Symbol { words.separator }
  private var buried: Symbol { separator + 1 }

  /// Merges until the ids are given away; returns early when no pair is left.
  mutating func mergeAll(progress: TrainingProgress) {
    let first = spellings.count - merges.count
    let total = limits.vocabularySize - first
    while spellings.count < Int(separator), let pair = selectPair() {
      merge(pair)
      if merges.count & 511 == 0 { progress.report(.merging, spellings.count - first, total) }
      if merges.count == nextTightening {
        nextTightening *= 2
        raiseFloor()
      }
    }
    progress.report(.merging, spellings.count - first, total)
  }

  /// The same engine with room for all ids; `nil` without memory.
  consuming func widened() -> MergeEngine<UInt32>? {
    guard let words = words.widened(separator: UInt32(limits.vocabularySize)),
      let occurrences = PageBuffer<MergeEngine<UInt32>.Occurrence>(count: words.count),
      let left = NeighbourCounts<UInt32>(symbolLimit: limits.vocabularySize + 2),
      let right = NeighbourCounts<UInt32>(symbolLimit: limits.vocabularySize + 2)
    else { return nil }
    return MergeEngine<UInt32>(
      words: words, limits: limits, lengths: lengths, arena: arena, occurrences: occurrences,
      counters: counters, left: left, right: right, arenaEnd: arenaEnd, spare: spare,
      pairs: pairs, queue: queue, floor: floor, spellings: spellings, joins: joins, merges: merges,
      mergeCounts: mergeCounts, mergedWeight: mergedWeight,
      mergedWeights: mergedWeights, nextTightening: nextTightening)
  }

  @inline(__always)
  func mayJoin(_ left: Int, _ right: Int) -> Bool { joins?.allow(left, right) ?? true }

  /// Whether two tokens that may become one still stand side by side.
  var hasPair: Bool {
    var found = false
    forEachPair { _, _, _ in found = true }
    return found
  }

  /// The number of the record of the best pair.
  private mutating func selectPair() -> Int? {
    while true {
      if let row = queue.next(pairs, floor: floor, spellings) { return row }
      guard floor > max(1, limits.minimumCount) else { return nil }
      floor = max(1, limits.minimumCount, floor / 4)
      findPairs()
    }
  }

  private mutating func merge(_ row: Int) {
    for born in replace(row).born {
      queue.push(pairs.records[born], number: born, spellings)
    }
  }

  /// What stood on the two sides of a merge, and which records were born in it.
  struct Replacement {
    var born: Range<Int>
    /// Symbols in `left.touched` and `right.touched`, perhaps the separator, until the next merge.
    var leftCount: Int
    var rightCount: Int
  }

  /// Makes one token of a pair everywhere and brings the counts up to date, but not the queue.
  mutating func replace(_ row: Int) -> Replacement {
    let pair = pairs.records[row]
    let a = Symbol(truncatingIfNeeded: pair.key >> 32)
    let b = Symbol(truncatingIfNeeded: pair.key & 0xFFFF_FFFF)
    let id = spellings.merge(Int(a), Int(b))
    let c = Symbol(id)
    lengths[id] = lengths[Int(a)] + lengths[Int(b)]
    joins?.merge(Int(a), Int(b))
    merges.append(Merge(left: TokenID(a), right: TokenID(b), result: TokenID(id)))
    mergeCounts.append(UInt64(pair.count))
    // (a, a) is still lowered by its own merge: it must never come back.
    pairs.records[row].count = 0

    let isHeavy = !NeighbourCounts<Symbol>.fits(count: pair.count, length: pair.length)
    let counts: (occurrences: Int, left: Int, right: Int)
    if isHeavy {
      counts = apply(a, b, c, offset: pair.offset, length: pair.length, isHeavy: true)
    } else {
      counts = apply(a, b, c, offset: pair.offset, length: pair.length, isHeavy: false)
    }
    if pair.length > spare.count { spare = pair.offset..<pair.offset + pair.length }
    // Right first: in a run of `a`, (c, a) is born on the right and lowered on the left.
    let firstBorn = pairs.count
    updateRight(b, c, touched: counts.right, isHeavy: isHeavy)
    updateLeft(a, c, touched: counts.left, isHeavy: isHeavy)
    mergedWeights.append(mergedWeight)
    if pairs.count > firstBorn { fillLists(counts, c) }
    clear(counts)
    return Replacement(
      born: firstBorn..<pairs.count, leftCount: counts.left, rightCount: counts.right)
  }

  /// Writes `c` where `a`, `b` stands, left to right, and gathers what stands beside it.
  @inline(__always)
  private func apply(
    _ a: Symbol, _ b: Symbol, _ c: Symbol, offset: Int, length: Int, isHeavy: Bool
  ) -> (occurrences: Int, left: Int, right: Int) {
    let symbols = words.symbols.base
    let blocks = words.blocks.base
    let list = arena.base + offset
    let found = occurrences.base
    let leftSums = left.sums.base
    let rightSums = right.sums.base
    let leftTouched = left.touched.base
    let rightTouched = right.touched.base
    let leftOccurrences = left.occurrences.base
    let rightOccurrences = right.occurrences.base
    let lengthA = lengths[Int(a)]
    let lengthB = lengths[Int(b)]
    let buried = self.buried
    let one: UInt64 = isHeavy ? 0 : 1 << NeighbourCounts<Symbol>.weightBits
    var n = 0
    var leftCount = 0
    var rightCount = 0
    words.mixed.withUnsafeBufferPointer { mixed in
      var i = 0
      while i < length {
        // Far enough ahead for memory to answer; 12 is 10 % slower, more changes nothing.
        if i &+ 24 < length {
          let ahead = Int(list[i &+ 24])
          tt_prefetch(symbols + ahead)
          tt_prefetch(blocks + ahead &>> 5)
        }
        let p = Int(list[i])
        i &+= 1
        let q = p &+ lengthA
        guard symbols[p] == a, symbols[q] == b else { continue }
        let end = q &+ lengthB
        let x = symbols[p &- 1]
        let y = symbols[end]
        let block = blocks[p &>> 5]
        var weight = UInt64(block)
        if block & SymbolSequence<Symbol>.mixedBit != 0 {
          weight = mixed[Int(block & ~SymbolSequence<Symbol>.mixedBit) &<< 5 | p & 31]
        }
        // In this order: `q` may be the token's last slot.
        symbols[p] = c
        symbols[q] = buried
        symbols[end &- 1] = c
        let leftSum = leftSums[Int(x)]
        leftTouched[leftCount] = x
        leftCount &+= leftSum == 0 ? 1 : 0
        leftSums[Int(x)] = leftSum &+ weight &+ one
        let rightSum = rightSums[Int(y)]
        rightTouched[rightCount] = y
        rightCount &+= rightSum == 0 ? 1 : 0
        rightSums[Int(y)] = rightSum &+ weight &+ one
        if isHeavy {
          leftOccurrences[Int(x)] &+= 1
          rightOccurrences[Int(y)] &+= 1
        }
        found[n] = Occurrence(position: UInt32(truncatingIfNeeded: p), left: x, right: y)
        n &+= 1
      }
    }
    return (n, leftCount, rightCount)
  }

  /// (b, y) loses what (c, y) is born with.
  private mutating func updateRight(_ b: Symbol, _ c: Symbol, touched: Int, isHeavy: Bool) {
    let symbols = right.touched.base
    var i = 0
    while i < touched {
      if i &+ 8 < touched {
        pairs.prefetch(UInt64(b) &<< 32 | UInt64(symbols[i &+ 8]))
        pairs.prefetch(UInt64(c) &<< 32 | UInt64(symbols[i &+ 8]))
      }
      let y = symbols[i]
      i &+= 1
      guard y != separator else { continue }
      let (weight, number) = Self.unpack(right, y, isHeavy)
      lower(UInt64(b) &<< 32 | UInt64(y), by: weight)
      let cursor = bear(c, y, weight, number)
      right.cursors[Int(y)] = cursor
    }
  }

  /// (x, a) loses what (x, c) is born with.
  private mutating func updateLeft(_ a: Symbol, _ c: Symbol, touched: Int, isHeavy: Bool) {
    let symbols = left.touched.base
    var i = 0
    while i < touched {
      if i &+ 8 < touched {
        pairs.prefetch(UInt64(symbols[i &+ 8]) &<< 32 | UInt64(a))
        pairs.prefetch(UInt64(symbols[i &+ 8]) &<< 32 | UInt64(c))
      }
      let x = symbols[i]
      i &+= 1
      let (weight, number) = Self.unpack(left, x, isHeavy)
      mergedWeight &+= UInt64(weight)
      guard x != separator else { continue }
      lower(UInt64(x) &<< 32 | UInt64(a), by: weight)
      let cursor = bear(x, c, weight, number)
      left.cursors[Int(x)] = cursor
    }
  }

  @inline(__always)
  private static func unpack(
    _ counts: borrowing NeighbourCounts<Symbol>, _ symbol: Symbol, _ isHeavy: Bool
  ) -> (weight: Int64, number: Int) {
    let sum = counts.sums[Int(symbol)]
    if isHeavy { return (Int64(sum), Int(counts.occurrences[Int(symbol)])) }
    let bits = NeighbourCounts<Symbol>.weightBits
    return (Int64(sum & (1 &<< bits &- 1)), Int(sum &>> bits))
  }

  @inline(__always)
  private mutating func lower(_ key: UInt64, by weight: Int64) {
    let row = pairs.find(key)
    if row >= 0 { pairs.records[row].count &-= weight }
  }

  /// Brings a new pair into sight if it is worth it. Returns where its list starts, or -1.
  @inline(__always)
  private mutating func bear(_ u: Symbol, _ v: Symbol, _ weight: Int64, _ number: Int) -> Int {
    guard weight >= floor, lengths[Int(u)] &+ lengths[Int(v)] <= limits.tokenLength,
      mayJoin(Int(u), Int(v))
    else { return -1 }
    let offset: Int
    if number <= spare.count {
      offset = spare.lowerBound
      spare = offset &+ number..<spare.upperBound
    } else {
      offset = arenaEnd
      arenaEnd &+= number
    }
    _ = pairs.insert(
      PairRecord(
        count: weight, key: UInt64(u) &<< 32 | UInt64(v), offset: offset, length: number))
    return offset
  }

  /// Writes the positions of the new pairs, in one pass and in order.
  private func fillLists(_ counts: (occurrences: Int, left: Int, right: Int), _ c: Symbol) {
    let found = occurrences.base
    let list = arena.base
    let lengths = self.lengths.base
    let leftCursors = left.cursors.base
    let rightCursors = right.cursors.base
    leftCursors[Int(separator)] = -1
    rightCursors[Int(separator)] = -1
    var i = 0
    while i < counts.occurrences {
      let occurrence = found[i]
      i &+= 1
      let x = Int(occurrence.left)
      let leftCursor = leftCursors[x]
      if leftCursor >= 0 {
        list[leftCursor] = occurrence.position &- UInt32(truncatingIfNeeded: lengths[x])
        leftCursors[x] = leftCursor &+ 1
      }
      let y = Int(occurrence.right)
      let rightCursor = rightCursors[y]
      if rightCursor >= 0 {
        list[rightCursor] = occurrence.position
        rightCursors[y] = rightCursor &+ 1
      }
    }
  }

  private func clear(_ counts: (occurrences: Int, left: Int, right: Int)) {
    for i in 0..<counts.left {
      left.sums[Int(left.touched[i])] = 0
      left.occurrences[Int(left.touched[i])] = 0
    }
    for i in 0..<counts.right {
      right.sums[Int(right.touched[i])] = 0
      right.occurrences[Int(right.touched[i])] = 0
    }
  }
}
