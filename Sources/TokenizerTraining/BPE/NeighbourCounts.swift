import Primitives

/// What stands on one side of the occurrences of a merge: by symbol, the sum of their weights and
/// their number. 20 neighbours in a large merge become one update of a pair.
struct NeighbourCounts<Symbol: SymbolInteger>: ~Copyable {
  /// Bits for the weight in a packed sum; the number of occurrences stands above.
  static var weightBits: UInt64 { 40 }

  /// Packed sums by symbol, or weights alone where a merge is too heavy for packing.
  let sums: PageBuffer<UInt64>
  /// Occurrences by symbol, used in heavy merges only.
  let occurrences: PageBuffer<UInt32>
  /// Symbols whose sum is not 0, in the order they were met; one slot of slack.
  let touched: PageBuffer<Symbol>
  /// Next entry in the arena of the list that the symbol's new pair gets; -1: it gets none.
  let cursors: PageBuffer<Int>

  init?(symbolLimit: Int) {
    guard let sums = PageBuffer<UInt64>(count: symbolLimit),
      let occurrences = PageBuffer<UInt32>(count: symbolLimit),
      let touched = PageBuffer<Symbol>(count: symbolLimit + 1),
      let cursors = PageBuffer<Int>(count: symbolLimit)
    else { return nil }
    self.sums = sums
    self.occurrences = occurrences
    self.touched = touched
    self.cursors = cursors
  }

  /// Whether the sums of a merge can be packed: they are bounded by the pair's count and list.
  static func fits(count: Int64, length: Int) -> Bool {
    count < 1 << Int64(weightBits) && length < 1 << 24
  }
}
