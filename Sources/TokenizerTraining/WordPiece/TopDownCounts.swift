import Primitives

/// The rounds of the top-down learner for one threshold: count substrings, keep the longest first,
/// match the words with what is kept, count again from where matches begin.
///
/// All of it is passes over the nodes of a tree of suffixes. An occurrence is counted at the node
/// where its word ends. What a node does not keep its parent gets, so a node ends with the
/// occurrences of its text which no longer piece has: its remaining count.
struct TopDownCounts: ~Copyable {
  private let trie: SuffixTrie
  /// Nodes whose tokens would be spelled like those of others.
  private let refused: Range<Int>
  /// Nodes of more than one symbol that are spelled like special tokens, each once.
  private let reserved: [Int]
  /// Whether the counts of pieces that are not kept stay with them instead of with their
  /// beginnings, as in TensorFlow Text (issue 583: there they are subtracted from the beginnings
  /// all the same).
  private let losesCounts: Bool
  /// Words from each place on.
  private let allSubstrings: PageBuffer<UInt64>
  /// By node.
  private let remaining: PageBuffer<UInt64>
  /// Symbols of the longest kept piece on the way to each node.
  private let matches: PageBuffer<UInt16>

  init(
    _ trie: consuming SuffixTrie, _ text: borrowing TopDownText, losesCounts: Bool
  ) throws(BPETrainingError) {
    guard let allSubstrings = PageBuffer<UInt64>(count: trie.count),
      let remaining = PageBuffer<UInt64>(count: trie.count),
      let matches = PageBuffer<UInt16>(count: trie.count)
    else { throw .outOfMemory(bytes: 18 * trie.count) }
    // The first text that was asked for is the prefix, the others are special tokens.
    var refused = 0..<0
    if let prefix = trie.node(ofMark: 0) { refused = trie.nodes(below: prefix) }
    var reserved: Set<Int> = []
    for mark in trie.marks.indices.dropFirst() {
      if let node = trie.node(ofMark: mark) { reserved.insert(node) }
    }
    self.refused = refused
    self.reserved = reserved.sorted()
    self.losesCounts = losesCounts
    self.trie = trie
    self.allSubstrings = allSubstrings
    self.remaining = remaining
    self.matches = matches
    countAllSubstrings(text)
  }

  /// The texts that need a node of their own.
  static func marks(_ spelling: PieceSpelling) -> [[UInt32]] {
    [spelling.symbols(of: spelling.prefix, begins: true) ?? [0]] + spelling.specialPieces
  }

  /// Learns the pieces of a threshold.
  mutating func learn(
    _ text: borrowing TopDownText, threshold: UInt64, iterations: Int
  ) {
    remaining.base.update(from: allSubstrings.base, count: trie.count)
    keepLongestFirst(threshold)
    for _ in 1..<iterations {
      match(threshold)
      countFromMatches(text)
      keepLongestFirst(threshold)
    }
  }

  /// Kept pieces of more than one character, those that are special tokens left out.
  func keptCount(_ threshold: UInt64) -> Int {
    let (remaining, depths) = (remaining.base, trie.depths.base)
    var kept = 0
    for node in 0..<trie.root where remaining[node] >= threshold && depths[node] > 1 {
      kept &+= 1
    }
    for node in refused where remaining[node] >= threshold { kept &-= 1 }
    for node in reserved where remaining[node] >= threshold && !refused.contains(node) {
      kept &-= 1
    }
    return kept
  }

  /// Pieces of more than one character that could be kept, with remaining counts in a range.
  func pieces(_ counts: Range<UInt64>) -> [RankedPiece] {
    let reserved = Set(reserved)
    var pieces: [RankedPiece] = []
    for node in 0..<trie.root where counts.contains(remaining[node]) && trie.depths[node] > 1 {
      if refused.contains(node) || reserved.contains(node) { continue }
      pieces.append(
        RankedPiece(
          count: remaining[node], node: node, place: Int(trie.places[node]),
          length: Int(trie.depths[node])))
    }
    return pieces
  }

  /// Remaining counts of single characters by symbol; of those below the threshold 1.
  func characterCounts(_ text: borrowing TopDownText, _ threshold: UInt64) -> [UInt64] {
    var counts = [UInt64](repeating: 1, count: text.spelling.greatestSymbol + 1)
    for node in 0..<trie.root where trie.depths[node] == 1 && remaining[node] >= threshold {
      counts[Int(text.symbols[Int(trie.places[node])])] = remaining[node]
    }
    return counts
  }

  /// Tokens of all words by longest match, with these pieces, all characters, and special tokens.
  ///
  /// The counts are lost.
  mutating func matchCount(_ text: borrowing TopDownText, with pieces: [RankedPiece]) -> UInt64 {
    remaining.base.update(repeating: 0, count: trie.count)
    for piece in pieces { remaining[piece.node] = 1 }
    for node in reserved { remaining[node] = 1 }
    match(0..<trie.root, from: 1)
    var total: UInt64 = 0
    for word in 0..<text.counts.count {
      var place = Int(text.starts[word])
      let end = Int(text.starts[word + 1]) - 1
      while place < end {
        // No more than all occurrences of all characters, which fit 63 bits.
        total &+= text.counts[word]
        place &+= Int(matches[Int(trie.leaves[place] >> 1)])
      }
    }
    return total
  }

  private func countAllSubstrings(_ text: borrowing TopDownText) {
    let (counts, leaves) = (allSubstrings.base, trie.leaves.base)
    for word in 0..<text.counts.count {
      let weight = text.counts[word]
      let end = Int(text.starts[word + 1]) - 1
      for place in Int(text.starts[word])..<end {
        add(weight, leaves[place], to: counts)
      }
    }
  }

  private mutating func countFromMatches(_ text: borrowing TopDownText) {
    let (counts, leaves, matches) = (remaining.base, trie.leaves.base, matches.base)
    let starts = text.starts.base
    counts.update(repeating: 0, count: trie.count)
    text.counts.withUnsafeBufferPointer { weights in
      for word in 0..<weights.count {
        let weight = weights[word]
        var place = Int(starts[word])
        let end = Int(starts[word &+ 1]) &- 1
        while place < end {
          let leaf = leaves[place]
          add(weight, leaf, to: counts)
          place &+= Int(matches[Int(leaf >> 1)])
        }
      }
    }
  }

  /// What goes on below the lowest node occurs less often than any threshold, so it would pass its
  /// count to that node, or lose it.
  @inline(__always)
  private func add(_ weight: UInt64, _ leaf: UInt32, to counts: UnsafeMutablePointer<UInt64>) {
    // No more than all occurrences of all characters, which fit 63 bits.
    if leaf & 1 == 0 || !losesCounts { counts[Int(leaf >> 1)] &+= weight }
  }

  /// Pieces below the threshold are not kept: their beginnings get their counts.
  ///
  /// So every occurrence counts for the longest kept piece that it begins with, which is what is
  /// left when kept pieces are subtracted from their beginnings, the longest first.
  private mutating func keepLongestFirst(_ threshold: UInt64) {
    if losesCounts { return }
    passOn(0..<refused.lowerBound, below: threshold)
    passOn(refused, below: .max)
    passOn(refused.upperBound..<trie.root, below: threshold)
  }

  /// Children come before their parents.
  private func passOn(_ nodes: Range<Int>, below threshold: UInt64) {
    let (remaining, parents) = (remaining.base, trie.parents.base)
    for node in nodes {
      let count = remaining[node]
      remaining[Int(parents[node])] &+= count < threshold ? count : 0
    }
  }

  /// Matches every suffix with the longest kept piece.
  private mutating func match(_ threshold: UInt64) {
    match(refused.upperBound..<trie.root, from: threshold)
    match(refused, from: .max)
    match(0..<refused.lowerBound, from: threshold)
  }

  /// Finds the nearest kept piece above each node, or itself, from the root down.
  private func match(_ nodes: Range<Int>, from threshold: UInt64) {
    let (remaining, parents) = (remaining.base, trie.parents.base)
    let (depths, matches) = (trie.depths.base, matches.base)
    // Characters are always kept: who finds nothing else has one.
    matches[trie.root] = 1
    var node = nodes.upperBound &- 1
    while node >= nodes.lowerBound {
      matches[node] = remaining[node] >= threshold ? depths[node] : matches[Int(parents[node])]
      node &-= 1
    }
  }
}
