/// Walks over the neighbours in a part of the words while all tokens are single symbols.
///
/// Unchecked because of the pointers: parts only read the symbols, and each writes cells and lists
/// of its own.
struct BasePairWalk<Symbol: SymbolInteger>:
  @unchecked Sendable
{
  /// One pair in the square of all pairs: in a row for its left symbol, in a column for its right.
  struct Cell: BitwiseCopyable {
    var weight: UInt64
    /// First the number of occurrences, then the next free entry of the pair's list; -1: it has none.
    var cursor: Int
  }

  let symbols: UnsafePointer<Symbol>
  let blocks: UnsafePointer<UInt32>
  let mixed: UnsafePointer<UInt64>?
  /// Slots of all words.
  let slots: Int
  let separator: Symbol
  /// Symbols are below this: the side of the square.
  let ids: Int
  let parts: Int

  /// Adds up weights and occurrences of the pairs that begin in a part.
  func count(part: Int, into square: UnsafeMutablePointer<Cell>) {
    forEachPair(part) { cell, _, weight in
      square[cell].weight &+= weight
      square[cell].cursor &+= 1
    }
  }

  /// Writes the places of the pairs that begin in a part, ascending, where the cursors say.
  func list(
    part: Int, _ square: UnsafeMutablePointer<Cell>, into arena: UnsafeMutablePointer<UInt32>
  ) {
    forEachPair(part) { cell, position, _ in
      let cursor = square[cell].cursor
      guard cursor >= 0 else { return }
      arena[cursor] = UInt32(truncatingIfNeeded: position)
      square[cell].cursor = cursor &+ 1
    }
  }

  /// Calls `body` with the cell, the place and the weight of every two neighbours.
  @inline(__always)
  private func forEachPair(
    _ part: Int, _ body: (_ cell: Int, _ position: Int, _ weight: UInt64) -> Void
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
          body(Int(symbol) &* ids &+ Int(follower), p, weight)
        }
        symbol = follower
        p &+= 1
      }
    }
  }
}
