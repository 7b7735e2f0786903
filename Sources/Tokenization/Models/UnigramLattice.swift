import Primitives

/// All ways to cut a text into pieces of a unigram model: what is drawn from, measured and searched
/// (Kudo 2018, section 3; `Lattice` in `unigram_model.cc`, 0.2.3).
///
/// Edges are found anew by each walk, so that a text costs a number a byte and no more.
struct UnigramLattice: Sendable {
  /// A piece at a place of the text, in bytes.
  struct Edge: Equatable {
    var id: TokenID
    var range: Range<Int>
  }

  let model: UnigramModel
  private let trie: PieceTrie
  /// By id.
  private let scores: [Double]
  private let unknownScore: Double
  private static let unknownPenalty = 10.0

  /// - Parameter trie: the pieces that are text.
  init(_ model: UnigramModel, trie: PieceTrie) {
    self.model = model
    self.trie = trie
    switch model.rules {
    case .sentencePiece:
      var scores = model.scores.map { Float($0) }
      var least = Float.greatestFiniteMagnitude
      for id in scores.indices where model.kinds[id].isText {
        if model.kinds[id] == .normal {
          least = min(least, scores[id])
        } else {
          // `GetUserDefinedScore`; lengths are characters here, and bytes where the best way is taken.
          let text = model.vocabulary[TokenID(id)] ?? []
          let length = text.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
          scores[id] = Float(0.1 * Double(length - 1))
        }
      }
      unknownScore = Double(least - Float(Self.unknownPenalty))
      self.scores = scores.map { Double($0) }
    case .huggingFace:
      scores = model.scores.map { JSONNumber.asReadBySerde($0) }
      unknownScore = (scores.min() ?? .infinity) - Self.unknownPenalty
    }
  }

  /// Calls `body` with the edges that begin at a place, shorter ones first; that of an unknown
  /// character last, if no piece is the character, and if there is a token for it.
  @inline(__always)
  func forEachEdge(
    of text: UnsafeBufferPointer<UInt8>, at place: Int,
    _ body: (_ id: TokenID, _ length: Int, _ score: Double) -> Void
  ) {
    guard let start = text.baseAddress else { return }
    let character = Self.characterLength(of: text, at: place)
    var isCovered = false
    trie.forEachPrefix(of: start + place, to: start + text.count) { length, id in
      body(id, length, scores[Int(id)])
      isCovered = isCovered || length == character
    }
    if !isCovered, let unknown = model.unknownID { body(unknown, character, unknownScore) }
  }

  /// The score of an edge.
  func score(of edge: Edge, in text: UnsafeBufferPointer<UInt8>) -> Double {
    var found: Double?
    forEachEdge(of: text, at: edge.range.lowerBound) { id, length, score in
      if id == edge.id && length == edge.range.count { found = score }
    }
    return found ?? unknownScore
  }

  /// Bytes of the character at a place, by the first one.
  @inline(__always)
  static func characterLength(of text: UnsafeBufferPointer<UInt8>, at place: Int) -> Int {
    let lead = text[place]
    return min(lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4, text.count - place)
  }

  /// Calls `body` with each place where a character begins, the last one first.
  @inline(__always)
  private func forEachPlaceBackward(
    of text: UnsafeBufferPointer<UInt8>, _ body: (_ place: Int) -> Void
  ) {
    var starts: [Int] = []
    starts.reserveCapacity(text.count)
    var place = 0
    while place < text.count {
      starts.append(place)
      place += Self.characterLength(of: text, at: place)
    }
    for place in starts.reversed() { body(place) }
  }

  /// For each place the logarithm of the sum of e^(`exponent` × score) over all ways from there to the
  /// end of the text; minus infinity where there is none.
  /// - Complexity: O(edges), as all that follows.
  func backwardSums(of text: UnsafeBufferPointer<UInt8>, exponent: Double) -> [Double] {
    let softplus = SoftplusTable.shared.rows
    var sums = [Double](repeating: -.infinity, count: text.count + 1)
    sums[text.count] = 0
    forEachPlaceBackward(of: text) { place in
      var sum = -Double.infinity
      forEachEdge(of: text, at: place) { _, length, score in
        let way = exponent * score + sums[place + length]
        let greater = max(sum, way)
        let difference = min(sum, way) - greater
        sum = difference > -50 ? greater + SoftplusTable.value(difference, softplus) : greater
      }
      sums[place] = sum
    }
    return sums
  }

  /// A way by chance, as likely as its share in the sum of e^(`exponent` × score) over all ways; `nil`
  /// if there is no way.
  ///
  /// Sums run backward and draws forward, which gives each way the same chance as SentencePiece's
  /// other direction (`Lattice::Sample`).
  func sample(
    _ text: UnsafeBufferPointer<UInt8>, exponent: Double, _ random: inout RandomSequence
  ) -> [Edge]? {
    let sums = backwardSums(of: text, exponent: exponent)
    if sums[0] == -.infinity { return nil }
    let powers = ExponentialTable.shared.powers
    var edges: [Edge] = []
    var place = 0
    while place < text.count {
      var rest = random.unit()
      var chosen: Edge?
      forEachEdge(of: text, at: place) { id, length, score in
        let way = exponent * score + sums[place + length]
        guard rest >= 0, way > -.infinity else { return }
        // The last edge that leads on is taken where rounding leaves something.
        chosen = Edge(id: id, range: place..<place + length)
        rest -= ExponentialTable.value(way - sums[place], powers)
      }
      guard let edge = chosen else { return nil }
      edges.append(edge)
      place = edge.range.upperBound
    }
    return edges
  }

  /// How uncertain the way is that `sample` takes, in nats: the mean of minus the logarithm of its
  /// probability. 0 if there is no way.
  ///
  /// The sum of SentencePiece's `Lattice::CalculateEntropy`, which its version 0.2.3 no longer has.
  func entropy(of text: UnsafeBufferPointer<UInt8>, exponent: Double) -> Double {
    let sums = backwardSums(of: text, exponent: exponent)
    let powers = ExponentialTable.shared.powers
    var entropies = [Double](repeating: 0, count: text.count + 1)
    forEachPlaceBackward(of: text) { place in
      if sums[place] == -.infinity { return }
      var entropy = 0.0
      forEachEdge(of: text, at: place) { _, length, score in
        let logarithm = exponent * score + sums[place + length] - sums[place]
        guard logarithm > -.infinity else { return }
        let share = ExponentialTable.value(logarithm, powers)
        entropy += share * (entropies[place + length] - logarithm)
      }
      entropies[place] = entropy
    }
    return entropies[0]
  }
}
