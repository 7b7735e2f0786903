/// The smallest acyclic automaton of sorted byte strings and their values: what strings end alike is
/// there once.
///
/// A state is the list of its edges, in the order of their labels; an edge with the label 0 ends a
/// string, and its target is the value (Daciuk, Mihov, Watson and Watson 2000, the algorithm for
/// sorted data).
struct KeyAutomaton {
  struct Edge: Equatable {
    let label: UInt8
    /// Whether another edge of the same state follows.
    var hasNext: Bool
    /// First edge of the state that it leads to, or a value.
    var target: UInt32
  }

  /// All edges, state by state. The first is none.
  private(set) var edges = [Edge(label: 0, hasNext: false, target: 0)]
  /// Whether several edges lead to the state that begins at an edge.
  private(set) var isShared = [false]
  /// First edge of the first state.
  private(set) var root: UInt32 = 0

  /// Edges of the states along the last string, which are not closed yet.
  private var open: [Edge] = []
  /// Where the edges of each of those states begin in `open`.
  private var starts: [Int] = [0]
  /// First edges by hash; 0 is free. Always at most half full.
  private var table = [UInt32](repeating: 0, count: 1 << 12)
  private var stateCount = 0

  /// Adds a string: not empty, without zeros, greater than the one before, with which it shares the
  /// first `shared` bytes.
  mutating func append(_ key: [UInt8], sharing shared: Int, value: UInt32) {
    close(downTo: shared)
    for label in key[shared...] {
      addEdge(label)
      starts.append(open.count)
    }
    addEdge(0, to: value)
  }

  mutating func finish() {
    close(downTo: 0)
    if !open.isEmpty { root = closeState() }
    table = []
  }

  private mutating func addEdge(_ label: UInt8, to target: UInt32 = 0) {
    if let previous = open.indices.last, previous >= starts[starts.count - 1] {
      open[previous].hasNext = true
    }
    open.append(Edge(label: label, hasNext: false, target: target))
  }

  private mutating func close(downTo depth: Int) {
    while starts.count > depth + 1 {
      let state = closeState()
      open[open.count - 1].target = state
    }
  }

  /// Takes the deepest open state and returns the first edge of its only copy.
  private mutating func closeState() -> UInt32 {
    let start = starts.removeLast()
    if stateCount * 2 >= table.count { growTable() }
    let mask = table.count - 1
    var slot = hash(open[start...]) & mask
    while table[slot] != 0 {
      let first = Int(table[slot])
      if first + open.count - start <= edges.count,
        edges[first..<first + open.count - start] == open[start...]
      {
        isShared[first] = true
        open.removeLast(open.count - start)
        return UInt32(first)
      }
      slot = (slot + 1) & mask
    }
    let first = UInt32(edges.count)
    edges.append(contentsOf: open[start...])
    isShared.append(contentsOf: repeatElement(false, count: open.count - start))
    open.removeLast(open.count - start)
    table[slot] = first
    stateCount += 1
    return first
  }

  private func hash(_ state: ArraySlice<Edge>) -> Int {
    var hash: UInt64 = 0
    for edge in state {
      hash = (hash ^ (UInt64(edge.target) << 8 | UInt64(edge.label))) &* 0x9E37_79B9_7F4A_7C15
      hash ^= hash >> 29
    }
    return Int(truncatingIfNeeded: hash >> 1)
  }

  private mutating func growTable() {
    let old = table
    table = Array(repeating: 0, count: old.count * 2)
    let mask = table.count - 1
    for first in old where first != 0 {
      var end = Int(first)
      while edges[end].hasNext { end += 1 }
      var slot = hash(edges[Int(first)...end]) & mask
      while table[slot] != 0 { slot = (slot + 1) & mask }
      table[slot] = first
    }
  }
}
