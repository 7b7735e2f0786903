import NativeBridges

/// Counts of the words of 1 to 15 bytes that one thread has met.
///
/// Open addressing with linear probing; the place of a word is given by the top bits of its hash,
/// so that a range of hashes is a range of the table. A word that is found away from its place
/// trades with a rarer word there: legal in linear probing without deletion, and most words are
/// then found at the first look.
final class ShortWordTable {
  struct Entry {
    var key: WordKey
    var count: UInt64
  }

  private var entries: UnsafeMutablePointer<Entry>
  private(set) var capacity: Int
  private(set) var wordCount = 0
  /// `hash >> shift` is the place of a word.
  private var shift: UInt64

  private static let minimumCapacity = 1 << 10

  /// - Parameter expectedWords: distinct words to make room for before the first one comes.
  init(expectedWords: Int) throws(CorpusError) {
    var capacity = Self.minimumCapacity
    while capacity < expectedWords { capacity *= 2 }
    self.capacity = capacity
    shift = UInt64(64 - capacity.trailingZeroBitCount)
    entries = try Self.allocate(capacity)
  }

  deinit { tt_unmap_pages(entries, capacity * MemoryLayout<Entry>.stride) }

  private static func allocate(_ capacity: Int) throws(CorpusError) -> UnsafeMutablePointer<Entry> {
    guard let pages = tt_map_pages(capacity * MemoryLayout<Entry>.stride) else {
      throw CorpusError.outOfMemory
    }
    return pages.bindMemory(to: Entry.self, capacity: capacity)
  }

  /// Counts one occurrence of each word of a batch. `WordKey.long` is passed over.
  ///
  /// The first pass has no branch that depends on the text; `misses` (scratch, as long as the
  /// batch) collects what is not in its place for the second.
  func count(_ batch: WordBatch) throws(CorpusError) {
    let keys = batch.keys
    let hashes = batch.hashes
    let misses = batch.misses
    let entries = self.entries
    let shift = self.shift
    var missCount = 0
    for index in 0..<batch.count {
      let entry = entries + Int(truncatingIfNeeded: hashes[index] &>> shift)
      let key = keys[index]
      let difference = (key.low ^ entry.pointee.key.low) | (key.high ^ entry.pointee.key.high)
      let hit: UInt64 = difference == 0 ? 1 : 0
      entry.pointee.count &+= hit
      misses[missCount] = UInt32(truncatingIfNeeded: index)
      missCount &+= 1 &- Int(truncatingIfNeeded: hit)
    }
    for miss in 0..<missCount {
      let index = Int(misses[miss])
      let key = keys[index]
      if key.high != WordKey.long.high { try add(key, hash: hashes[index], occurrences: 1) }
    }
  }

  /// Asks the processor to fetch the place of a word.
  @inline(__always)
  func prefetch(hash: UInt64) { tt_prefetch(entries + Int(truncatingIfNeeded: hash &>> shift)) }

  private func add(_ key: WordKey, hash: UInt64, occurrences: UInt64) throws(CorpusError) {
    let home = Int(truncatingIfNeeded: hash &>> shift)
    let mask = capacity &- 1
    var place = home
    while true {
      let found = entries[place].key
      if found == key {
        entries[place].count &+= occurrences
        if entries[place].count > entries[home].count && place != home {
          swap(&entries[place], &entries[home])
        }
        return
      }
      if found == .empty { break }
      place = (place &+ 1) & mask
    }
    entries[place] = Entry(key: key, count: occurrences)
    wordCount += 1
    if wordCount &* 10 > capacity &* 7 { try grow() }
  }

  private func grow() throws(CorpusError) {
    let old = entries
    let oldCapacity = capacity
    let bigger = try Self.allocate(oldCapacity * 2)
    entries = bigger
    capacity = oldCapacity * 2
    shift -= 1
    let mask = capacity &- 1
    for index in 0..<oldCapacity where old[index].key != .empty {
      var place = Int(truncatingIfNeeded: old[index].key.hash &>> shift)
      while bigger[place].key != .empty { place = (place &+ 1) & mask }
      bigger[place] = old[index]
    }
    tt_unmap_pages(old, oldCapacity * MemoryLayout<Entry>.stride)
  }

  /// Calls `body` with each word whose hash lies in a part of the hash space, nearly in the order
  /// of the hashes.
  /// - Parameters: `part` of `parts` equal parts, a power of two not above the capacity.
  func forEach(inPart part: Int, of parts: Int, _ body: (WordKey, _ hash: UInt64, UInt64) -> Void) {
    let size = capacity / parts
    let mask = capacity - 1
    let partShift = UInt64(64 - parts.trailingZeroBitCount)
    var place = part * size
    // Words that were pushed past the end of the part stand before the next empty place.
    while place < (part + 1) * size || entries[place & mask].key != .empty {
      let entry = entries[place & mask]
      if entry.key != .empty {
        let hash = entry.key.hash
        if Int(truncatingIfNeeded: hash >> partShift) == part {
          body(entry.key, hash, entry.count)
        }
      }
      place += 1
      if place - part * size >= capacity { return }
    }
  }
}
