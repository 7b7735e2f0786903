import Primitives

/// Places of a text in the order of what follows them, and how many symbols each has in common with
/// the one before.
///
/// A text is rows of symbols from 1 up, each row with a 0 behind it. Keys of as many symbols as fit
/// 64 bits are sorted; where keys are equal, the next ones decide. Nobody looks further than a
/// limit, so comparisons do not either: a million equal characters take as many steps as a million
/// others.
struct SuffixOrder: ~Copyable {
  let places: PageBuffer<UInt32>
  /// With the place before; at most the limit.
  let common: PageBuffer<UInt16>
  let count: Int

  /// Bytes for each place.
  static let placeSize = 14

  /// `nil` where the system has no memory of `placeSize` for each place.
  ///
  /// - Parameters:
  ///   - symbols: below 2^32 of them, the last one 0.
  ///   - greatest: no symbol is greater.
  ///   - limit: symbols after which places count as equal; 65,535 at most.
  ///   - isStart: whether a place is one to be sorted. No 0 is.
  @inline(__always)
  init?(
    _ symbols: borrowing PageBuffer<UInt32>, greatest: Int, limit: Int, threads: Int,
    isStart: (_ place: Int) -> Bool
  ) {
    let packing = SymbolPacking(greatest: greatest)
    // Short texts shall not pay for buckets that they cannot fill.
    let bits = min(16, Int.bitWidth - symbols.count.leadingZeroBitCount)
    let (bucketCount, shift) = (1 << bits, UInt64(64 - bits))
    // One more than a bucket holds its start; entering its places turns ends into starts.
    var starts = [Int](repeating: 0, count: bucketCount + 1)
    Self.forEachPlace(symbols, packing, isStart) { _, key in starts[Int(key &>> shift)] &+= 1 }
    for bucket in 1...bucketCount { starts[bucket] += starts[bucket - 1] }
    count = starts[bucketCount]
    guard let places = PageBuffer<UInt32>(count: count),
      let common = PageBuffer<UInt16>(count: count), let keys = PageBuffer<UInt64>(count: count)
    else { return nil }
    let (placesBase, keysBase) = (places.base, keys.base)
    starts.withUnsafeMutableBufferPointer { starts in
      Self.forEachPlace(symbols, packing, isStart) { place, key in
        let bucket = Int(key &>> shift)
        let slot = starts[bucket] &- 1
        starts[bucket] = slot
        keysBase[slot] = key
        placesBase[slot] = UInt32(truncatingIfNeeded: place)
      }
    }
    self.places = places
    self.common = common
    let sorter = KeySorter(
      symbols: UnsafePointer(symbols.base), packing: packing, limit: limit,
      places: placesBase, keys: keysBase, common: self.common.base)
    Self.sort(starts, by: sorter, threads: threads)
  }

  /// Rows whose places begin with these symbols, which at least one sorted place has.
  /// Complexity: O(symbols log rows).
  func rows(
    beginningWith wanted: [UInt32], in symbols: borrowing PageBuffer<UInt32>
  ) -> Range<Int> {
    let first = bound(in: symbols, wanted) { $0.lexicographicallyPrecedes(wanted) }
    let end = bound(in: symbols, wanted) { !wanted.lexicographicallyPrecedes($0) }
    return first..<max(first, end)
  }

  private func bound(
    in symbols: borrowing PageBuffer<UInt32>, _ wanted: [UInt32],
    _ isBefore: (_ row: [UInt32]) -> Bool
  ) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      let start = Int(places[middle])
      var row: [UInt32] = []
      for offset in 0..<wanted.count {
        let symbol = symbols[start + offset]
        row.append(symbol)
        if symbol == 0 { break }
      }
      if isBefore(row) { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Calls `body` with each place to be sorted and its key, from the end.
  @inline(__always)
  private static func forEachPlace(
    _ symbols: borrowing PageBuffer<UInt32>, _ packing: SymbolPacking,
    _ isStart: (_ place: Int) -> Bool, _ body: (_ place: Int, _ key: UInt64) -> Void
  ) {
    let base = symbols.base
    var key: UInt64 = 0
    var place = symbols.count &- 1
    while place >= 0 {
      key = base[place] == 0 ? 0 : packing.key(base[place], before: key)
      if isStart(place) { body(place, key) }
      place &-= 1
    }
  }

  /// Each thread takes rows of buckets; every bucket is sorted by one.
  private static func sort(_ starts: [Int], by sorter: KeySorter, threads: Int) {
    let bucketCount = starts.count - 1
    Parts(bucketCount, size: 128).run(threads: threads) { buckets in
      for bucket in buckets { sorter.sort(starts[bucket], starts[bucket + 1], depth: 0) }
    }
    // The first of each bucket and the last of the one before: they differ in its number.
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

  /// - Parameter greatest: no symbol is greater.
  init(greatest: Int) {
    bits = max(1, Int.bitWidth - greatest.leadingZeroBitCount)
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
