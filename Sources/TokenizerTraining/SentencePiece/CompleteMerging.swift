/// Greedy merging that forgets no pair it ever saw, as SentencePiece does it (0.2.3,
/// `bpe_model_trainer.cc`): when no pair occurs any more, those that once stood side by side are
/// pieces, too, down to the last one.
///
/// Pairs that stand side by side only for a moment, in the middle of one pass from left to right,
/// count among them. So nothing may be skipped here, and `MergeEngine`, which skips all that is too
/// rare, does the work wherever the corpus gives enough merges.
/// Complexity: O(n log n) in the symbols of the distinct words, times some hundred bytes of memory.
struct CompleteMerging {
  private struct Pair {
    let left: Int32
    let right: Int32
    /// Slots of the left symbol, ascending; some no longer hold.
    var positions: [UInt32] = []
    var count: UInt64 = 0
    /// Whether the count must be taken anew.
    var isStale = true
    var isWaiting = false
    var isActive = true
  }

  /// Symbol by slot; -1 between words and where a merge took it away.
  private var symbols: [Int32]
  /// Slots of the neighbours in the word; -1 at its ends.
  private var next: [Int32]
  private var previous: [Int32]
  /// Occurrences of the word that a slot belongs to.
  private let weights: [UInt64]
  private var texts: [[UInt8]]
  private var lengths: [Int]
  private var joins: PieceJoins
  private let longest: Int

  private var pairs: [Pair] = []
  private var numbers: [UInt64: Int] = [:]
  private var waiting: [Int] = []
  private var queue: [Entry] = []

  private struct Entry {
    let count: UInt64
    let characters: Int
    let pair: Int
  }

  /// - Parameters:
  ///   - symbols: of all words, -1 where no piece reaches across: between words, and rare characters.
  ///   - weights: by slot.
  ///   - texts: bytes by symbol.
  init(
    symbols: [Int32], weights: [UInt64], texts: [[UInt8]], joins: PieceJoins, longestPiece: Int
  ) {
    self.symbols = symbols
    self.weights = weights
    self.texts = texts
    self.joins = joins
    longest = longestPiece
    lengths = texts.map { _ in 1 }
    next = symbols.indices.map { $0 + 1 < symbols.count ? Int32($0 + 1) : -1 }
    previous = symbols.indices.map { Int32($0 - 1) }
  }

  /// The pieces of up to `limit` merges, in order; fewer where no two symbols are left that may be
  /// one.
  mutating func merge(limit: Int) -> [[UInt8]] {
    for slot in symbols.indices.dropLast() { note(slot, slot + 1) }
    queueWaiting()
    var pieces: [[UInt8]] = []
    var known: Set<[UInt8]> = []
    while pieces.count < limit, let best = selectPair() {
      pairs[best].isActive = false
      let text = text(of: best)
      guard known.insert(text).inserted else { continue }
      pieces.append(text)
      accept(best)
      queueWaiting()
    }
    return pieces
  }

  private func text(of pair: Int) -> [UInt8] {
    texts[Int(pairs[pair].left)] + texts[Int(pairs[pair].right)]
  }

  private mutating func selectPair() -> Int? {
    while let entry = popEntry() {
      guard pairs[entry.pair].isActive, pairs[entry.pair].count == entry.count else { continue }
      if pairs[entry.pair].isStale {
        recount(entry.pair)
        push(entry.pair)
        continue
      }
      return entry.pair
    }
    return nil
  }

  private mutating func accept(_ best: Int) {
    let symbol = Int32(texts.count)
    let (left, right) = (Int(pairs[best].left), Int(pairs[best].right))
    texts.append(texts[left] + texts[right])
    lengths.append(lengths[left] + lengths[right])
    joins.merge(left, right)
    for position in pairs[best].positions {
      let slot = Int(position)
      // Taken away by the merge before it, where both symbols are equal.
      guard symbols[slot] == Int32(left), next[slot] >= 0,
        symbols[Int(next[slot])] == Int32(right)
      else { continue }
      let second = Int(next[slot])
      let behind = Int(next[second])
      let before = Int(previous[slot])
      if before >= 0 { lose(before, slot, best) }
      if behind >= 0 { lose(second, behind, best) }
      symbols[slot] = symbol
      symbols[second] = -1
      next[slot] = Int32(behind)
      if behind >= 0 { previous[behind] = Int32(slot) }
      if before >= 0 { note(before, slot) }
      if behind >= 0 { note(slot, behind) }
    }
  }

  /// The number of the pair of the symbols in two slots, if they may be one.
  private mutating func pair(_ first: Int, _ second: Int) -> Int? {
    let (left, right) = (symbols[first], symbols[second])
    guard left >= 0, right >= 0, lengths[Int(left)] + lengths[Int(right)] <= longest,
      joins.allow(Int(left), Int(right))
    else { return nil }
    let key = UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    if let known = numbers[key] { return known }
    numbers[key] = pairs.count
    pairs.append(Pair(left: left, right: right))
    return pairs.count - 1
  }

  private mutating func note(_ first: Int, _ second: Int) {
    guard let pair = pair(first, second), pairs[pair].isActive else { return }
    pairs[pair].positions.append(UInt32(first))
    if !pairs[pair].isWaiting {
      pairs[pair].isWaiting = true
      waiting.append(pair)
    }
  }

  private mutating func lose(_ first: Int, _ second: Int, _ best: Int) {
    if let pair = pair(first, second), pair != best { pairs[pair].isStale = true }
  }

  private mutating func queueWaiting() {
    for pair in waiting {
      pairs[pair].isWaiting = false
      recount(pair)
      push(pair)
    }
    waiting.removeAll(keepingCapacity: true)
  }

  private mutating func recount(_ pair: Int) {
    let (left, right) = (pairs[pair].left, pairs[pair].right)
    var positions = pairs[pair].positions
    pairs[pair].positions = []
    positions.removeAll { position in
      let slot = Int(position)
      return symbols[slot] != left || next[slot] < 0 || symbols[Int(next[slot])] != right
    }
    pairs[pair].count = positions.reduce(0) { $0 &+ weights[Int($1)] }
    pairs[pair].positions = positions
    pairs[pair].isStale = false
  }

  // MARK: The queue: a binary heap in SentencePiece's order.

  private func precedes(_ a: Entry, _ b: Entry) -> Bool {
    if a.count != b.count { return a.count > b.count }
    if a.characters != b.characters { return a.characters < b.characters }
    let (mine, theirs) = (text(of: a.pair), text(of: b.pair))
    if mine != theirs { return mine.lexicographicallyPrecedes(theirs) }
    // Two ways to one text: only the first to be taken counts.
    return a.pair < b.pair
  }

  private mutating func push(_ pair: Int) {
    queue.append(
      Entry(
        count: pairs[pair].count,
        characters: lengths[Int(pairs[pair].left)] + lengths[Int(pairs[pair].right)], pair: pair))
    var child = queue.count - 1
    while child > 0, precedes(queue[child], queue[(child - 1) / 2]) {
      queue.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  private mutating func popEntry() -> Entry? {
    guard let top = queue.first else { return nil }
    let last = queue.removeLast()
    guard !queue.isEmpty else { return top }
    queue[0] = last
    var node = 0
    while true {
      var best = node
      for child in [2 * node + 1, 2 * node + 2] where child < queue.count {
        if precedes(queue[child], queue[best]) { best = child }
      }
      guard best != node else { return top }
      queue.swapAt(best, node)
      node = best
    }
  }
}
