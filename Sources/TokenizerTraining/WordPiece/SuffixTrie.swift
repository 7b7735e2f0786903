import Primitives

/// All suffixes of all words in one tree whose edges are strings (Weiner 1973): a node stands for
/// each substring that ends a word or goes on in two ways, and for each of the texts that were
/// asked for.
///
/// Other substrings need no node: what always goes on in the same way occurs as often as what it
/// becomes, so the top-down learner never keeps it beside that. Single characters, which it always
/// keeps, need none either: they are what the root stands for where nothing longer is kept.
///
/// Nodes are numbered as they end in the order of suffixes: children come before their parents, and
/// the nodes below a node stand right before it. The root, of no symbols, is the last.
struct SuffixTrie: ~Copyable {
  /// The node above each; the root's is itself.
  let parents: PageBuffer<UInt32>
  /// Symbols of each node's text.
  let depths: PageBuffer<UInt16>
  /// Where in the words each node's text stands.
  let places: PageBuffer<UInt32>
  /// By place of the words: twice the number of the lowest node on the way of the suffix there, and
  /// 1 more if the suffix goes on below it.
  let leaves: PageBuffer<UInt32>
  let count: Int
  /// For each text that was asked for, a place where it stands; `nil`: it does not occur.
  let marks: [(place: Int, length: Int)?]

  var root: Int { count - 1 }

  init(
    parents: consuming PageBuffer<UInt32>, depths: consuming PageBuffer<UInt16>,
    places: consuming PageBuffer<UInt32>, leaves: consuming PageBuffer<UInt32>, count: Int,
    marks: [(place: Int, length: Int)?]
  ) {
    self.parents = parents
    self.depths = depths
    self.places = places
    self.leaves = leaves
    self.count = count
    self.marks = marks
  }

  /// The node of one of the texts that were asked for; `nil`: it does not occur.
  func node(ofMark index: Int) -> Int? {
    guard let mark = marks[index] else { return nil }
    var node = Int(leaves[mark.place] >> 1)
    while Int(depths[node]) > mark.length { node = Int(parents[node]) }
    return node
  }

  /// The nodes below a node. Complexity: O(their number).
  func nodes(below node: Int) -> Range<Int> {
    var first = node
    // The node before the first one ends elsewhere: its parent comes after this node.
    while first > 0, Int(parents[first - 1]) <= node { first -= 1 }
    return first..<node
  }

  /// The tree without the nodes that occur less often than a floor, but for the texts that were
  /// asked for; `nil` without memory.
  ///
  /// - Complexity: O(nodes + symbols).
  func pruned(below floor: UInt64, _ text: borrowing TopDownText) -> SuffixTrie? {
    guard let counts = occurrences(text), let numbers = PageBuffer<UInt32>(count: count) else {
      return nil
    }
    for mark in marks.indices {
      if let node = node(ofMark: mark) { counts[node] = .max }
    }
    counts[root] = .max
    let kept = number(counts, from: floor, numbers)
    guard let newParents = PageBuffer<UInt32>(count: kept),
      let newDepths = PageBuffer<UInt16>(count: kept),
      let newPlaces = PageBuffer<UInt32>(count: kept),
      let newLeaves = PageBuffer<UInt32>(count: leaves.count)
    else { return nil }
    newParents[kept - 1] = UInt32(kept - 1)
    // From the root down: parents have found who stands for them.
    var node = root - 1
    while node >= 0 {
      let above = numbers[Int(parents[node])]
      let number = numbers[node]
      if number & 1 == 0 {
        newParents[Int(number >> 1)] = above >> 1
      } else {
        numbers[node] = above | 1
      }
      node &-= 1
    }
    for node in 0..<count where numbers[node] & 1 == 0 {
      newDepths[Int(numbers[node] >> 1)] = depths[node]
      newPlaces[Int(numbers[node] >> 1)] = places[node]
    }
    for place in 0..<leaves.count {
      newLeaves[place] = numbers[Int(leaves[place] >> 1)] | (leaves[place] & 1)
    }
    return SuffixTrie(
      parents: newParents, depths: newDepths, places: newPlaces, leaves: newLeaves, count: kept,
      marks: marks)
  }

  /// Writes twice the new number of each node that stays, and 1 for each that goes; returns how
  /// many stay.
  private func number(
    _ counts: borrowing PageBuffer<UInt64>, from floor: UInt64,
    _ numbers: borrowing PageBuffer<UInt32>
  ) -> Int {
    var kept: UInt32 = 0
    for node in 0..<count {
      if counts[node] >= floor {
        numbers[node] = kept << 1
        kept += 1
      } else {
        numbers[node] = 1
      }
    }
    return Int(kept)
  }

  /// How often each node's text occurs.
  private func occurrences(_ text: borrowing TopDownText) -> PageBuffer<UInt64>? {
    guard let counts = PageBuffer<UInt64>(count: count) else { return nil }
    var place = 0
    for word in 0..<text.counts.count {
      let weight = text.counts[word]
      let end = Int(text.starts[word + 1]) - 1
      while place < end {
        // No more than all occurrences of all characters, which fit 63 bits.
        counts[Int(leaves[place] >> 1)] &+= weight
        place &+= 1
      }
      place = end + 1
    }
    for node in 0..<root { counts[Int(parents[node])] &+= counts[node] }
    return counts
  }
}
