import NativeBridges

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Counts of the words of 16 bytes and more that one thread has met: the bytes stand in an arena,
/// a table of hashes leads to them.
final class LongWordTable {
  struct Entry {
    var hash: UInt64
    /// Where the bytes begin in the arena.
    var offset: Int
    /// 0: an empty place.
    var length: Int
    var count: UInt64
  }

  private var entries: UnsafeMutablePointer<Entry>
  private var capacity = 1 << 10
  /// `hash >> shift` is the place of a word.
  private var shift: UInt64 = 54
  private(set) var wordCount = 0
  private var arena: UnsafeMutablePointer<UInt8>
  private var arenaCapacity = 1 << 14
  private var arenaCount = 0

  /// Words of a batch, as offsets into its text, and their hashes.
  private let pending:
    UnsafeMutablePointer<(start: UnsafePointer<UInt8>, length: Int, hash: UInt64)>
  private var pendingCount = 0

  init() throws(CorpusError) {
    guard let pages = tt_map_pages(capacity * MemoryLayout<Entry>.stride) else {
      throw CorpusError.outOfMemory
    }
    entries = pages.bindMemory(to: Entry.self, capacity: capacity)
    arena = .allocate(capacity: arenaCapacity)
    pending = .allocate(capacity: WordBatch.capacity)
  }

  deinit {
    tt_unmap_pages(entries, capacity * MemoryLayout<Entry>.stride)
    arena.deallocate()
    pending.deallocate()
  }

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
      tt_prefetch(entries + Int(truncatingIfNeeded: hash &>> shift))
    }
    for index in 0..<pendingCount {
      let entry = entries[Int(truncatingIfNeeded: pending[index].hash &>> shift)]
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
    let mask = capacity &- 1
    var place = Int(truncatingIfNeeded: hash &>> shift)
    while entries[place].length != 0 {
      let entry = entries[place]
      if entry.hash == hash, entry.length == length,
        memcmp(arena + entry.offset, start, length) == 0
      {
        entries[place].count &+= 1
        return
      }
      place = (place &+ 1) & mask
    }
    reserveArena(length)
    (arena + arenaCount).update(from: start, count: length)
    entries[place] = Entry(hash: hash, offset: arenaCount, length: length, count: 1)
    arenaCount += length
    wordCount += 1
    if wordCount &* 10 > capacity &* 7 { try grow() }
  }

  private func reserveArena(_ length: Int) {
    guard arenaCount + length > arenaCapacity else { return }
    arenaCapacity = max(arenaCapacity * 2, arenaCount + length)
    let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: arenaCapacity)
    moved.update(from: arena, count: arenaCount)
    arena.deallocate()
    arena = moved
  }

  private func grow() throws(CorpusError) {
    guard let pages = tt_map_pages(capacity * 2 * MemoryLayout<Entry>.stride) else {
      throw CorpusError.outOfMemory
    }
    let bigger = pages.bindMemory(to: Entry.self, capacity: capacity * 2)
    let mask = capacity * 2 - 1
    for index in 0..<capacity where entries[index].length != 0 {
      var place = Int(truncatingIfNeeded: entries[index].hash &>> (shift - 1))
      while bigger[place].length != 0 { place = (place &+ 1) & mask }
      bigger[place] = entries[index]
    }
    tt_unmap_pages(entries, capacity * MemoryLayout<Entry>.stride)
    entries = bigger
    capacity *= 2
    shift -= 1
  }

  /// Calls `body` with each word whose hash lies in a part of the hash space: its hash, its bytes
  /// (valid while the table lives and does not change), its count.
  func forEach(
    inPart part: Int, of parts: Int,
    _ body: (_ hash: UInt64, UnsafeBufferPointer<UInt8>, UInt64) -> Void
  ) {
    let size = capacity / parts
    let mask = capacity - 1
    let partShift = UInt64(64 - parts.trailingZeroBitCount)
    var place = part * size
    while place < (part + 1) * size || entries[place & mask].length != 0 {
      let entry = entries[place & mask]
      if entry.length != 0, Int(truncatingIfNeeded: entry.hash >> partShift) == part {
        body(
          entry.hash, UnsafeBufferPointer(start: arena + entry.offset, count: entry.length),
          entry.count)
      }
      place += 1
      if place - part * size >= capacity { return }
    }
  }
}
