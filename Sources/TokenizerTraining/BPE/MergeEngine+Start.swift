import Primitives

/// What comes before the first merge: memory, and the pairs of base symbols. Where those are few,
/// they are counted in a square of counters, without hashes.
extension MergeEngine {
  /// All memory that merging may need is mapped here, so that it cannot fail later; `nil` without.
  init?(
    words: consuming SymbolSequence<Symbol>, spellings: TokenSpellings, limits: MergeLimits,
    order: PairOrder, joins: PieceJoins? = nil
  ) {
    let slots = words.count
    let separator = Int(words.separator)
    guard let lengths = PageBuffer<Int>(count: limits.vocabularySize + 2),
      let arena = PageBuffer<UInt32>(count: 3 * slots),
      let occurrences = PageBuffer<Occurrence>(count: slots),
      let counters = PageBuffer<UInt64>(count: Self.counterCount(slots: slots)),
      let left = NeighbourCounts<Symbol>(symbolLimit: separator + 2),
      let right = NeighbourCounts<Symbol>(symbolLimit: separator + 2)
    else { return nil }
    for id in 0..<limits.vocabularySize + 2 { lengths[id] = 1 }
    self.init(
      words: words, limits: limits, lengths: lengths, arena: arena, occurrences: occurrences,
      counters: counters, left: left, right: right,
      queue: PairQueue(order: order),
      floor: max(1, limits.minimumCount, limits.tuning.firstFloor ?? 1), spellings: spellings,
      joins: joins)
  }

  /// A power of two near the slots, at most 2^20, which still fits a cache.
  private static func counterCount(slots: Int) -> Int {
    1 << min(20, Int.bitWidth - slots.leadingZeroBitCount)
  }

  /// Brings the pairs of base symbols into sight: what precedes the first merge.
  mutating func findBasePairs(threads: Int) {
    let ids = spellings.count
    let parts = max(1, min(threads, 16, words.count / limits.tuning.leastShare))
    guard limits.tokenLength >= 2 else { return findPairs() }
    if ids > limits.tuning.squareLimit { return findManyBasePairs(parts: parts) }
    let cells = ids * ids
    guard let squares = PageBuffer<BasePairSquare<Symbol>.Cell>(count: parts * cells) else {
      return findPairs()
    }
    nonisolated(unsafe) let (square, list) = (squares.base, arena.base)
    withBasePairs(parts: parts) { engine, walk in
      Threads.run(parts) { part in
        BasePairSquare(walk, ids: ids, cells: square + part * cells).count(part)
      }
      for cell in 0..<cells { engine.insert(cell, ids, in: square, parts: parts) }
      Threads.run(parts) { part in
        BasePairSquare(walk, ids: ids, cells: square + part * cells).list(part, into: list)
      }
    }
    queue.rebuild(pairs, spellings)
  }

  /// A walk over neighbours, in parts, while all tokens are single symbols.
  mutating func withBasePairs(
    parts: Int, _ body: (inout MergeEngine, BasePairWalk<Symbol>) -> Void
  ) {
    let (symbols, blocks) = (words.symbols.base, words.blocks.base)
    let (slots, separator) = (words.count, words.separator)
    // A list that is held twice is not copied.
    let mixed = words.mixed
    mixed.withUnsafeBufferPointer { mixed in
      body(
        &self,
        BasePairWalk(
          symbols: symbols, blocks: blocks, mixed: mixed.baseAddress, slots: slots,
          separator: separator, parts: parts))
    }
  }

  /// Adds a pair up over the parts, gives it a list if it is worth one, and each part its share
  /// of that list: in the order of the words.
  private mutating func insert(
    _ cell: Int, _ ids: Int, in square: UnsafeMutablePointer<BasePairSquare<Symbol>.Cell>,
    parts: Int
  ) {
    var (weight, length): (UInt64, Int) = (0, 0)
    for part in 0..<parts {
      weight &+= square[part * ids * ids + cell].weight
      length += square[part * ids * ids + cell].cursor
    }
    let isWorth = Int64(weight) >= floor && mayJoin(cell / ids, cell % ids)
    let record = PairRecord(
      count: Int64(weight), key: UInt64(cell / ids) << 32 | UInt64(cell % ids), offset: arenaEnd,
      length: length)
    for part in 0..<parts {
      let share = square[part * ids * ids + cell].cursor
      square[part * ids * ids + cell].cursor = isWorth ? arenaEnd : -1
      if isWorth { arenaEnd += share }
    }
    if isWorth { _ = pairs.insert(record) }
  }
}
