import Primitives

/// Counts of the words of 1 to 15 bytes that one thread has met.
///
/// A word that is found away from its place trades with a rarer word there: legal in linear probing
/// without deletion, and most words are then found at the first look.
final class ShortWordTable {
  struct Entry: ProbingEntry {
    var key: ShortKey
    var count: UInt64
    /// So that an entry stands in one line of the processor's cache.
    private let padding: UInt64 = 0

    init(key: ShortKey, count: UInt64) { (self.key, self.count) = (key, count) }

    static let empty = Entry(key: .empty, count: 0)
    @inline(__always) var isEmpty: Bool { key == .empty }
    @inline(__always) var hash: UInt64 { key.hash }
  }

  private var table: ProbingTable<Entry>

  /// - Parameter expectedWords: distinct words to make room for before the first one comes.
  init(expectedWords: Int) throws(CorpusError) {
    table = try ProbingTable(expected: expectedWords)
  }

  var wordCount: Int { table.count }

  /// Counts one occurrence of each word of a batch. `ShortKey.long` is passed over.
  ///
  /// The first pass has no branch that depends on the text; `misses` (scratch, as long as the
  /// batch) collects what is not in its place for the second.
  func count(_ batch: WordBatch) throws(CorpusError) {
    let keys = batch.words.keys
    let places = batch.words.places
    let misses = batch.misses
    let entries = table.entries
    var missCount = 0
    for index in 0..<batch.count {
      let entry = entries + Int(places[index])
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
      if key.length <= ShortKey.maximumLength { try add(key) }
    }
  }

  /// Makes the keys of pieces of a text, and asks the processor to fetch their places.
  ///
  /// - Precondition: there are no more than `WordBatch.capacity`; 16 bytes may be read behind the last.
  /// - Returns: how many are longer; `batch.words.longs` has their numbers.
  func makeKeys(
    of text: UnsafePointer<UInt8>, starts: UnsafePointer<UInt32>, ends: UnsafePointer<UInt32>,
    count: Int, in batch: WordBatch
  ) -> Int {
    batch.count = count
    return batch.words.make(
      of: text, starts: starts, ends: ends, count: count, lines: table.entries,
      shift: table.shift, lineSize: MemoryLayout<Entry>.stride)
  }

  private func add(_ key: ShortKey) throws(CorpusError) {
    let entries = table.entries
    let home = table.home(of: key.hash)
    var place = home
    while true {
      let found = entries[place].key
      if found == key {
        entries[place].count &+= 1
        if entries[place].count > entries[home].count && place != home {
          swap(&entries[place], &entries[home])
        }
        return
      }
      if found == .empty { break }
      place = table.next(place)
    }
    try table.insert(Entry(key: key, count: 1), at: place)
  }

  /// Calls `body` with each word whose hash lies in a part of the hash space, nearly in the order
  /// of the hashes.
  /// - Parameters: `part` of `parts` equal parts, a power of two not above 1024.
  func forEach(inPart part: Int, of parts: Int, _ body: (ShortKey, _ hash: UInt64, UInt64) -> Void)
  {
    table.forEach(inPart: part, of: parts) { body($0.key, $1, $0.count) }
  }

  /// Bytes that the table will take when so many words have come.
  func memory(holding words: Int) -> Int { table.memory(holding: words) }

  func removeAll() throws(CorpusError) { try table.removeAll() }

  /// Calls `body` with the number of each place that has a word, and the beginning of that.
  func forEachPlace(_ body: (_ place: Int, _ prefix: UInt64) -> Void) {
    for place in 0..<table.capacity where !table.entries[place].isEmpty {
      body(place, table.entries[place].key.low.byteSwapped)
    }
  }

  /// The order of the bytes of two words.
  func precedes(_ place: Int, _ other: Int) -> Bool {
    let (one, two) = (table.entries[place].key, table.entries[other].key)
    // Length stands behind the bytes when they are turned around.
    return one.low == two.low
      ? one.high.byteSwapped < two.high.byteSwapped : one.low.byteSwapped < two.low.byteSwapped
  }

  /// The word at a place.
  func word(at place: Int) -> (key: ShortKey, count: UInt64) {
    (table.entries[place].key, table.entries[place].count)
  }

  /// Gives back the memory of parts of the table: nothing may be read there any more.
  func release(parts range: Range<Int>, of parts: Int) { table.release(parts: range, of: parts) }
}
