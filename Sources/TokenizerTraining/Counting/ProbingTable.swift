import NativeBridges

/// What stands in a place of a `ProbingTable`: a word, or nothing. All zero bits are nothing.
protocol ProbingEntry: BitwiseCopyable {
  var isEmpty: Bool { get }
  /// Top bits first: they choose the place.
  var hash: UInt64 { get }
  static var empty: Self { get }
}

/// Places for words by hash: open addressing with linear probing.
///
/// The place of a word is given by the top bits of its hash, so that a range of hashes is a range of
/// places. The table grows where it stands: memory that a process touches for the first time costs
/// more than the words that are moved.
struct ProbingTable<Entry: ProbingEntry>: ~Copyable {
  /// The places, for loops of the tables that are built on this one; moves when the table grows.
  private(set) var entries: UnsafeMutablePointer<Entry>
  /// Number of places, a power of two.
  private(set) var capacity: Int
  /// `hash >> shift` is the place of a word.
  private(set) var shift: UInt64
  private(set) var count = 0

  /// - Parameter expected: words to make room for before the first one comes.
  init(expected: Int) throws(CorpusError) {
    var capacity = 1 << 10
    while capacity < expected { capacity *= 2 }
    guard let pages = tt_map_pages(capacity * MemoryLayout<Entry>.stride) else {
      throw CorpusError.outOfMemory
    }
    self.capacity = capacity
    shift = UInt64(64 - capacity.trailingZeroBitCount)
    entries = pages.bindMemory(to: Entry.self, capacity: capacity)
  }

  deinit { tt_unmap_pages(entries, capacity * MemoryLayout<Entry>.stride) }

  /// Bytes that the table will take when so many words have come.
  func memory(holding words: Int) -> Int {
    var places = capacity
    while words &* 10 > places &* 7 { places *= 2 }
    return places * MemoryLayout<Entry>.stride
  }

  /// Begins again with as many places.
  mutating func removeAll() throws(CorpusError) {
    let size = capacity * MemoryLayout<Entry>.stride
    guard let pages = tt_map_pages(size) else { throw CorpusError.outOfMemory }
    tt_unmap_pages(entries, size)
    entries = pages.bindMemory(to: Entry.self, capacity: capacity)
    count = 0
  }

  @inline(__always)
  func home(of hash: UInt64) -> Int { Int(truncatingIfNeeded: hash &>> shift) }

  @inline(__always)
  func next(_ place: Int) -> Int { (place &+ 1) & (capacity &- 1) }

  /// Puts a new word into the empty place that probing came to; grows beyond a load of 0.7.
  mutating func insert(_ entry: Entry, at place: Int) throws(CorpusError) {
    entries[place] = entry
    count += 1
    if count &* 10 > capacity &* 7 { try grow() }
  }

  /// Doubles the table. From the last place to the first, each word moves up to where one more bit
  /// of its hash sends it, into room that the words behind it have left.
  private mutating func grow() throws(CorpusError) {
    let size = capacity * MemoryLayout<Entry>.stride
    guard let pages = tt_grow_pages(entries, size, 2 * size) else { throw CorpusError.outOfMemory }
    let words = capacity
    capacity *= 2
    shift -= 1
    entries = pages.bindMemory(to: Entry.self, capacity: capacity)
    // Words that would not move up or would run over the end: they wait until all others stand.
    var strays: [Entry] = []
    for place in stride(from: words - 1, through: 0, by: -1) where !entries[place].isEmpty {
      let entry = entries[place]
      entries[place] = .empty
      var target = home(of: entry.hash)
      if target > place {
        while target < capacity, !entries[target].isEmpty { target += 1 }
      }
      if target <= place || target == capacity {
        strays.append(entry)
      } else {
        entries[target] = entry
      }
    }
    for entry in strays {
      var target = home(of: entry.hash)
      while !entries[target].isEmpty { target = next(target) }
      entries[target] = entry
    }
  }

  /// Gives back what memory it can of the places of some parts: their words are gone, and those that
  /// parts before pushed there.
  func release(parts range: Range<Int>, of parts: Int) {
    let size = capacity / parts * MemoryLayout<Entry>.stride
    tt_release_pages(entries, range.lowerBound * size, range.upperBound * size)
  }

  /// Calls `body` with each word whose hash lies in a part of the hash space, nearly in the order
  /// of the hashes.
  /// - Parameters: `part` of `parts` equal parts, a power of two not above the capacity.
  func forEach(inPart part: Int, of parts: Int, _ body: (Entry, _ hash: UInt64) -> Void) {
    let size = capacity / parts
    let partShift = UInt64(64 - parts.trailingZeroBitCount)
    // Words that were pushed past the end of the part stand before the next empty place.
    for step in 0..<capacity {
      let entry = entries[(part * size + step) & (capacity - 1)]
      if entry.isEmpty {
        if step >= size { return }
      } else {
        let hash = entry.hash
        if Int(truncatingIfNeeded: hash >> partShift) == part { body(entry, hash) }
      }
    }
  }
}
