/// What a pair's rank in the queue depends on.
struct PairHeapEntry: BitwiseCopyable {
  /// Count when the entry was made: never below the pair's count now.
  var count: Int64
  var key: UInt64
  /// Number of the pair's record.
  var record: Int
}

/// Which of two pairs with equal counts goes first: a total order.
enum PairOrder {
  /// The smaller left id, then the smaller right one.
  case smallerIDs
  /// The greater left bytes, then the greater right ones.
  case greaterBytes
  /// The shorter text in characters, then the smaller bytes of both together: SentencePiece's.
  case shorterText
}

/// Pairs by count, the best on top: four children a node.
struct PairHeap {
  private(set) var entries: [PairHeapEntry] = []
  /// What decides between equal counts.
  let order: PairOrder

  init(order: PairOrder) { self.order = order }

  @inline(__always)
  func precedes(
    _ lhs: PairHeapEntry, _ rhs: PairHeapEntry, _ spellings: borrowing TokenSpellings
  ) -> Bool {
    if lhs.count != rhs.count { return lhs.count > rhs.count }
    if order == .smallerIDs { return lhs.key < rhs.key }
    return precedes(lhs.key, rhs.key, spellings)
  }

  @inline(never)
  private func precedes(
    _ lhs: UInt64, _ rhs: UInt64, _ spellings: borrowing TokenSpellings
  ) -> Bool {
    let left = (Int(lhs >> 32), Int(rhs >> 32))
    let right = (Int(lhs & 0xFFFF_FFFF), Int(rhs & 0xFFFF_FFFF))
    switch order {
    case .smallerIDs: return lhs < rhs
    case .greaterBytes:
      if left.0 != left.1 { return spellings.precedes(left.1, left.0) }
      return right.0 != right.1 && spellings.precedes(right.1, right.0)
    case .shorterText:
      return spellings.joined(left.0, right.0, precedes: (left.1, right.1))
    }
  }

  mutating func push(_ entry: PairHeapEntry, _ spellings: borrowing TokenSpellings) {
    entries.append(entry)
    var child = entries.count - 1
    while child > 0 {
      let parent = (child - 1) >> 2
      guard precedes(entry, entries[parent], spellings) else { break }
      entries[child] = entries[parent]
      child = parent
    }
    entries[child] = entry
  }

  mutating func removeTop(_ spellings: borrowing TokenSpellings) {
    let last = entries.removeLast()
    if !entries.isEmpty { sink(last, from: 0, spellings) }
  }

  mutating func rebuild(_ fresh: [PairHeapEntry], _ spellings: borrowing TokenSpellings) {
    entries = fresh
    guard entries.count > 1 else { return }
    for node in stride(from: (entries.count - 2) >> 2, through: 0, by: -1) {
      sink(entries[node], from: node, spellings)
    }
  }

  private mutating func sink(
    _ entry: PairHeapEntry, from start: Int, _ spellings: borrowing TokenSpellings
  ) {
    var node = start
    let count = entries.count
    while true {
      let first = 4 * node + 1
      guard first < count else { break }
      var best = first
      for child in (first + 1)..<max(first + 1, min(first + 4, count))
      where precedes(entries[child], entries[best], spellings) {
        best = child
      }
      guard precedes(entries[best], entry, spellings) else { break }
      entries[node] = entries[best]
      node = best
    }
    entries[node] = entry
  }
}
