import NativeBridges
import Primitives

/// Pieces seen before that no other cache can hold: long ones, and those of many ids.
///
/// Bytes and ids lie in one arena; when it or the table is full, everything is forgotten. Only pages in
/// use are taken from the system.
struct LongPieceCache: ~Copyable {
  /// Longest piece to remember, in bytes.
  static let maximumLength = 512
  /// Most ids to remember of one.
  static let mostIDs = Int(UInt16.max)

  private let tableBits: Int
  private let arenaCapacity: Int
  /// Whether two bytes hold every id; else it takes four.
  private let hasShortIDs: Bool

  private struct Entry {
    /// What of the hash does not tell the place.
    var check: UInt32
    /// Where the ids begin in the arena; the bytes follow them.
    var offset: UInt32
    /// 0 in a free entry.
    var length: UInt16
    var idCount: UInt16
  }

  private let seed = ByteWords.seed
  private let table: ZeroedPages
  private let arena: ZeroedPages
  private let entries: UnsafeMutablePointer<Entry>
  private var used = 0
  private var count = 0

  /// - Parameters:
  ///   - idCount: one more than the greatest id.
  ///   - byteCount: most memory, rounded down to a power of two, and 16 KB at least: three sixteenths
  ///     for the table, an entry to 64 bytes in all.
  init(idCount: Int, byteCount: Int) {
    let bits = max(14, byteCount.bitWidth - byteCount.leadingZeroBitCount - 1)
    tableBits = bits - 6
    let tableSize = MemoryLayout<Entry>.stride << tableBits
    arenaCapacity = 1 << bits - tableSize
    hasShortIDs = idCount <= 1 << 16
    table = ZeroedPages(byteCount: tableSize)
    arena = ZeroedPages(byteCount: arenaCapacity)
    entries = table.base.bindMemory(to: Entry.self, capacity: 1 << tableBits)
  }

  /// Asks for the memory of a piece.
  @inline(__always)
  func prefetch(_ hash: UInt64) { tt_prefetch(entries + index(of: hash)) }

  /// Copies the ids of a remembered piece to `output`; -1 if it is not remembered.
  func ids(
    of piece: UnsafeBufferPointer<UInt8>, hash: UInt64, into output: UnsafeMutablePointer<TokenID>
  ) -> Int {
    guard let start = piece.baseAddress else { return -1 }
    var index = index(of: hash)
    while entries[index].length != 0 {
      let entry = entries[index]
      if entry.check == UInt32(truncatingIfNeeded: hash), Int(entry.length) == piece.count {
        let ids = UnsafeRawPointer(arena.base + Int(entry.offset))
        let count = Int(entry.idCount)
        let bytes = (ids + size(of: count)).assumingMemoryBound(to: UInt8.self)
        if ByteWords.areEqual(bytes, start, count: piece.count) {
          copy(count, from: ids, to: output)
          return count
        }
      }
      index = (index &+ 1) & (1 << tableBits - 1)
    }
    return -1
  }

  /// Bytes of ids.
  private func size(of idCount: Int) -> Int { (hasShortIDs ? 2 : 4) &* idCount }

  private func copy(
    _ count: Int, from ids: UnsafeRawPointer, to output: UnsafeMutablePointer<TokenID>
  ) {
    if hasShortIDs {
      let ids = ids.assumingMemoryBound(to: UInt16.self)
      for index in 0..<count { output[index] = TokenID(ids[index]) }
    } else {
      output.update(from: ids.assumingMemoryBound(to: TokenID.self), count: count)
    }
  }

  /// Remembers a piece, at most `maximumLength` long, that is not remembered yet; no piece that takes
  /// more than all memory there is.
  mutating func insert(
    _ piece: UnsafeBufferPointer<UInt8>, hash: UInt64, ids: UnsafePointer<TokenID>, idCount: Int
  ) {
    let idSize = size(of: idCount)
    let size = (idSize + piece.count + 7) & ~7
    // Normalization may have made much of little.
    if size > arenaCapacity { return }
    if 2 * count >= 1 << tableBits || used + size > arenaCapacity { removeAll() }
    guard let source = piece.baseAddress else { return }
    var index = index(of: hash)
    while entries[index].length != 0 { index = (index &+ 1) & (1 << tableBits - 1) }
    let target = arena.base + used
    if hasShortIDs {
      let short = target.assumingMemoryBound(to: UInt16.self)
      for index in 0..<idCount { short[index] = UInt16(truncatingIfNeeded: ids[index]) }
    } else {
      target.copyMemory(from: ids, byteCount: idSize)
    }
    (target + idSize).copyMemory(from: source, byteCount: piece.count)
    entries[index] = Entry(
      check: UInt32(truncatingIfNeeded: hash), offset: UInt32(used), length: UInt16(piece.count),
      idCount: UInt16(idCount))
    used += size
    count += 1
  }

  private mutating func removeAll() {
    entries.update(
      repeating: Entry(check: 0, offset: 0, length: 0, idCount: 0), count: 1 << tableBits)
    used = 0
    count = 0
  }

  private func index(of hash: UInt64) -> Int {
    Int(truncatingIfNeeded: hash >> UInt64(64 - tableBits))
  }

  /// For `ids` and `insert`.
  func hash(_ piece: UnsafeBufferPointer<UInt8>) -> UInt64 {
    piece.baseAddress.map { ByteWords.hash($0, count: piece.count, seed: seed) } ?? 0
  }
}
