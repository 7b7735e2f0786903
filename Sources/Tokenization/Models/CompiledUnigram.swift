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
  static let farthest: Float = 100_000
  /// How much less than the least score an unknown character has.
  private static let unknownPenalty: Float = 10

  /// Pieces that text is matched with.
  let trie: PieceTrie
  /// By id.
  let scores: [Float]
  let unknownScore: Float
  /// Of pieces that are not symbols of users.
  let greatestNormalScore: Float
  let unknownID: TokenID
  let byteIDs: [TokenID]?

  init(_ model: UnigramModel) {
    let vocabulary = model.vocabulary
    var keys: [PieceTrie.Key] = []
    var scores = model.scores.map { Float($0) }
    var least = Float.greatestFiniteMagnitude
    var greatest = -Float.greatestFiniteMagnitude
    for id in 0..<TokenID(vocabulary.count) where model.kinds[Int(id)].isText {
      guard vocabulary.present[Int(id)] else { continue }
      keys.append(PieceTrie.Key(vocabulary.range(of: id), id: id))
      if model.kinds[Int(id)] == .normal {
        least = min(least, scores[Int(id)])
        greatest = max(greatest, scores[Int(id)])
      } else {
        // So much that it is always taken (`GetUserDefinedScore`); lengths are bytes.
        scores[Int(id)] = Float(0.1 * Double(vocabulary.length(of: id) - 1))
      }
    }
    trie = PieceTrie(vocabulary, keys)
    self.scores = scores
    unknownScore = least - Self.unknownPenalty
    greatestNormalScore = greatest
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
    var score: Float = 0
    _ = forEachPieceBackward(of: text, after: &score) { id, _, _ in
      first -= 1
      output[first] = id
    }
    let count = text.count - first
    output.update(from: output + first, count: count)
    return count
  }

  /// What became of a text that stands behind others.
  struct Outcome {
    /// The number of ids.
    var count = 0
    /// Whether the ids tell the score: runs of unknown characters are not too long.
    var isScored = true
    /// Whether scores are counted from a place in it on.
    var isRebased = false
  }

  /// The same where no piece reaches from what stands before into the text, nor out of it, with ids
  /// that tell the score; see `ScoredIDs`.
  ///
  /// - Parameter score: the sum of the scores before the text, then behind it.
  func encode(
    _ text: UnsafeBufferPointer<UInt8>, after score: inout Float, _ scored: ScoredIDs,
    into output: UnsafeMutablePointer<TokenID>
  ) -> Outcome {
    var outcome = Outcome()
    var first = text.count
    outcome.isRebased = forEachPieceBackward(of: text, after: &score) { id, _, unknown in
      first -= 1
      output[first] = unknown < 0 ? id : scored.id(id, unknown: unknown)
      outcome.isScored = outcome.isScored && unknown <= ScoredIDs.longestRun
    }
    outcome.count = text.count - first
    output.update(from: output + first, count: outcome.count)
    return outcome
  }

  var hasAllBytes: Bool { byteIDs != nil }

  /// Whether a character is a piece by itself.
  func hasToken(for character: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let start = character.baseAddress else { return false }
    var isFound = false
    trie.forEachPrefix(of: start, to: start + character.count) { length, _ in
      isFound = isFound || length == character.count
    }
    return isFound
  }

  /// Appends where the pieces of a text stand in it.
  func appendRanges(of text: UnsafeBufferPointer<UInt8>, to ranges: inout [Range<Int>]) {
    let first = ranges.count
    var score: Float = 0
    _ = forEachPieceBackward(of: text, after: &score) { _, place, _ in ranges.append(place) }
    ranges[first...].reverse()
  }

  /// Calls `body` with the id and the place of each piece, the last one first, and with the number of
  /// unknown characters that begin in it; -1 for a piece that is known.
  /// - Returns: whether scores are counted from a place in the text on.
  @inline(__always)
  private func forEachPieceBackward(
    of text: UnsafeBufferPointer<UInt8>, after score: inout Float,
    _ body: (_ id: TokenID, _ place: Range<Int>, _ unknown: Int) -> Void
  ) -> Bool {
    guard let start = text.baseAddress, text.count > 0 else { return false }
    let nodes = UnsafeMutablePointer<Node>.allocate(capacity: text.count + 1)
    nodes.initialize(repeating: Node(), count: text.count + 1)
    defer { nodes.deallocate() }
    nodes[0].score = score
    let isRebased = scores.withUnsafeBufferPointer {
      fill(nodes, start, count: text.count, $0)
    }
    score = nodes[text.count].score
    var end = text.count
    while end > 0 {
      let node = nodes[end]
      var begin = node.start
      var unknown = -1
      if node.id == unknownID {
        if let byteIDs {
          for place in (begin..<end).reversed() {
            body(byteIDs[Int(text[place])], place..<place + 1, place == begin ? 1 : 0)
          }
          end = begin
          continue
        }
        unknown = 1
        while begin > 0, nodes[begin].id == unknownID {
          begin = nodes[begin].start
          unknown += 1
        }
      }
      body(node.id, begin..<end, unknown)
      end = begin
    }
    return isRebased
  }

  /// - Returns: whether scores are counted from a place in the text on.
  private func fill(
    _ nodes: UnsafeMutablePointer<Node>, _ text: UnsafePointer<UInt8>, count: Int,
    _ scores: UnsafeBufferPointer<Float>
  ) -> Bool {
    let end = text + count
    var isRebased = false
    var place = 0
    var frontier = 0
    while place < count {
      let length = min(Self.length(lead: text[place]), count - place)
      let before = rebase(nodes, place, &frontier, &isRebased)
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
    return isRebased
  }

  @inline(__always)
  private func reach(_ node: UnsafeMutablePointer<Node>, _ way: Node) {
    if node.pointee.start < 0 || way.score > node.pointee.score { node.pointee = way }
  }

  /// The score so far, after all that is known has been counted from here on if it was too far.
  @inline(__always)
  private func rebase(
    _ nodes: UnsafeMutablePointer<Node>, _ place: Int, _ frontier: inout Int,
    _ isRebased: inout Bool
  ) -> Float {
    let score = nodes[place].score
    guard abs(score) > Self.farthest else { return score }
    for later in place...max(place, frontier) where later == 0 || nodes[later].start >= 0 {
      nodes[later].score -= score
    }
    isRebased = true
    return 0
  }

  /// Bytes of a character by its first one.
  @inline(__always)
  static func length(lead: UInt8) -> Int {
    lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
  }
}
