/// Pieces seen before that `PieceCache` cannot hold: longer ones, and those of more than four ids.
///
/// Bytes and ids lie in one arena; when it or the table is full, everything is forgotten.
struct LongPieceCache: ~Copyable {
  /// Longest piece to remember, in bytes.
  static let maximumLength = 512

  private static let tableBits = 15
  private static let arenaCapacity = 1 << 22

  private struct Entry {
    var hash: UInt64
    /// Where the ids begin in the arena; the bytes follow them.
    var offset: UInt32
    /// 0 in a free entry.
    var length: UInt16
    var idCount: UInt16
  }

  private let entries: UnsafeMutablePointer<Entry>
  private let arena: UnsafeMutableRawPointer
  private var used = 0
  private var count = 0

  init() {
    entries = .allocate(capacity: 1 << Self.tableBits)
    arena = .allocate(byteCount: Self.arenaCapacity, alignment: 8)
    entries.initialize(repeating: Self.free, count: 1 << Self.tableBits)
  }

  deinit {
    entries.deallocate()
    arena.deallocate()
  }

  private static let free = Entry(hash: 0, offset: 0, length: 0, idCount: 0)

  /// Copies the ids of a remembered piece to `output`; -1 if it is not remembered.
  func ids(
    of piece: UnsafeBufferPointer<UInt8>, hash: UInt64, into output: UnsafeMutablePointer<TokenID>
  ) -> Int {
    var index = Self.index(of: hash)
    while entries[index].length != 0 {
      let entry = entries[index]
      if entry.hash == hash, Int(entry.length) == piece.count {
        let ids = arena + Int(entry.offset)
        let bytes = UnsafeRawBufferPointer(
          start: ids + 4 * Int(entry.idCount), count: piece.count)
        if bytes.elementsEqual(piece) {
          let start = ids.assumingMemoryBound(to: TokenID.self)
          output.update(from: start, count: Int(entry.idCount))
          return Int(entry.idCount)
        }
      }
      index = (index &+ 1) & (1 << Self.tableBits - 1)
    }
    return -1
  }

  /// Remembers a piece, at most `maximumLength` long, that is not remembered yet.
  mutating func insert(
    _ piece: UnsafeBufferPointer<UInt8>, hash: UInt64, ids: UnsafePointer<TokenID>, idCount: Int
  ) {
    let size = (4 * idCount + piece.count + 7) & ~7
    if 2 * count >= 1 << Self.tableBits || used + size > Self.arenaCapacity { removeAll() }
    guard let source = piece.baseAddress else { return }
    var index = Self.index(of: hash)
    while entries[index].length != 0 { index = (index &+ 1) & (1 << Self.tableBits - 1) }
    let target = arena + used
    target.copyMemory(from: ids, byteCount: 4 * idCount)
    (target + 4 * idCount).copyMemory(from: source, byteCount: piece.count)
    entries[index] = Entry(
      hash: hash, offset: UInt32(used), length: UInt16(piece.count), idCount: UInt16(idCount))
    used += size
    count += 1
  }

  private mutating func removeAll() {
    entries.update(repeating: Self.free, count: 1 << Self.tableBits)
    used = 0
    count = 0
  }

  private static func index(of hash: UInt64) -> Int {
    Int(truncatingIfNeeded: hash >> UInt64(64 - tableBits))
  }

  /// Multiply and fold, 8 bytes at a time.
  static func hash(_ piece: UnsafeBufferPointer<UInt8>) -> UInt64 {
    guard let start = piece.baseAddress else { return 0 }
    let bytes = UnsafeRawPointer(start)
    var hash = UInt64(truncatingIfNeeded: piece.count) ^ 0x9E37_79B9_7F4A_7C15
    var offset = 0
    while offset < piece.count {
      var word: UInt64 = 0
      if offset &+ 8 <= piece.count {
        word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      } else {
        for index in offset..<piece.count { word = word &<< 8 | UInt64(piece[index]) }
      }
      let product = (hash ^ word).multipliedFullWidth(by: 0xD1B5_4A32_D192_ED03)
      hash = product.high ^ product.low
      offset &+= 8
    }
    return hash
  }
}
