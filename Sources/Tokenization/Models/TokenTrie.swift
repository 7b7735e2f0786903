/// The tokens of a vocabulary as a tree of bytes: one step for each byte, whatever the number of
/// tokens.
///
/// Its edges stand in one table with open addressing. Memory: 12 to 24 bytes for each node and 4 for
/// its token; a node is a beginning that tokens share.
struct TokenTrie: Sendable {
  typealias Node = UInt32
  static let root: Node = 0
  /// No node, and no token.
  static let none = UInt32.max

  private struct Edge {
    /// Node in the high bits, byte in the low 8; all ones where the slot is free.
    var key: UInt64
    var child: Node
  }

  private var edges: [Edge]
  /// The token that ends at a node, or `none`.
  private var tokens: [TokenID] = [Self.none]

  /// Of equal tokens the first counts.
  init(_ vocabulary: Vocabulary) {
    edges = Self.empty(1 << 12)
    for id in 0..<TokenID(vocabulary.count) {
      guard let token = vocabulary[id] else { continue }
      var node = Self.root
      for byte in token { node = insert(byte, after: node) }
      if tokens[Int(node)] == Self.none { tokens[Int(node)] = id }
    }
  }

  /// The node behind one more byte; `none` where no token goes on like this.
  @inline(__always)
  func child(of node: Node, _ byte: UInt8) -> Node {
    let slot = edges[slot(of: Self.key(node, byte))]
    return slot.key == UInt64.max ? Self.none : slot.child
  }

  /// The token that ends here, or `none`.
  @inline(__always)
  func token(at node: Node) -> TokenID { tokens[Int(node)] }

  /// The node behind a row of bytes; `none` where no token begins like this.
  func node(behind bytes: [UInt8]) -> Node {
    var node = Self.root
    for byte in bytes where node != Self.none { node = child(of: node, byte) }
    return node
  }

  private mutating func insert(_ byte: UInt8, after node: Node) -> Node {
    let key = Self.key(node, byte)
    var place = slot(of: key)
    if edges[place].key == key { return edges[place].child }
    if 2 * tokens.count >= edges.count {
      grow()
      place = slot(of: key)
    }
    let child = Node(tokens.count)
    edges[place] = Edge(key: key, child: child)
    tokens.append(Self.none)
    return child
  }

  private mutating func grow() {
    let old = edges
    edges = Self.empty(2 * old.count)
    for edge in old where edge.key != UInt64.max { edges[slot(of: edge.key)] = edge }
  }

  private static func empty(_ count: Int) -> [Edge] {
    [Edge](repeating: Edge(key: .max, child: none), count: count)
  }

  @inline(__always)
  private static func key(_ node: Node, _ byte: UInt8) -> UInt64 {
    UInt64(node) &<< 8 | UInt64(byte)
  }

  /// The slot that holds an edge, or the free one where it belongs.
  @inline(__always)
  private func slot(of key: UInt64) -> Int {
    let mask = edges.count &- 1
    let product = key &* 0x9E37_79B9_7F4A_7C15
    var slot = Int(truncatingIfNeeded: product ^ product &>> 32) & mask
    while edges[slot].key != UInt64.max, edges[slot].key != key { slot = (slot &+ 1) & mask }
    return slot
  }
}
