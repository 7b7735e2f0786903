/// Merges the symbols of a long word with a queue of pairs and links between neighbours:
/// O(*n* log *n*), a million equal characters included.
enum LongMerging {
  /// Merges in place and returns the number of symbols that remain.
  static func merge(
    _ symbols: UnsafeMutablePointer<TokenID>, count: Int, by merges: MergeRanks
  ) -> Int {
    var chain = SymbolChain(symbols, count: count, merges: merges)
    var queue = MergeQueue(chain)
    while let (rank, position) = queue.removeFirst() {
      // An entry is stale when its pair has changed since: a pair only grows, so that no other
      // pair at the same position can have the same rank.
      guard chain.rank(at: position) == rank else { continue }
      queue.merge(at: position, of: &chain)
    }
    return chain.compact()
  }
}

/// Symbols at their first positions, linked to their neighbours, and the rank of the merge of each
/// with the next.
struct SymbolChain: ~Copyable {
  /// The rank of a pair that is not merged, and of a position without a symbol.
  static let noMerge = MergeRanks.none
  private static let end = UInt32.max

  private let symbols: UnsafeMutablePointer<TokenID>
  fileprivate let count: Int
  private let merges: MergeRanks
  private let ranks: UnsafeMutablePointer<UInt32>
  private let next: UnsafeMutablePointer<UInt32>
  private let previous: UnsafeMutablePointer<UInt32>

  init(_ symbols: UnsafeMutablePointer<TokenID>, count: Int, merges: MergeRanks) {
    self.symbols = symbols
    self.count = count
    self.merges = merges
    ranks = .allocate(capacity: count)
    next = .allocate(capacity: count)
    previous = .allocate(capacity: count)
    for position in 0..<count {
      next[position] = position + 1 < count ? UInt32(position + 1) : Self.end
      previous[position] = position > 0 ? UInt32(position - 1) : Self.end
    }
    for position in 0..<count { rate(position) }
  }

  deinit {
    ranks.deallocate()
    next.deallocate()
    previous.deallocate()
  }

  func rank(at position: Int) -> UInt32 { ranks[position] }

  /// Joins a symbol with the next and returns the position of the symbol before, if there is one.
  mutating func merge(at position: Int) -> Int? {
    let absorbed = Int(next[position])
    symbols[position] = merges.result(of: ranks[position])
    ranks[absorbed] = Self.noMerge
    let following = next[absorbed]
    next[position] = following
    if following != Self.end { previous[Int(following)] = UInt32(position) }
    rate(position)
    guard previous[position] != Self.end else { return nil }
    rate(Int(previous[position]))
    return Int(previous[position])
  }

  /// Moves what remains to the front.
  mutating func compact() -> Int {
    var kept = 0
    var position: UInt32 = 0
    while position != Self.end {
      symbols[kept] = symbols[Int(position)]
      kept += 1
      position = next[Int(position)]
    }
    return kept
  }

  private func rate(_ position: Int) {
    ranks[position] =
      next[position] == Self.end
      ? Self.noMerge
      : merges.rank(left: symbols[position], right: symbols[Int(next[position])])
  }
}

/// A heap with four children a node: the lowest rank first, of equal ranks the leftmost.
struct MergeQueue {
  private var entries: [UInt64] = []

  /// All pairs of a chain that can be merged; there are two symbols at least.
  init(_ chain: borrowing SymbolChain) {
    entries.reserveCapacity(chain.count)
    for position in 0..<chain.count - 1 where chain.rank(at: position) != SymbolChain.noMerge {
      entries.append(UInt64(chain.rank(at: position)) << 32 | UInt64(position))
    }
    guard entries.count > 1 else { return }
    for index in (0...(entries.count - 2) / 4).reversed() { sink(index) }
  }

  /// Merges a pair of the chain, and adds those that its result makes with its neighbours.
  @inline(__always)
  mutating func merge(at position: Int, of chain: inout SymbolChain) {
    let before = chain.merge(at: position)
    if chain.rank(at: position) != SymbolChain.noMerge {
      insert(rank: chain.rank(at: position), position: position)
    }
    if let before, chain.rank(at: before) != SymbolChain.noMerge {
      insert(rank: chain.rank(at: before), position: before)
    }
  }

  mutating func insert(rank: UInt32, position: Int) {
    let entry = UInt64(rank) << 32 | UInt64(position)
    entries.append(entry)
    var index = entries.count - 1
    while index > 0 {
      let parent = (index - 1) / 4
      if entries[parent] <= entry { break }
      entries[index] = entries[parent]
      index = parent
    }
    entries[index] = entry
  }

  mutating func removeFirst() -> (rank: UInt32, position: Int)? {
    guard let first = entries.first, let last = entries.popLast() else { return nil }
    if !entries.isEmpty {
      entries[0] = last
      sink(0)
    }
    return (UInt32(truncatingIfNeeded: first >> 32), Int(first & 0xFFFF_FFFF))
  }

  private mutating func sink(_ start: Int) {
    let entry = entries[start]
    var index = start
    while true {
      let firstChild = 4 * index + 1
      guard firstChild < entries.count else { break }
      var child = firstChild
      for other in firstChild + 1..<min(firstChild + 4, entries.count)
      where entries[other] < entries[child] {
        child = other
      }
      if entry <= entries[child] { break }
      entries[index] = entries[child]
      index = child
    }
    entries[index] = entry
  }
}
