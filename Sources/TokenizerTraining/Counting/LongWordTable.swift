import NativeBridges

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Counts of the words of 16 bytes and more that one thread has met: the bytes stand in an arena,
/// a table of hashes leads to them.
final class LongWordTable {
  struct Entry: ProbingEntry {
    var hash: UInt64
    /// Where the bytes begin in the arena.
    var offset: Int
    /// 0: an empty place.
    var length: Int
    var count: UInt64

    static let empty = Entry(hash: 0, offset: 0, length: 0, count: 0)
    var isEmpty: Bool { length == 0 }
  }

  private var table: ProbingTable<Entry>
  private var arena: UnsafeMutablePointer<UInt8>
  private var arenaCapacity = 1 << 14
  private var arenaCount = 0

  /// Words of a batch, as offsets into its text, and their hashes.
  private let pending:
    UnsafeMutablePointer<(start: UnsafePointer<UInt8>, length: Int, hash: UInt64)>
  private var pendingCount = 0

  init() throws(CorpusError) {
    table = try ProbingTable(expected: 0)
    guard let pages = tt_map_pages(arenaCapacity) else { throw CorpusError.outOfMemory }
    arena = pages.bindMemory(to: UInt8.self, capacity: arenaCapacity)
    pending = .allocate(capacity: WordBatch.capacity)
  }

  deinit {
    tt_unmap_pages(arena, arenaCapacity)
    pending.deallocate()
  }

  var wordCount: Int { table.count }

  /// Takes note of a word; `countPending` counts it. At most `WordBatch.capacity` may wait.
  @inline(__always)
  func enqueue(_ start: UnsafePointer<UInt8>, length: Int) {
    pending[pendingCount] = (start, length, 0)
    pendingCount &+= 1
  }

  /// Counts the words that wait, in passes that each fetch what the next one needs.
  func countPending() throws(CorpusError) {
    guard pendingCount > 0 else { return }
    for index in 0..<pendingCount {
      let hash = tt_hash64(pending[index].start, pending[index].length)
      pending[index].hash = hash
      tt_prefetch(table.entries + table.home(of: hash))
    }
    for index in 0..<pendingCount {
      let entry = table.entries[table.home(of: pending[index].hash)]
      tt_prefetch(arena + entry.offset)
    }
    for index in 0..<pendingCount {
      let word = pending[index]
      try add(word.start, length: word.length, hash: word.hash)
    }
    pendingCount = 0
  }

  private func add(
    _ start: UnsafePointer<UInt8>, length: Int, hash: UInt64
  ) throws(CorpusError) {
    var place = table.home(of: hash)
    while !table.entries[place].isEmpty {
      let entry = table.entries[place]
      if entry.hash == hash, entry.length == length,
        memcmp(arena + entry.offset, start, length) == 0
      {
        table.entries[place].count &+= 1
        return
      }
      place = table.next(place)
    }
    try reserveArena(length)
    (arena + arenaCount).update(from: start, count: length)
    let entry = Entry(hash: hash, offset: arenaCount, length: length, count: 1)
    arenaCount += length
    try table.insert(entry, at: place)
  }

  private func reserveArena(_ length: Int) throws(CorpusError) {
    guard arenaCount + length > arenaCapacity else { return }
    let larger = max(arenaCapacity * 2, arenaCount + length)
    guard let pages = tt_grow_pages(arena, arenaCapacity, larger) else {
      throw CorpusError.outOfMemory
    }
    arenaCapacity = larger
    arena = pages.bindMemory(to: UInt8.self, capacity: larger)
  }

  /// Bytes that the table will take when so many words and bytes of words have come.
  func memory(holding words: Int, bytes: Int) -> Int {
    var arena = arenaCapacity
    while arena < bytes { arena *= 2 }
    return table.memory(holding: words) + arena
  }

  /// Bytes of all words.
  var byteCount: Int { arenaCount }

  func removeAll() throws(CorpusError) {
    try table.removeAll()
    guard let pages = tt_map_pages(arenaCapacity) else { throw CorpusError.outOfMemory }
    tt_unmap_pages(arena, arenaCapacity)
    arena = pages.bindMemory(to: UInt8.self, capacity: arenaCapacity)
    arenaCount = 0
  }

  /// Calls `body` with the number of each place that has a word, and the beginning of that.
  func forEachPlace(_ body: (_ place: Int, _ prefix: UInt64) -> Void) {
    for place in 0..<table.capacity where !table.entries[place].isEmpty {
      let start = UnsafeRawPointer(arena + table.entries[place].offset)
      body(place, UInt64(bigEndian: start.loadUnaligned(as: UInt64.self)))
    }
  }

  /// The word at a place; its bytes are valid while the table lives and does not change.
  func word(at place: Int) -> (bytes: UnsafeBufferPointer<UInt8>, count: UInt64) {
    let entry = table.entries[place]
    return (UnsafeBufferPointer(start: arena + entry.offset, count: entry.length), entry.count)
  }

  /// Calls `body` with each word whose hash lies in a part of the hash space: its hash, its bytes
  /// (valid while the table lives and does not change), its count.
  func forEach(
    inPart part: Int, of parts: Int,
    _ body: (_ hash: UInt64, UnsafeBufferPointer<UInt8>, UInt64) -> Void
  ) {
    table.forEach(inPart: part, of: parts) { entry, hash in
      body(
        hash, UnsafeBufferPointer(start: arena + entry.offset, count: entry.length), entry.count)
    }
  }
}
