/// Rules as a tree of code points, in which equal branches may be one: an edge leads to a node with a
/// greater index.
struct RuleTree {
  struct Node {
    /// The number of what the rule that ends here gives; `none` where no rule ends.
    var value: UInt32
    /// In `edges`.
    var children: Range<Int>
  }

  struct Edge {
    let scalar: UInt32
    let node: Int
  }

  static let none = UInt32.max

  /// The root first.
  private(set) var nodes: [Node]
  /// Those of one node together, ascending.
  private(set) var edges: [Edge]

  init(_ list: CharsmapRuleList) {
    nodes = [Node(value: Self.none, children: 0..<0)]
    var parents = [0]
    var scalars: [UInt32] = [0]
    /// Nodes from the root to the end of the last rule.
    var path = [0]
    var last: ArraySlice<UInt32> = []
    for rule in list.sorted() {
      let key = list.key(rule)
      let shared = zip(key, last).prefix { $0 == $1 }.count
      path.removeLast(path.count - 1 - shared)
      for scalar in key.dropFirst(shared) {
        parents.append(path[path.count - 1])
        scalars.append(scalar)
        path.append(nodes.count)
        nodes.append(Node(value: Self.none, children: 0..<0))
      }
      nodes[path[path.count - 1]].value = list.values[rule]
      last = key
    }
    // Nodes are in the order of their keys: a stable sort by parent keeps edges ascending.
    var starts = [Int](repeating: 0, count: nodes.count + 1)
    for parent in parents.dropFirst() { starts[parent + 1] += 1 }
    for node in 1..<starts.count { starts[node] += starts[node - 1] }
    for node in nodes.indices { nodes[node].children = starts[node]..<starts[node + 1] }
    edges = Array(repeating: Edge(scalar: 0, node: 0), count: nodes.count - 1)
    for node in nodes.indices.dropFirst() {
      edges[starts[parents[node]]] = Edge(scalar: scalars[node], node: node)
      starts[parents[node]] += 1
    }
  }

  /// Most rules that begin at one place, each the beginning of the next.
  var nesting: Int {
    var rules = [Int](repeating: 0, count: nodes.count)
    var deepest = 0
    for (index, node) in nodes.enumerated() {
      if node.value != Self.none { rules[index] += 1 }
      deepest = max(deepest, rules[index])
      for edge in edges[node.children] { rules[edge.node] = max(rules[edge.node], rules[index]) }
    }
    return deepest
  }

  /// The same rules in every spelling, and rules of single code points.
  ///
  /// - Parameters:
  ///   - spellings: for a code point those that may stand in its place; none twice.
  ///   - singles: numbers of what they give. Rules of this tree have keys of two or more.
  func expanded(spellings: [UInt32: [UInt32]], singles: [UInt32: UInt32]) -> RuleTree {
    // Spellings share what follows them; first characters have a rule of their own, or none.
    var firsts: [UInt32: Node] = [:]
    for (scalar, value) in singles { firsts[scalar] = Node(value: value, children: 0..<0) }
    let added = Set(
      edges[nodes[0].children].flatMap { [$0.scalar] + (spellings[$0.scalar] ?? []) })
    let shift = added.union(singles.keys).count
    var tree = self
    tree.nodes = []
    tree.edges = []
    for node in nodes.dropFirst() {
      let start = tree.edges.count
      for edge in edges[node.children] {
        for scalar in [edge.scalar] + (spellings[edge.scalar] ?? []) {
          tree.edges.append(Edge(scalar: scalar, node: edge.node + shift))
        }
      }
      tree.edges[start...].sort { $0.scalar < $1.scalar }
      tree.nodes.append(Node(value: node.value, children: start..<tree.edges.count))
    }
    for edge in edges[nodes[0].children] {
      for scalar in [edge.scalar] + (spellings[edge.scalar] ?? []) {
        firsts[scalar, default: Node(value: Self.none, children: 0..<0)].children =
          tree.nodes[edge.node - 1].children
      }
    }
    let sorted = firsts.sorted { $0.key < $1.key }
    let start = tree.edges.count
    for (place, first) in sorted.enumerated() {
      tree.edges.append(Edge(scalar: first.key, node: place + 1))
    }
    tree.nodes.insert(contentsOf: sorted.map(\.value), at: 0)
    tree.nodes.insert(Node(value: Self.none, children: start..<tree.edges.count), at: 0)
    return tree
  }

  /// The rules in the form that `Charsmap` reads, byte for byte as SentencePiece's own compiler
  /// writes them (builder.cc, `Builder::CompileCharsMap`).
  ///
  /// - Throws: `.nestedTooDeeply`, `.tooManyRules`.
  func precompiled(_ replacements: ReplacementList) throws(CharsmapError) -> [UInt8] {
    guard nesting <= Charsmap.greatestNesting else { throw .nestedTooDeeply(nesting) }
    let (strings, offsets) = replacements.strings(of: self)
    let automaton = KeyAutomaton(self, offsets: offsets)
    guard automaton.root != 0 else { return [] }
    guard strings.count < DoubleArray.valueMark, let units = DoubleArrayWriter.units(of: automaton),
      units.count <= UInt32.max / 4
    else { throw .tooManyRules }
    var form: [UInt8] = []
    form.reserveCapacity(4 + units.count * 4 + strings.count)
    for word in [UInt32(units.count * 4)] + units {
      withUnsafeBytes(of: word.littleEndian) { form.append(contentsOf: $0) }
    }
    return form + strings
  }
}
