import NativeBridges
import Primitives

/// Rank and result of each merge by its pair, for many threads at once.
///
/// A pair that is listed twice has its last rank, as in Hugging Face's map of merges.
// Sendable without a check: the memory is written before others see the table.
final class MergeTable: @unchecked Sendable {
  /// The value of a pair that no merge joins: greater than that of any merge.
  static let absent = UInt64.max

  private(set) var ranks: MergeRanks
  private let slots: ZeroedPages
  private let otherRanks: ZeroedPages
  private let members: ZeroedPages
  private let results: ZeroedPages

  convenience init(_ merges: [Merge]) {
    let greatest = merges.reduce(0) { max($0, $1.left, $1.right) }
    self.init(capacity: merges.count, idCount: Int(greatest) + 1, rankCount: merges.count)
    for (rank, merge) in merges.enumerated() {
      insert(merge, rank: UInt32(truncatingIfNeeded: rank))
    }
    if let first = merges.first?.result,
      merges.enumerated().allSatisfy({ Int($1.result) == Int(first) + $0 })
    {
      ranks.firstResult = first
    }
  }

  /// A table without merges.
  ///
  /// - Parameters:
  ///   - capacity: most merges that will be inserted.
  ///   - idCount: above every id of their pairs.
  ///   - rankCount: above every rank.
  init(capacity: Int, idCount: Int, rankCount: Int) {
    var bits = 4
    while 4 << bits < 5 * capacity { bits += 1 }
    let idBits = Self.bitCount(idCount)
    let rankBits = Self.bitCount(rankCount)
    let fits = 2 * idBits + 1 + rankBits <= 64
    slots = ZeroedPages(byteCount: 8 << bits)
    otherRanks = ZeroedPages(byteCount: fits ? 1 : 4 << bits)
    let memberBytes = 1 << max(0, idBits - 3)
    members = ZeroedPages(byteCount: 2 * memberBytes)
    results = ZeroedPages(byteCount: 4 * max(1, rankCount))
    let bytes = members.base.bindMemory(to: UInt8.self, capacity: 2 * memberBytes)
    ranks = MergeRanks(
      slots: slots.base.bindMemory(to: UInt64.self, capacity: 1 << bits),
      otherRanks: fits ? nil : otherRanks.base.bindMemory(to: UInt32.self, capacity: 1 << bits),
      lefts: bytes, rights: bytes + memberBytes,
      results: results.base.bindMemory(to: TokenID.self, capacity: max(1, rankCount)),
      idBits: UInt32(idBits), pairBits: fits ? UInt64(idBits) : 32,
      rankBits: fits ? UInt64(rankBits) : 0, slotShift: UInt64(64 - bits),
      slotMask: 1 << bits - 1)
  }

  private static func bitCount(_ count: Int) -> Int {
    max(1, (count - 1).bitWidth - max(0, count - 1).leadingZeroBitCount)
  }

  /// Adds a merge, or gives another rank to one of the same pair.
  /// - Precondition: nobody else uses the table yet, and there is room; ids are below 2^32 - 1.
  func insert(_ merge: Merge, rank: UInt32) {
    ranks.insert(left: merge.left, right: merge.right, rank: rank)
    ranks.results[Int(rank)] = merge.result
  }

  /// Asks for the memory where the merge of a pair will be inserted.
  @inline(__always)
  func prefetch(left: TokenID, right: TokenID) {
    tt_prefetch(ranks.home(left: left, right: right))
  }

  /// Rank << 32 | result of the merge of a pair, or `absent`: the smaller value is merged first.
  @inline(__always)
  func value(left: TokenID, right: TokenID) -> UInt64 {
    let rank = ranks.rank(left: left, right: right)
    if rank == MergeRanks.none { return Self.absent }
    return UInt64(rank) &<< 32 | UInt64(ranks.result(of: rank))
  }

  /// Merges symbols in place, the smallest rank first, and returns how many remain.
  func merge(_ symbols: UnsafeMutablePointer<TokenID>, count: Int) -> Int {
    if count < 2 { return count }
    return count <= ShortMerging.limit
      ? ShortMerging.merge(symbols, count: count, by: ranks)
      : LongMerging.merge(symbols, count: count, by: ranks)
  }
}
