import Primitives

/// Texts of pieces in the order of their bytes, equal ones in the order in which they were given.
///
/// Eight bytes of each text are one number; these are sorted digit by digit. Texts that agree in them
/// are sorted by the next eight.
struct PieceOrder: ~Copyable {
  struct Entry: BitwiseCopyable {
    /// The first eight bytes, zeros behind shorter texts.
    var window: UInt64
    var key: PieceTrie.Key
  }

  /// Most entries that are sorted by insertion.
  private static let few = 40

  private let entries: UnsafeMutableBufferPointer<Entry>
  /// Where entries stand while they change places.
  private let scratch: UnsafeMutablePointer<Entry>
  /// How often each value of each digit occurs, and then where entries with it go. Memory of its own:
  /// filling a temporary allocation here was compiled to a fill without end (Swift 6.3.1).
  private let counts: UnsafeMutablePointer<UInt32>
  private static let countOfCounts = 8 << 8

  /// - Parameters:
  ///   - keys: none has NUL.
  ///   - bytes: what they are ranges of.
  /// - Complexity: O(*n*) in the bytes of all texts.
  init(_ keys: [PieceTrie.Key], of bytes: UnsafeBufferPointer<UInt8>) {
    entries = .allocate(capacity: keys.count)
    scratch = .allocate(capacity: keys.count)
    counts = .allocate(capacity: Self.countOfCounts)
    guard let base = bytes.baseAddress, !keys.isEmpty else { return }
    for (index, key) in keys.enumerated() {
      entries.initializeElement(
        at: index, to: Entry(window: Self.window(key, at: 0, base), key: key))
    }
    var rest: [(places: Range<Int>, depth: Int)] = []
    sort(0..<keys.count, at: 0, &rest)
    while let (places, depth) = rest.popLast() {
      let first = entries[places.lowerBound].window
      for place in places {
        entries[place].window = Self.window(entries[place].key, at: depth, base)
      }
      sort(places, at: depth, &rest)
      for place in places { entries[place].window = first }
    }
  }

  deinit {
    entries.deallocate()
    scratch.deallocate()
    counts.deallocate()
  }

  /// Lends the entries in their order.
  func withEntries<Result>(_ body: (UnsafeBufferPointer<Entry>) -> Result) -> Result {
    body(UnsafeBufferPointer(entries))
  }

  @inline(__always)
  private static func window(
    _ key: PieceTrie.Key, at depth: Int, _ base: UnsafePointer<UInt8>
  ) -> UInt64 {
    ByteWords.window(base + Int(key.start) + depth, count: Int(key.count) - depth)
  }

  /// Sorts by windows, and notes which places agree in theirs and go on.
  private func sort(
    _ places: Range<Int>, at depth: Int, _ rest: inout [(places: Range<Int>, depth: Int)]
  ) {
    if places.count <= Self.few { insert(places) } else { sortByDigits(places) }
    var first = places.lowerBound
    while first < places.upperBound {
      let window = entries[first].window
      var next = first + 1
      while next < places.upperBound, entries[next].window == window { next += 1 }
      // Texts without NUL end where a window ends in zero.
      if next - first > 1, window & 0xFF != 0 { rest.append((first..<next, depth + 8)) }
      first = next
    }
  }

  private func insert(_ places: Range<Int>) {
    for place in places.dropFirst() {
      let entry = entries[place]
      var hole = place
      while hole > places.lowerBound, entries[hole - 1].window > entry.window {
        entries[hole] = entries[hole - 1]
        hole -= 1
      }
      entries[hole] = entry
    }
  }

  /// By the last digit first; a digit that all have is passed over.
  private func sortByDigits(_ places: Range<Int>) {
    let count = places.count
    counts.initialize(repeating: 0, count: Self.countOfCounts)
    for place in places {
      let window = entries[place].window
      for digit in 0..<8 {
        counts[digit << 8 + Int(window &>> UInt64(8 * digit) & 0xFF)] &+= 1
      }
    }
    guard let all = entries.baseAddress else { return }
    var (source, target) = (all + places.lowerBound, scratch)
    for digit in 0..<8 {
      let shift = UInt64(8 * digit)
      let starts = counts + (digit << 8)
      if starts[Int(source[0].window &>> shift & 0xFF)] == count { continue }
      var start: UInt32 = 0
      for value in 0..<256 { (starts[value], start) = (start, start &+ starts[value]) }
      for index in 0..<count {
        let value = Int(source[index].window &>> shift & 0xFF)
        target[Int(starts[value])] = source[index]
        starts[value] &+= 1
      }
      swap(&source, &target)
    }
    if source == scratch {
      (all + places.lowerBound).update(from: scratch, count: count)
    }
  }
}
