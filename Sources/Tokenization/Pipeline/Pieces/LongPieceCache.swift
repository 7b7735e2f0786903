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

  private struct Entry {
    var hash: UInt64
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

  /// - Parameter byteCount: most memory, rounded down to a power of two, and 16 KB at least: an eighth
  ///   for the table.
  init(byteCount: Int) {
    let bits = max(14, byteCount.bitWidth - byteCount.leadingZeroBitCount - 1)
    tableBits = bits - 7
    arenaCapacity = 7 << (bits - 3)
    table = ZeroedPages(byteCount: MemoryLayout<Entry>.stride << tableBits)
    arena = ZeroedPages(byteCount: arenaCapacity)
    entries = table.base.bindMemory(to: Entry.self, capacity: 1 << tableBits)
  }

  /// Copies the ids of a remembered piece to `output`; -1 if it is not remembered.
  func ids(
    of piece: UnsafeBufferPointer<UInt8>, hash: UInt64, into output: UnsafeMutablePointer<TokenID>
  ) -> Int {
    guard let start = piece.baseAddress else { return -1 }
    var index = index(of: hash)
    while entries[index].length != 0 {
      let entry = entries[index]
      if entry.hash == hash, Int(entry.length) == piece.count {
        let ids = arena.base + Int(entry.offset)
        let bytes = (ids + 4 &* Int(entry.idCount)).assumingMemoryBound(to: UInt8.self)
        if ByteWords.areEqual(bytes, start, count: piece.count) {
          let start = ids.assumingMemoryBound(to: TokenID.self)
          output.update(from: start, count: Int(entry.idCount))
          return Int(entry.idCount)
        }
      }
      index = (index &+ 1) & (1 << tableBits - 1)
    }
    return -1
  }

  /// Remembers a piece, at most `maximumLength` long, that is not remembered yet; no piece that takes
  /// more than all memory there is.
  mutating func insert(
    _ piece: UnsafeBufferPointer<UInt8>, hash: UInt64, ids: UnsafePointer<TokenID>, idCount: Int
  ) {
    let size = (4 * idCount + piece.count + 7) & ~7
    // Normalization may have made much of little.
    if size > arenaCapacity { return }
    if 2 * count >= 1 << tableBits || used + size > arenaCapacity { removeAll() }
    guard let source = piece.baseAddress else { return }
    var index = index(of: hash)
    while entries[index].length != 0 { index = (index &+ 1) & (1 << tableBits - 1) }
    let target = arena.base + used
    target.copyMemory(from: ids, byteCount: 4 * idCount)
    (target + 4 * idCount).copyMemory(from: source, byteCount: piece.count)
    entries[index] = Entry(
      hash: hash, offset: UInt32(used), length: UInt16(piece.count), idCount: UInt16(idCount))
    used += size
    count += 1
  }

  private mutating func removeAll() {
    entries.update(
      repeating: Entry(hash: 0, offset: 0, length: 0, idCount: 0), count: 1 << tableBits)
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
