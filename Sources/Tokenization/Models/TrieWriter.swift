/// Lays sorted texts out as a double array, fast enough for a million pieces.
///
/// Nodes are placed depth first. The children of one stand where a free place lets all of them stand;
/// only the last blocks of 256 places are looked at, and some places in them, so that a node costs
/// the same however many there are. (`DoubleArrayWriter` is slower: it puts nodes where
/// SentencePiece's own writer puts them.)
struct TrieWriter: ~Copyable {
  /// Texts that agree in their first `depth` bytes, and the place of the node that they share.
  private struct Branch {
    var texts: Range<Int>
    var depth: Int
    var unit: Int
  }

  private let entries: UnsafeBufferPointer<PieceOrder.Entry>
  private let bytes: UnsafeBufferPointer<UInt8>
  private var places = TriePlaces()
  /// By which bytes the texts of a node go on, and where those that go on by each begin; 0 stands for
  /// the end of a text.
  private let labels: UnsafeMutableBufferPointer<UInt8>
  private let starts: UnsafeMutableBufferPointer<Int>

  /// The map from texts to ids. Of equal texts the last counts.
  ///
  /// - Parameters:
  ///   - entries: as `PieceOrder` has them.
  ///   - bytes: what their keys are ranges of.
  static func trie(
    of entries: UnsafeBufferPointer<PieceOrder.Entry>, _ bytes: UnsafeBufferPointer<UInt8>
  ) -> DoubleArray {
    var writer = TrieWriter(entries, bytes)
    return writer.layOut() ? writer.places.finish() : .withoutKeys
  }

  private init(
    _ entries: UnsafeBufferPointer<PieceOrder.Entry>, _ bytes: UnsafeBufferPointer<UInt8>
  ) {
    self.entries = entries
    self.bytes = bytes
    labels = .allocate(capacity: 256)
    starts = .allocate(capacity: 257)
  }

  deinit {
    labels.deallocate()
    starts.deallocate()
  }

  /// - Returns: false if there are more units than can be linked.
  private mutating func layOut() -> Bool {
    var rest: [Branch] = []
    if !entries.isEmpty { rest.append(Branch(texts: 0..<entries.count, depth: 0, unit: 0)) }
    while var branch = rest.popLast() {
      while true {
        let count = findChildren(of: branch)
        let children = UnsafeBufferPointer(labels.extracting(..<count))
        // The text that ends here, if one does, is the first.
        let value = entries[starts[1] - 1].key.id
        guard let origin = places.place(children, value: value, under: branch.unit) else {
          return false
        }
        let first = labels[0] == 0 ? 1 : 0
        if first == count { break }
        for child in stride(from: count - 1, to: first, by: -1) {
          rest.append(self.branch(child, depth: branch.depth + 1, origin))
        }
        branch = self.branch(first, depth: branch.depth + 1, origin)
      }
    }
    return true
  }

  private func branch(_ child: Int, depth: Int, _ origin: Int) -> Branch {
    Branch(
      texts: starts[child]..<starts[child + 1], depth: depth, unit: origin ^ Int(labels[child]))
  }

  /// - Returns: the number of labels.
  private func findChildren(of branch: Branch) -> Int {
    var count = 0
    var text = branch.texts.lowerBound
    while text < branch.texts.upperBound {
      let label = label(of: text, at: branch.depth)
      labels[count] = label
      starts[count] = text
      count &+= 1
      repeat {
        text &+= 1
      } while text < branch.texts.upperBound && self.label(of: text, at: branch.depth) == label
    }
    starts[count] = text
    return count
  }

  /// The byte of a text at a depth; 0 at its end.
  @inline(__always)
  private func label(of text: Int, at depth: Int) -> UInt8 {
    if depth < 8 {
      let shift = UInt64(truncatingIfNeeded: 56 &- 8 &* depth)
      return UInt8(truncatingIfNeeded: entries[text].window &>> shift)
    }
    let key = entries[text].key
    return depth < Int(key.count) ? bytes[Int(key.start) &+ depth] : 0
  }
}
