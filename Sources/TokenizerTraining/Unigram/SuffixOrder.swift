import Primitives

/// The places of a text where pieces of two or more symbols start, in the order of what follows, and
/// how many symbols each has in common with the one before.
///
/// Keys of as many symbols as fit 64 bits are sorted; where keys are equal, the next ones decide.
/// Since no piece is longer than a limit, neither are comparisons: a million equal characters take
/// as many steps as a million others.
struct SuffixOrder: ~Copyable {
  let places: PageBuffer<UInt32>
  /// With the place before; at most the limit.
  let common: PageBuffer<UInt16>
  let count: Int

  private static let bucketCount = 1 << 16

  /// - Parameter limit: symbols after which places count as equal.
  init(
    _ text: borrowing UnigramText, _ lengths: borrowing ValidLengths, limit: Int, threads: Int
  ) throws(SentencePieceTrainingError) {
    let packing = SymbolPacking(symbolCount: text.alphabet.count)
    // One more than a bucket holds its start; entering its places turns ends into starts.
    var starts = [Int](repeating: 0, count: Self.bucketCount + 1)
    Self.forEachPlace(text, lengths, packing) { _, key in starts[Int(key &>> 48)] &+= 1 }
    for bucket in 1...Self.bucketCount { starts[bucket] += starts[bucket - 1] }
    count = starts[Self.bucketCount]
    guard let places = PageBuffer<UInt32>(count: count),
      let common = PageBuffer<UInt16>(count: count), let keys = PageBuffer<UInt64>(count: count)
    else { throw .outOfMemory(bytes: 14 * count) }
    let (placesBase, keysBase) = (places.base, keys.base)
    starts.withUnsafeMutableBufferPointer { starts in
      Self.forEachPlace(text, lengths, packing) { place, key in
        let bucket = Int(key &>> 48)
        let slot = starts[bucket] &- 1
        starts[bucket] = slot
        keysBase[slot] = key
        placesBase[slot] = UInt32(truncatingIfNeeded: place)
      }
    }
    self.places = places
    self.common = common
    let sorter = KeySorter(
      symbols: UnsafePointer(text.symbols.base), packing: packing, limit: limit,
      places: placesBase, keys: keysBase, common: self.common.base)
    Self.sort(starts, by: sorter, threads: threads)
  }

  /// Rows whose places begin with these symbols, two or more. Complexity: O(symbols log rows).
  func rows(beginningWith wanted: [UInt32], in text: borrowing UnigramText) -> Range<Int> {
    func bound(_ isBefore: (_ row: ArraySlice<UInt32>) -> Bool) -> Int {
      var (low, high) = (0, count)
      while low < high {
        let middle = (low + high) / 2
        let start = Int(places[middle])
        var row: [UInt32] = []
        for offset in 0..<wanted.count {
          let symbol = text.symbols[start + offset]
          row.append(symbol)
          if symbol == 0 { break }
        }
        if isBefore(row[...]) { low = middle + 1 } else { high = middle }
      }
      return low
    }
    let first = bound { $0.lexicographicallyPrecedes(wanted) }
    let end = bound { !wanted.lexicographicallyPrecedes($0) }
    return first..<max(first, end)
  }

  /// Calls `body` with each place where a piece of two symbols or more starts, from the end.
  @inline(__always)
  private static func forEachPlace(
    _ text: borrowing UnigramText, _ lengths: borrowing ValidLengths, _ packing: SymbolPacking,
    _ body: (_ place: Int, _ key: UInt64) -> Void
  ) {
    let (symbols, valid) = (text.symbols.base, lengths.lengths.base)
    var key: UInt64 = 0
    var place = text.count &- 1
    while place >= 0 {
      key = symbols[place] == 0 ? 0 : packing.key(symbols[place], before: key)
      if valid[place] >= 2 { body(place, key) }
      place &-= 1
    }
  }

  /// Each thread takes rows of buckets; every bucket is sorted by one.
  private static func sort(_ starts: [Int], by sorter: KeySorter, threads: Int) {
    Parts(bucketCount, size: 128).run(threads: threads) { buckets in
      for bucket in buckets { sorter.sort(starts[bucket], starts[bucket + 1], depth: 0) }
    }
    // The first of each bucket and the last of the one before: they differ within 16 bits.
    for bucket in 1..<bucketCount where starts[bucket] > 0 && starts[bucket] < starts[bucket + 1] {
      sorter.compareWithPrevious(starts[bucket])
    }
  }
}

/// How many symbols go into a key.
struct SymbolPacking: Sendable {
  let bits: Int
  let perKey: Int
  let mask: UInt64

  init(symbolCount: Int) {
    bits = max(1, Int.bitWidth - symbolCount.leadingZeroBitCount)
    perKey = 64 / bits
    mask = ~0 << UInt64(64 - perKey * bits)
  }

  /// The key of a place from that of the next one.
  @inline(__always)
  func key(_ symbol: UInt32, before next: UInt64) -> UInt64 {
    (next &>> UInt64(bits)) & mask | UInt64(symbol) &<< UInt64(64 &- bits)
  }

  /// The key of a place; symbols from the end of the word on are 0.
  @inline(__always)
  func key(_ symbols: UnsafePointer<UInt32>) -> UInt64 {
    var key: UInt64 = 0
    var shift = 64 &- bits
    var index = 0
    while index < perKey {
      let symbol = symbols[index]
      if symbol == 0 { break }
      key |= UInt64(symbol) &<< UInt64(shift)
      shift &-= bits
      index &+= 1
    }
    return key
  }

  /// Symbols that two different keys begin with.
  @inline(__always)
  func common(_ a: UInt64, _ b: UInt64) -> Int { (a ^ b).leadingZeroBitCount / bits }

  /// Symbols before the end of the word.
  @inline(__always)
  func length(_ key: UInt64) -> Int {
    if key == 0 { return 0 }
    return (63 &- key.trailingZeroBitCount) / bits &+ 1
  }
}
