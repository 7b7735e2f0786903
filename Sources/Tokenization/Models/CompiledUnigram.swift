/// A unigram model in the form in which it is applied; immutable, shared by threads.
///
/// The sums are single precision and taken from left to right over the whole text, and a later way
/// wins only if it is better: then the ids are SentencePiece's down to ties (`unigram_model.cc`,
/// `EncodeOptimized`, 0.2.3).
final class CompiledUnigram: Sendable {
  /// What the score of the best piece that ends at a byte was, which it is, and where it begins.
  private struct Node: BitwiseCopyable {
    var score: Float = 0
    var id: TokenID = 0
    /// -1: nothing ends here.
    var start: Int = -1
  }

  /// Beyond this sum the scores are counted from the present place on, since single precision has
  /// few digits.
  private static let farthest: Float = 100_000
  /// How much less than the least score an unknown character has.
  private static let unknownPenalty: Float = 10

  /// Pieces that text is matched with.
  let trie: PieceTrie
  /// By id.
  private let scores: [Float]
  private let unknownScore: Float
  private let unknownID: TokenID
  private let byteIDs: [TokenID]?

  init(_ model: UnigramModel) {
    let vocabulary = model.vocabulary
    var keys: [PieceTrie.Key] = []
    var scores = model.scores.map { Float($0) }
    var least = Float.greatestFiniteMagnitude
    for id in 0..<TokenID(vocabulary.count) where model.kinds[Int(id)].isText {
      guard vocabulary.present[Int(id)] else { continue }
      keys.append(PieceTrie.Key(vocabulary.range(of: id), id: id))
      if model.kinds[Int(id)] == .normal {
        least = min(least, scores[Int(id)])
      } else {
        // So much that it is always taken (`GetUserDefinedScore`); lengths are bytes.
        scores[Int(id)] = Float(0.1 * Double(vocabulary.length(of: id) - 1))
      }
    }
    trie = PieceTrie(vocabulary, keys)
    self.scores = scores
    unknownScore = least - Self.unknownPenalty
    // SentencePiece's rules need one: `UnigramModel` takes care.
    unknownID = model.unknownID ?? 0
    byteIDs = model.byteIDs
  }

  /// The pieces of a text. Neighbouring unknown characters are one, or their bytes.
  ///
  /// - Parameter output: room for an id a byte.
  /// - Returns: the number of ids.
  /// - Complexity: O(bytes × bytes of the longest piece); 16 bytes of scratch for each.
  func encode(
    _ text: UnsafeBufferPointer<UInt8>, into output: UnsafeMutablePointer<TokenID>
  ) -> Int {
    // From the end of the room to its start, then moved to the front.
    var first = text.count
    forEachPieceBackward(of: text) { id, _ in
      first -= 1
      output[first] = id
    }
    let count = text.count - first
    output.update(from: output + first, count: count)
    return count
  }

  /// Appends where the pieces of a text stand in it.
  func appendRanges(of text: UnsafeBufferPointer<UInt8>, to ranges: inout [Range<Int>]) {
    let first = ranges.count
    forEachPieceBackward(of: text) { ranges.append($1) }
    ranges[first...].reverse()
  }

  /// Calls `body` with the id and the place of each piece, the last one first.
  @inline(__always)
  private func forEachPieceBackward(
    of text: UnsafeBufferPointer<UInt8>, _ body: (_ id: TokenID, _ place: Range<Int>) -> Void
  ) {
    guard let start = text.baseAddress, text.count > 0 else { return }
    let nodes = UnsafeMutablePointer<Node>.allocate(capacity: text.count + 1)
    nodes.initialize(repeating: Node(), count: text.count + 1)
    defer { nodes.deallocate() }
    scores.withUnsafeBufferPointer { fill(nodes, start, count: text.count, $0) }
    var end = text.count
    while end > 0 {
      let node = nodes[end]
      var begin = node.start
      if node.id == unknownID {
        if let byteIDs {
          for place in (begin..<end).reversed() {
            body(byteIDs[Int(text[place])], place..<place + 1)
          }
          end = begin
          continue
        }
        while begin > 0, nodes[begin].id == unknownID { begin = nodes[begin].start }
      }
      body(node.id, begin..<end)
      end = begin
    }
  }

  private func fill(
    _ nodes: UnsafeMutablePointer<Node>, _ text: UnsafePointer<UInt8>, count: Int,
    _ scores: UnsafeBufferPointer<Float>
  ) {
    let end = text + count
    var place = 0
    var frontier = 0
    while place < count {
      let length = min(Self.length(lead: text[place]), count - place)
      let before = rebase(nodes, place, &frontier)
      var isCovered = false
      trie.forEachPrefix(of: text + place, to: end) { size, id in
        reach(nodes + (place + size), Node(score: scores[Int(id)] + before, id: id, start: place))
        frontier = max(frontier, place + size)
        isCovered = isCovered || size == length
      }
      if !isCovered {
        reach(
          nodes + (place + length),
          Node(score: unknownScore + before, id: unknownID, start: place))
        frontier = max(frontier, place + length)
      }
      place += length
    }
  }

  @inline(__always)
  private func reach(_ node: UnsafeMutablePointer<Node>, _ way: Node) {
    if node.pointee.start < 0 || way.score > node.pointee.score { node.pointee = way }
  }

  /// The score so far, after all that is known has been counted from here on if it was too far.
  @inline(__always)
  private func rebase(
    _ nodes: UnsafeMutablePointer<Node>, _ place: Int, _ frontier: inout Int
  ) -> Float {
    let score = nodes[place].score
    guard abs(score) > Self.farthest else { return score }
    for later in place...max(place, frontier) where later == 0 || nodes[later].start >= 0 {
      nodes[later].score -= score
    }
    return 0
  }

  /// Bytes of a character by its first one.
  @inline(__always)
  private static func length(lead: UInt8) -> Int {
    lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
  }
}
