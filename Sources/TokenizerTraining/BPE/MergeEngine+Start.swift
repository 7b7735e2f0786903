import Primitives

/// The first pairs, where the base symbols are few: counted in a square of counters, without hashes.
extension MergeEngine {
  /// Ids up to which a square of counters stays in the cache.
  private static var squareLimit: Int { 512 }

  /// Brings the pairs of base symbols into sight.
  mutating func findBasePairs() {
    let ids = spellings.count
    guard ids <= Self.squareLimit, limits.tokenLength >= 2,
      let weights = PageBuffer<UInt64>(count: ids * ids),
      let cursors = PageBuffer<Int>(count: ids * ids)
    else { return findPairs() }
    forEachBasePair(ids) { cell, _, weight in
      weights[cell] &+= weight
      cursors[cell] &+= 1
    }
    for cell in 0..<ids * ids {
      let count = Int64(weights[cell])
      let length = cursors[cell]
      cursors[cell] = -1
      guard count >= floor else { continue }
      cursors[cell] = arenaEnd
      _ = pairs.insert(
        PairRecord(
          count: count, key: UInt64(cell / ids) << 32 | UInt64(cell % ids), offset: arenaEnd,
          length: length))
      arenaEnd += length
    }
    let list = arena.base
    forEachBasePair(ids) { cell, position, _ in
      let cursor = cursors[cell]
      guard cursor >= 0 else { return }
      list[cursor] = UInt32(truncatingIfNeeded: position)
      cursors[cell] = cursor &+ 1
    }
    rebuildHeap()
  }

  /// Calls `body` with every two neighbouring symbols, all of which are single slots: cell of the
  /// square, position, weight.
  @inline(__always)
  private func forEachBasePair(
    _ ids: Int, _ body: (_ cell: Int, _ position: Int, _ weight: UInt64) -> Void
  ) {
    let symbols = words.symbols.base
    let blocks = words.blocks.base
    let separator = Int(Self.separator(vocabularySize: limits.vocabularySize))
    let slots = words.count
    words.mixed.withUnsafeBufferPointer { mixed in
      var p = 0
      var symbol = separator
      while p &+ 1 < slots {
        let block = blocks[p &>> 5]
        let isMixed = block & SymbolSequence<Symbol>.mixedBit != 0
        let row = Int(block & ~SymbolSequence<Symbol>.mixedBit) &<< 5
        let end = min((p | 31) &+ 1, slots &- 1)
        while p < end {
          let follower = Int(symbols[p &+ 1])
          if symbol != separator, follower != separator {
            body(symbol &* ids &+ follower, p, isMixed ? mixed[row | p & 31] : UInt64(block))
          }
          symbol = follower
          p &+= 1
        }
      }
    }
  }
}
