/// The nodes of a double array, listed by the place of which they are children.
///
/// A node knows its label, and with that the place that its siblings share; probing 256 labels of
/// each node instead takes a hundred times as long.
struct TrieChildren {
  private let starts: [UInt32]
  private let nodes: [UInt32]

  /// - Complexity: O(*n*) in the units.
  init(_ trie: DoubleArray) {
    var starts = [UInt32](repeating: 0, count: trie.count + 2)
    for index in 0..<trie.count {
      if let place = Self.place(of: index, trie) { starts[place + 2] += 1 }
    }
    for place in 2..<starts.count { starts[place] += starts[place - 1] }
    var nodes = [UInt32](repeating: 0, count: Int(starts[trie.count + 1]))
    for index in 0..<trie.count {
      guard let place = Self.place(of: index, trie) else { continue }
      nodes[Int(starts[place + 1])] = UInt32(index)
      starts[place + 1] += 1
    }
    self.starts = starts
    self.nodes = nodes
  }

  /// Children of a place within the array, ascending by index, not by label.
  subscript(place: Int) -> ArraySlice<UInt32> { nodes[places(under: place)] }

  /// Where the children of a place stand in the list of all nodes.
  func places(under place: Int) -> Range<Int> { Int(starts[place])..<Int(starts[place + 1]) }

  func node(at place: Int) -> Int { Int(nodes[place]) }

  /// The place that the unit is a child of; nil for values and for what nothing leads to.
  private static func place(of index: Int, _ trie: DoubleArray) -> Int? {
    let unit = trie.units[index]
    return unit & DoubleArray.valueMark == 0 ? index ^ Int(unit & 0xFF) : nil
  }
}
