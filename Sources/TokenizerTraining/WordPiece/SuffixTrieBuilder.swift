import Primitives

/// Makes the tree of suffixes from their order: one pass with a stack of the nodes on the way to
/// the last suffix (Kasai et al. 2001).
struct SuffixTrieBuilder: ~Copyable {
  private static let none = UInt32.max

  /// A node with more to come below it.
  private struct Open {
    var depth: Int
    /// Where its text stands.
    var place: UInt32
    /// First of the rows that are no longer than it, and how many there are.
    var firstRow = 0
    var rowCount = 0
    /// The last node that ended below it; those before it are linked by `parents`.
    var lastChild = SuffixTrieBuilder.none
  }

  private let parents: PageBuffer<UInt32>
  private let depths: PageBuffer<UInt16>
  private let places: PageBuffer<UInt32>
  private let leaves: PageBuffer<UInt32>
  private var count = 0
  private var open: [Open] = []

  /// The tree of all suffixes of the words; `nil` without memory.
  ///
  /// - Parameter marks: texts that get a node where they occur.
  static func trie(
    of text: borrowing TopDownText, marks: [[UInt32]], threads: Int
  ) -> SuffixTrie? {
    guard let order = text.suffixOrder(threads: threads),
      var builder = SuffixTrieBuilder(text, order, markCount: marks.count)
    else { return nil }
    let rows = marks.map { order.rows(beginningWith: $0, in: text.symbols) }
    builder.addRows(
      text, order,
      stops: zip(rows, marks).map { ($0.isEmpty ? order.count : $0.lowerBound, $1.count) })
    return builder.finished(
      marks: zip(rows, marks).map { rows, mark in
        rows.isEmpty ? nil : (Int(order.places[rows.lowerBound]), mark.count)
      })
  }

  private init?(
    _ text: borrowing TopDownText, _ order: borrowing SuffixOrder, markCount: Int
  ) {
    // Each row adds a leaf and parts one edge at most; marks and the root besides.
    let most = 2 * order.count + markCount + 1
    guard let parents = PageBuffer<UInt32>(count: most),
      let depths = PageBuffer<UInt16>(count: most), let places = PageBuffer<UInt32>(count: most),
      let leaves = PageBuffer<UInt32>(count: text.symbols.count)
    else { return nil }
    self.parents = parents
    self.depths = depths
    self.places = places
    self.leaves = leaves
    open.append(Open(depth: 0, place: 0))
  }

  /// - Parameter stops: rows, and after how many symbols of them a node shall stand.
  private mutating func addRows(
    _ text: borrowing TopDownText, _ order: borrowing SuffixOrder,
    stops: [(row: Int, depth: Int)]
  ) {
    let stops = stops.sorted { ($0.row, $0.depth) < ($1.row, $1.depth) }
    var stop = 0
    for row in 0..<order.count {
      let place = order.places[row]
      let common = Int(order.common[row])
      endNodes(below: common, order)
      var length = common
      while text.symbols[Int(place) + length] != 0 { length &+= 1 }
      if length == common {
        // The same suffix again: its node is the last.
        open[open.count - 1].rowCount += 1
        continue
      }
      while stop < stops.count, stops[stop].row == row {
        let depth = stops[stop].depth
        if depth > open[open.count - 1].depth, depth < length {
          open.append(Open(depth: depth, place: place))
        }
        stop += 1
      }
      open.append(Open(depth: length, place: place, firstRow: row, rowCount: 1))
    }
    endNodes(below: 0, order)
    let root = end(open[0])
    parents[Int(root)] = root
  }

  /// Ends the nodes of more symbols than the next row shares; one of just so many is the last then.
  private mutating func endNodes(below depth: Int, _ order: borrowing SuffixOrder) {
    while let node = open.last, node.depth > depth {
      open.removeLast()
      if open[open.count - 1].depth < depth { open.append(Open(depth: depth, place: node.place)) }
      let number = end(node)
      for row in node.firstRow..<node.firstRow + node.rowCount {
        leaves[Int(order.places[row])] = number << 1
      }
      parents[Int(number)] = open[open.count - 1].lastChild
      open[open.count - 1].lastChild = number
    }
  }

  /// Gives a node its number and its children their parent.
  private mutating func end(_ node: Open) -> UInt32 {
    let number = UInt32(count)
    depths[count] = UInt16(truncatingIfNeeded: node.depth)
    places[count] = node.place
    count += 1
    var child = node.lastChild
    while child != Self.none {
      let next = parents[Int(child)]
      parents[Int(child)] = number
      child = next
    }
    return number
  }

  private consuming func finished(marks: [(place: Int, length: Int)?]) -> SuffixTrie {
    SuffixTrie(
      parents: parents, depths: depths, places: places, leaves: leaves, count: count, marks: marks)
  }
}
