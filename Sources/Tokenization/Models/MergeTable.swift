/// Rank and result of each merge by its pair, for many threads at once.
///
/// Open addressing with 16 bytes a slot, at most half full. A pair that is listed twice has its
/// last rank, as in Hugging Face's map of merges.
// Sendable without a check: the memory is written in `init` only.
final class MergeTable: @unchecked Sendable {
  /// The value of a pair that no merge joins: greater than that of any merge.
  static let absent = UInt64.max

  private struct Slot {
    /// Left id in the high half, right id in the low one; all ones where the slot is free.
    var pair: UInt64
    /// Rank in the high half, result in the low one.
    var value: UInt64
  }

  private let slots: UnsafeMutablePointer<Slot>
  private let capacity: Int
  private let shift: UInt64

  init(_ merges: [Merge]) {
    var bits = 4
    while 1 << bits < 2 * merges.count { bits += 1 }
    capacity = 1 << bits
    shift = UInt64(64 - bits)
    slots = .allocate(capacity: capacity)
    slots.initialize(repeating: Slot(pair: .max, value: Self.absent), count: capacity)
    for (rank, merge) in merges.enumerated() {
      let pair = UInt64(merge.left) << 32 | UInt64(merge.right)
      var index = home(of: pair)
      while slots[index].pair != .max && slots[index].pair != pair {
        index = (index + 1) & (capacity - 1)
      }
      slots[index] = Slot(pair: pair, value: UInt64(rank) << 32 | UInt64(merge.result))
    }
  }

  deinit { slots.deallocate() }

  /// Rank << 32 | result of the merge of a pair, or `absent`: the smaller value is merged first.
  @inline(__always)
  func value(left: TokenID, right: TokenID) -> UInt64 {
    let pair = UInt64(left) &<< 32 | UInt64(right)
    var index = home(of: pair)
    while slots[index].pair != pair {
      if slots[index].pair == .max { return Self.absent }
      index = (index &+ 1) & (capacity &- 1)
    }
    return slots[index].value
  }

  /// Merges symbols in place, the smallest value first, and returns how many remain.
  func merge(_ symbols: UnsafeMutablePointer<TokenID>, count: Int) -> Int {
    if count < 2 { return count }
    return count <= ShortMerging.limit
      ? ShortMerging.merge(symbols, count: count, by: self)
      : LongMerging.merge(symbols, count: count, by: self)
  }

  @inline(__always)
  private func home(of pair: UInt64) -> Int {
    Int(truncatingIfNeeded: (pair &* 0x9E37_79B9_7F4A_7C15) &>> shift)
  }
}
