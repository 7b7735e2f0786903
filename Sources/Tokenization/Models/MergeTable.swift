import NativeBridges
import Primitives

/// Rank and result of each merge by its pair, for many threads at once.
///
/// Open addressing with 16 bytes a slot, at most half full; a filter answers for most pairs that no
/// merge joins without a look into the large table. A pair that is listed twice has its last rank, as in
/// Hugging Face's map of merges.
// Sendable without a check: the memory is written before others see the table.
final class MergeTable: @unchecked Sendable {
  /// The value of a pair that no merge joins: greater than that of any merge.
  static let absent = UInt64.max

  private struct Slot {
    /// Left id in the high half, right id in the low one, and one more; 0 where the slot is free.
    var key: UInt64
    /// Rank in the high half, result in the low one.
    var value: UInt64
  }

  private let pages: ZeroedPages
  private let slots: UnsafeMutablePointer<Slot>
  private let capacity: Int
  private let shift: UInt64
  /// 16 to 32 bits for each merge; that of a pair's hash is set for each pair in the table.
  private let filter: ZeroedPages
  private let filterShift: UInt64

  convenience init(_ merges: [Merge]) {
    self.init(capacity: merges.count)
    for (rank, merge) in merges.enumerated() {
      insert(merge, rank: UInt32(truncatingIfNeeded: rank))
    }
  }

  /// A table without merges, and with room for so many.
  init(capacity count: Int) {
    var bits = 4
    while 1 << bits < 2 * count { bits += 1 }
    capacity = 1 << bits
    shift = UInt64(64 - bits)
    pages = ZeroedPages(byteCount: capacity * MemoryLayout<Slot>.stride)
    slots = pages.base.bindMemory(to: Slot.self, capacity: capacity)
    filterShift = UInt64(64 - (bits + 3))
    filter = ZeroedPages(byteCount: capacity)
  }

  /// Adds a merge, or gives another rank to one of the same pair.
  /// - Precondition: nobody else uses the table yet, and there is room; ids are below 2^32 - 1.
  func insert(_ merge: Merge, rank: UInt32) {
    let pair = UInt64(merge.left) << 32 | UInt64(merge.right)
    var index = home(of: pair)
    while slots[index].key != 0 && slots[index].key != pair + 1 {
      index = (index + 1) & (capacity - 1)
    }
    slots[index] = Slot(key: pair + 1, value: UInt64(rank) << 32 | UInt64(merge.result))
    let bit = filterBit(of: pair)
    let byte = filter.base.load(fromByteOffset: bit >> 3, as: UInt8.self)
    filter.base.storeBytes(
      of: byte | 1 << UInt8(bit & 7), toByteOffset: bit >> 3, as: UInt8.self)
  }

  /// Asks for the memory where the merge of a pair will be inserted.
  @inline(__always)
  func prefetch(left: TokenID, right: TokenID) {
    tt_prefetch(slots + home(of: UInt64(left) &<< 32 | UInt64(right)))
  }

  /// Rank << 32 | result of the merge of a pair, or `absent`: the smaller value is merged first.
  @inline(__always)
  func value(left: TokenID, right: TokenID) -> UInt64 {
    let pair = UInt64(left) &<< 32 | UInt64(right)
    let bit = filterBit(of: pair)
    let byte = filter.base.load(fromByteOffset: bit &>> 3, as: UInt8.self)
    if byte & (1 &<< UInt8(truncatingIfNeeded: bit & 7)) == 0 { return Self.absent }
    var index = home(of: pair)
    while slots[index].key != pair &+ 1 {
      if slots[index].key == 0 { return Self.absent }
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
  @inline(__always)
  private func filterBit(of pair: UInt64) -> Int {
    Int(truncatingIfNeeded: (pair &* 0x9E37_79B9_7F4A_7C15) &>> filterShift)
  }
}
