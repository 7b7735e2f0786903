/// Walks over the neighbours in a part of the words while all tokens are single symbols.
///
/// Unchecked because of the pointers: parts only read the symbols.
struct BasePairWalk<Symbol: SymbolInteger>: @unchecked Sendable {
  let symbols: UnsafePointer<Symbol>
  let blocks: UnsafePointer<UInt32>
  let mixed: UnsafePointer<UInt64>?
  /// Slots of all words.
  let slots: Int
  let separator: Symbol
  let parts: Int

  /// Calls `body` with every two neighbours of a part, their place and their weight.
  @inline(__always)
  func forEachPair(
    _ part: Int,
    _ body: (_ left: Symbol, _ right: Symbol, _ position: Int, _ weight: UInt64) -> Void
  ) {
    // A part is a number of whole blocks, which share a weight or a row of weights.
    let share = (slots / parts) & ~31
    let upper = part == parts - 1 ? slots - 1 : (part + 1) * share
    var p = part * share
    var symbol = symbols[p]
    while p < upper {
      let block = blocks[p &>> 5]
      let row =
        block & SymbolSequence<Symbol>.mixedBit == 0
        ? nil : mixed.map { $0 + Int(block & ~SymbolSequence<Symbol>.mixedBit) &<< 5 }
      let end = min((p | 31) &+ 1, upper)
      while p < end {
        let follower = symbols[p &+ 1]
        if symbol != separator, follower != separator {
          let weight = row.map { $0[p & 31] } ?? UInt64(block)
          body(symbol, follower, p, weight)
        }
        symbol = follower
        p &+= 1
      }
    }
  }
}

/// One part's counters of all pairs that there can be: in a row for the left symbol, in a column for
/// the right one.
struct BasePairSquare<Symbol: SymbolInteger> {
  struct Cell: BitwiseCopyable {
    var weight: UInt64
    /// First the number of occurrences, then the next free entry of the pair's list; -1: it has none.
    var cursor: Int
  }

  private let walk: BasePairWalk<Symbol>
  /// Symbols are below this: the side of the square.
  private let ids: Int
  private let cells: UnsafeMutablePointer<Cell>

  init(_ walk: BasePairWalk<Symbol>, ids: Int, cells: UnsafeMutablePointer<Cell>) {
    self.walk = walk
    self.ids = ids
    self.cells = cells
  }

  /// Adds up weights and occurrences of the pairs that begin in a part.
  func count(_ part: Int) {
    walk.forEachPair(part) { left, right, _, weight in
      let cell = Int(left) &* ids &+ Int(right)
      cells[cell].weight &+= weight
      cells[cell].cursor &+= 1
    }
  }

  /// Writes the places of the pairs that begin in a part, ascending, where the cursors say.
  func list(_ part: Int, into arena: UnsafeMutablePointer<UInt32>) {
    walk.forEachPair(part) { left, right, position, _ in
      let cell = Int(left) &* ids &+ Int(right)
      let cursor = cells[cell].cursor
      guard cursor >= 0 else { return }
      arena[cursor] = UInt32(truncatingIfNeeded: position)
      cells[cell].cursor = cursor &+ 1
    }
  }
}
