/// What a way through a lattice becomes: neighbouring unknown characters are one token, or their
/// bytes, by the rules of the library that the model is for.
struct UnigramTokens: Sendable {
  private let model: UnigramModel
  private let index: TokenIndex
  /// By byte; empty where text does not fall back to bytes.
  private let byteIDs: [TokenID?]

  init(_ model: UnigramModel) {
    self.model = model
    let index = TokenIndex(model.vocabulary)
    self.index = index
    switch model.rules {
    case .sentencePiece: byteIDs = model.byteIDs ?? []
    case .huggingFace(let fallsBack):
      byteIDs = fallsBack ? (0...255).map { index.id(of: ByteFallback.spelling(of: $0)) } : []
    }
  }

  /// Appends the tokens of a way through a text.
  func append(
    _ edges: [UnigramLattice.Edge], of text: UnsafeBufferPointer<UInt8>,
    to tokens: inout PlacedTokens
  ) {
    var next = 0
    while next < edges.count {
      let edge = edges[next]
      next += 1
      guard edge.id == model.unknownID else {
        tokens.append(edge.id, at: edge.range)
        continue
      }
      var end = edge.range.upperBound
      while next < edges.count, edges[next].id == edge.id {
        end = edges[next].range.upperBound
        next += 1
      }
      appendUnknown(edge.range.lowerBound..<end, edge.id, of: text, to: &tokens)
    }
  }

  private func appendUnknown(
    _ range: Range<Int>, _ unknown: TokenID, of text: UnsafeBufferPointer<UInt8>,
    to tokens: inout PlacedTokens
  ) {
    let run = text.extracting(range)
    if model.rules != .sentencePiece, let id = index.id(of: run) {
      return tokens.append(id, at: range)
    }
    if !byteIDs.isEmpty, run.allSatisfy({ byteIDs[Int($0)] != nil }) {
      for place in range {
        tokens.append(byteIDs[Int(text[place])] ?? unknown, at: place..<place + 1)
      }
    } else {
      tokens.append(unknown, at: range)
    }
  }
}

/// Tokens of pieces, and where each stands in its piece.
struct PlacedTokens {
  private(set) var ids: [TokenID] = []
  /// In bytes of the piece; none where nobody asks for them.
  private(set) var ranges: [Range<Int>] = []
  /// Number of tokens up to the end of each piece.
  private(set) var ends: [Int] = []

  mutating func append(_ id: TokenID, at range: Range<Int>) {
    ids.append(id)
    ranges.append(range)
  }

  /// - Parameter ranges: as many as ids, or none.
  mutating func append(_ ids: UnsafeBufferPointer<TokenID>, _ ranges: [Range<Int>]) {
    self.ids.append(contentsOf: ids)
    self.ranges += ranges
  }

  mutating func endPiece() { ends.append(ids.count) }

  mutating func removeAll() {
    ids.removeAll(keepingCapacity: true)
    ranges.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
  }
}
