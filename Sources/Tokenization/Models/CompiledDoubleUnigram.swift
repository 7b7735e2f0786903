import Primitives

/// A unigram model as Hugging Face's library applies it; immutable, shared by threads.
///
/// The sums are double precision and taken over one pre-token, every token is text, those for
/// unknown text and for bytes too, and neighbouring unknown characters that are a token together
/// become it (`models/unigram/model.rs`, `encode_optimized` and `tokenize`, 0.23).
final class CompiledDoubleUnigram: Sendable {
  /// What the score of the best token that ends at a byte was, which it is, and where it begins.
  private struct Node: BitwiseCopyable {
    var score: Double = 0
    var id: TokenID = 0
    /// -1: nothing ends here.
    var start: Int = -1
  }

  /// How much less than the least score an unknown character has.
  private static let unknownPenalty: Double = 10
  /// The id of an unknown character where the model has none for it: above every id.
  private static let noToken = TokenID.max

  /// Pieces that text is matched with.
  let trie: PieceTrie
  private let index: TokenIndex
  /// By id.
  private let scores: [Double]
  private let unknownScore: Double
  private let unknownID: TokenID?
  /// By byte; empty where text does not fall back to bytes.
  private let byteIDs: [TokenID?]

  init(_ model: UnigramModel, fallsBackToBytes: Bool) {
    let vocabulary = model.vocabulary
    trie = PieceTrie(
      vocabulary,
      (0..<TokenID(vocabulary.count)).map { PieceTrie.Key(vocabulary.range(of: $0), id: $0) })
    let index = TokenIndex(vocabulary)
    self.index = index
    // Near ties are decided by the last digit: it must be that which the library has read.
    scores = model.scores.map { JSONNumber.asReadBySerde($0) }
    unknownScore = (scores.min() ?? .infinity) - Self.unknownPenalty
    unknownID = model.unknownID
    byteIDs =
      fallsBackToBytes ? (0...255).map { index.id(of: ByteFallback.spelling(of: $0)) } : []
  }

  /// The tokens of a pre-token.
  ///
  /// - Parameter output: room for an id a byte.
  /// - Returns: the number of ids, or `CompiledModel.failure`.
  /// - Complexity: O(bytes × bytes of the longest token); 24 bytes of scratch for each.
  func encode(
    _ text: UnsafeBufferPointer<UInt8>, into output: UnsafeMutablePointer<TokenID>
  ) -> Int {
    // From the end of the room to its start, then moved to the front.
    var first = text.count
    let isWhole = forEachTokenBackward(of: text) { id, _ in
      first -= 1
      output[first] = id
    }
    guard isWhole else { return CompiledModel.failure }
    let count = text.count - first
    output.update(from: output + first, count: count)
    return count
  }

  /// Appends where the tokens of a pre-token stand in it.
  func appendRanges(of text: UnsafeBufferPointer<UInt8>, to ranges: inout [Range<Int>]) {
    let first = ranges.count
    _ = forEachTokenBackward(of: text) { ranges.append($1) }
    ranges[first...].reverse()
  }

  /// Calls `body` with the id and the place of each token, the last one first.
  /// - Returns: false if there is text without a token and no token for such text.
  @inline(__always)
  private func forEachTokenBackward(
    of text: UnsafeBufferPointer<UInt8>, _ body: (_ id: TokenID, _ place: Range<Int>) -> Void
  ) -> Bool {
    guard let start = text.baseAddress, text.count > 0 else { return true }
    let nodes = UnsafeMutablePointer<Node>.allocate(capacity: text.count + 1)
    nodes.initialize(repeating: Node(), count: text.count + 1)
    defer { nodes.deallocate() }
    let unknown = unknownID ?? Self.noToken
    guard fill(nodes, start, count: text.count, unknown: unknown) else { return false }
    var end = text.count
    while end > 0 {
      let node = nodes[end]
      var begin = node.start
      if node.id == unknown {
        while begin > 0, nodes[begin].id == unknown { begin = nodes[begin].start }
        appendUnknown(UnsafeBufferPointer(rebasing: text[begin..<end]), at: begin, unknown, body)
      } else {
        body(node.id, begin..<end)
      }
      end = begin
    }
    return true
  }

  /// What a run of unknown characters becomes: the token that it is all the same, its bytes if each
  /// has a token, or the unknown token.
  @inline(__always)
  private func appendUnknown(
    _ run: UnsafeBufferPointer<UInt8>, at begin: Int, _ unknown: TokenID,
    _ body: (_ id: TokenID, _ place: Range<Int>) -> Void
  ) {
    if let id = index.id(of: run) { return body(id, begin..<begin + run.count) }
    if !byteIDs.isEmpty, run.allSatisfy({ byteIDs[Int($0)] != nil }) {
      for place in run.indices.reversed() {
        body(byteIDs[Int(run[place])] ?? unknown, begin + place..<begin + place + 1)
      }
    } else {
      body(unknown, begin..<begin + run.count)
    }
  }

  /// - Returns: false where the best way would be an unknown character, and there is no id for one.
  private func fill(
    _ nodes: UnsafeMutablePointer<Node>, _ text: UnsafePointer<UInt8>, count: Int,
    unknown: TokenID
  ) -> Bool {
    let end = text + count
    var place = 0
    return scores.withUnsafeBufferPointer { scores in
      while place < count {
        let length = min(Self.length(lead: text[place]), count - place)
        let before = nodes[place].score
        var isCovered = false
        trie.forEachPrefix(of: text + place, to: end) { size, id in
          _ = reach(
            nodes + (place + size),
            Node(score: scores[Int(id)] + before, id: id, start: place))
          isCovered = isCovered || size == length
        }
        if !isCovered {
          let isBest = reach(
            nodes + (place + length),
            Node(score: unknownScore + before, id: unknown, start: place))
          if isBest && unknown == Self.noToken { return false }
        }
        place += length
      }
      return true
    }
  }

  @inline(__always)
  private func reach(_ node: UnsafeMutablePointer<Node>, _ way: Node) -> Bool {
    guard node.pointee.start < 0 || way.score > node.pointee.score else { return false }
    node.pointee = way
    return true
  }

  /// Bytes of a character by its first one.
  @inline(__always)
  private static func length(lead: UInt8) -> Int {
    lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
  }
}
