import Primitives

/// Hosts by their best pairs, the best of all on top: four children a node.
///
/// Nodes hold the scores as they were when they were told, so that the heap stays in order while
/// counts change; each host that a change concerns must be told its new one.
struct HostHeap<Criterion: PairCriterion>: ~Copyable {
  struct Node: BitwiseCopyable {
    var score: Criterion.Score
    var count: Int64
    var key: UInt64
    var host: UInt32
  }

  private let nodes: PageBuffer<Node>
  /// 1 + the node of each host; 0: it has no pair.
  private let places: PageBuffer<UInt32>
  private var count = 0

  /// `nil` without memory.
  init?(hostLimit: Int) {
    guard let nodes = PageBuffer<Node>(count: hostLimit),
      let places = PageBuffer<UInt32>(count: hostLimit)
    else { return nil }
    self.nodes = nodes
    self.places = places
  }

  /// The pair that precedes all others.
  var top: UInt64? { count > 0 ? nodes[0].key : nil }

  @inline(__always)
  private static func precedes(_ lhs: Node, _ rhs: Node) -> Bool {
    let order = Criterion.compare(lhs.score, rhs.score)
    if order != 0 { return order > 0 }
    if lhs.count != rhs.count { return lhs.count > rhs.count }
    return lhs.key < rhs.key
  }

  /// Tells the best pair of a host; one of count 0 is none.
  mutating func set(_ pair: HostedPair, share: Int64, host: Int) {
    let place = Int(places[host])
    if pair.count == 0 {
      if place > 0 { remove(place - 1) }
      return
    }
    let node = Node(
      score: Criterion.score(pair, host: share), count: pair.count, key: pair.key,
      host: UInt32(truncatingIfNeeded: host))
    if place == 0 {
      count += 1
      rise(node, from: count - 1)
    } else {
      move(node, from: place - 1)
    }
  }

  private mutating func remove(_ place: Int) {
    places[Int(nodes[place].host)] = 0
    count -= 1
    if place < count { move(nodes[count], from: place) }
  }

  private func move(_ node: Node, from place: Int) {
    if place > 0, Self.precedes(node, nodes[(place - 1) / 4]) {
      rise(node, from: place)
    } else {
      sink(node, from: place)
    }
  }

  @inline(__always)
  private func put(_ node: Node, _ place: Int) {
    nodes[place] = node
    places[Int(node.host)] = UInt32(truncatingIfNeeded: place &+ 1)
  }

  private func rise(_ node: Node, from start: Int) {
    var place = start
    while place > 0 {
      let parent = (place &- 1) / 4
      guard Self.precedes(node, nodes[parent]) else { break }
      put(nodes[parent], place)
      place = parent
    }
    put(node, place)
  }

  private func sink(_ node: Node, from start: Int) {
    var place = start
    while true {
      let first = 4 &* place &+ 1
      guard first < count else { break }
      var best = first
      for child in (first &+ 1)..<max(first &+ 1, min(first &+ 4, count))
      where Self.precedes(nodes[child], nodes[best]) {
        best = child
      }
      guard Self.precedes(nodes[best], node) else { break }
      put(nodes[best], place)
      place = best
    }
    put(node, place)
  }
}
