/// The smallest acyclic automaton of rules over the bytes of UTF-8: what keys end alike is there once.
///
/// A state is the list of its edges, in the order of their labels; an edge with the label 0 ends a
/// key, and its target is the key's value.
struct KeyAutomaton {
  struct Edge: Equatable {
    let label: UInt8
    /// Whether another edge of the same state follows.
    var hasNext = true
    /// First edge of the state that it leads to, or a value.
    let target: UInt32
  }

  /// All edges, state by state, each after those to which it leads. The first is none.
  private(set) var edges = [Edge(label: 0, hasNext: false, target: 0)]
  /// First edge of the first state; 0 without rules.
  private(set) var root: UInt32 = 0
  /// Whether several keys, up to there, lead to the state that begins at an edge.
  private(set) var isShared: [Bool] = []

  /// First edges by hash; 0 is free. At most half full.
  private var table = [UInt32](repeating: 0, count: 1 << 12)
  private var stateCount = 0
  /// Edges of states that are being made, the innermost last.
  private var open: [Edge] = []

  /// - Parameter offsets: what the values of keys are, by the number of what a rule gives.
  init(_ tree: RuleTree, offsets: [UInt32]) {
    var states = [UInt32](repeating: 0, count: tree.nodes.count)
    for (index, node) in tree.nodes.enumerated().reversed() {
      let start = open.count
      if node.value != RuleTree.none {
        open.append(Edge(label: 0, target: offsets[Int(node.value)]))
      }
      openEdges(tree.edges[node.children], byte: 0, states)
      if open.count > start { states[index] = close(from: start) }
    }
    root = states[0]
    table = []
    countPaths()
  }

  /// Opens the edges of code points by one of their bytes, and makes what follows it.
  ///
  /// Recursive, at most four bytes deep.
  private mutating func openEdges(
    _ edges: ArraySlice<RuleTree.Edge>, byte: Int, _ states: [UInt32]
  ) {
    var rest = edges
    while let first = rest.first {
      let label = Self.byte(byte, of: first.scalar)
      if byte == Self.width(first.scalar) - 1 {
        open.append(Edge(label: label, target: states[first.node]))
        rest = rest.dropFirst()
      } else {
        let group = rest.prefix { Self.byte(byte, of: $0.scalar) == label }
        let start = open.count
        openEdges(group, byte: byte + 1, states)
        let target = close(from: start)
        open.append(Edge(label: label, target: target))
        rest = rest[group.endIndex...]
      }
    }
  }

  private static func width(_ scalar: UInt32) -> Int {
    scalar < 0x80 ? 1 : scalar < 0x800 ? 2 : scalar < 0x1_0000 ? 3 : 4
  }

  private static func byte(_ index: Int, of scalar: UInt32) -> UInt8 {
    let width = width(scalar)
    let bits = UInt8(truncatingIfNeeded: scalar >> UInt32(6 * (width - 1 - index)))
    if index > 0 { return 0x80 | bits & 0x3F }
    return width == 1 ? bits : bits | ~(0xFF >> UInt8(width))
  }

  /// Takes the open edges from `start` on for a state and returns the first edge of its only copy.
  private mutating func close(from start: Int) -> UInt32 {
    defer { open.removeLast(open.count - start) }
    open[open.count - 1].hasNext = false
    if stateCount * 2 >= table.count { growTable() }
    let mask = table.count - 1
    var slot = Self.hash(open, from: start) & mask
    while table[slot] != 0 {
      if isOpen(from: start, equalTo: Int(table[slot])) { return table[slot] }
      slot = (slot + 1) & mask
    }
    let first = UInt32(edges.count)
    for edge in start..<open.count { edges.append(open[edge]) }
    table[slot] = first
    stateCount += 1
    return first
  }

  /// Whether the open edges from `start` on are those of the state that begins at `first`.
  private func isOpen(from start: Int, equalTo first: Int) -> Bool {
    for edge in start..<open.count where edges[first + edge - start] != open[edge] { return false }
    return true
  }

  private mutating func growTable() {
    let old = table
    table = Array(repeating: 0, count: old.count * 2)
    let mask = table.count - 1
    for first in old where first != 0 {
      var slot = Self.hash(edges, from: Int(first)) & mask
      while table[slot] != 0 { slot = (slot + 1) & mask }
      table[slot] = first
    }
  }

  /// Of the state that begins at an edge.
  private static func hash(_ edges: [Edge], from first: Int) -> Int {
    var hash: UInt64 = 0
    var index = first
    while true {
      let edge = edges[index]
      hash = (hash ^ (UInt64(edge.target) << 8 | UInt64(edge.label))) &* 0x9E37_79B9_7F4A_7C15
      hash ^= hash >> 29
      if !edge.hasNext { return Int(truncatingIfNeeded: hash >> 1) }
      index += 1
    }
  }

  /// Counts the ways to each state, up to two, from the root down.
  private mutating func countPaths() {
    var paths = [UInt8](repeating: 0, count: edges.count)
    paths[Int(root)] = 1
    var last = edges.count - 1
    while last > 0 {
      var first = last
      while first > 1 && edges[first - 1].hasNext { first -= 1 }
      for edge in edges[first...last] where edge.label != 0 {
        paths[Int(edge.target)] = min(2, paths[Int(edge.target)] + paths[first])
      }
      last = first - 1
    }
    isShared = paths.map { $0 > 1 }
  }
}
