import Primitives

/// Short pieces seen before and their ids, where there are at most four.
///
/// Two entries of 32 bytes share a cache line and take all pieces of one hash: a new piece moves
/// the first entry to the second place, which drops the one that stood there. So the memory is
/// bounded, and only pages in use are real.
struct PieceCache: ~Copyable {
  /// Ids above this do not fit into an entry.
  static let greatestID: TokenID = 1 << 24 - 1
  static let mostIDs = 4

  struct Entry {
    var low: UInt64
    /// Zero in a free entry: no piece has length 0.
    var high: UInt64
    /// Four ids of 24 bits; the top byte of the first is their number.
    var ids: (UInt64, UInt64)
  }

  private let pages: ZeroedPages
  /// Lends the entries to the loop that probes them; `set` numbers lines of two.
  let entries: UnsafeMutablePointer<Entry>
  let shift: UInt64

  /// - Parameter setBits: the cache takes 64 bytes × 2^`setBits`.
  init(setBits: Int) {
    shift = UInt64(64 - setBits)
    pages = ZeroedPages(byteCount: 64 << setBits)
    entries = pages.base.bindMemory(to: Entry.self, capacity: 2 << setBits)
  }

  /// Index of the first of the two entries for a hash.
  @inline(__always)
  static func index(of hash: UInt64, shift: UInt64) -> Int {
    Int(truncatingIfNeeded: hash &>> shift) &<< 1
  }

  /// Remembers the ids of a piece.
  /// - Precondition: `key` is short; `count` is 0...4 and no id is above `greatestID`.
  func insert(_ key: ShortKey, ids: UnsafePointer<TokenID>, count: Int) {
    var packed: (UInt64, UInt64) = (UInt64(count) << 24, 0)
    if count > 0 { packed.0 |= UInt64(ids[0]) }
    if count > 1 { packed.0 |= UInt64(ids[1]) << 32 }
    if count > 2 { packed.1 |= UInt64(ids[2]) }
    if count > 3 { packed.1 |= UInt64(ids[3]) << 32 }
    let index = Self.index(of: key.hash, shift: shift)
    entries[index + 1] = entries[index]
    entries[index] = Entry(low: key.low, high: key.high, ids: packed)
  }
}
