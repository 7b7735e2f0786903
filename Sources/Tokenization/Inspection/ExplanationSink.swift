/// Writes down what the model does with each pre-token of a text.
struct ExplanationSink: TokenSink {
  static var needsOffsets: Bool { true }
  static var takesPieces: Bool { true }

  private let compiled: CompiledTokenizer
  private let lattice: (UnigramLattice, UnigramTokens)?
  private let wayCount: Int
  var explanation: Explanation

  init(_ compiled: CompiledTokenizer, normalized: [UInt8], wayCount: Int) {
    self.compiled = compiled
    self.wayCount = wayCount
    lattice = compiled.unigramLattice
    explanation = Explanation(normalized: normalized)
  }

  mutating func beginText() {}

  mutating func append(special id: TokenID, at range: Range<Int>, typeID: UInt32, isAdded: Bool) {
    explanation.parts.append(.token(id, range))
  }

  mutating func append(
    _ ids: UnsafeBufferPointer<TokenID>, of chunk: borrowing PieceCutter.Chunk, typeID: UInt32,
    place: (Range<Int>) -> Range<Int>
  ) {}

  mutating func append(
    piecesOf chunk: borrowing PieceCutter.Chunk, typeID: UInt32,
    place: (Range<Int>) -> Range<Int>
  ) throws(TokenizerError) {
    for index in 0..<chunk.count {
      let range = Int(chunk.starts[index])..<Int(chunk.ends[index])
      let piece = UnsafeBufferPointer(start: chunk.bytes + range.lowerBound, count: range.count)
      var ids = [TokenID](repeating: 0, count: piece.count + 1)
      let count = ids.withUnsafeMutableBufferPointer { output in
        output.baseAddress.map { compiled.model.encode(piece, into: $0) } ?? 0
      }
      guard count >= 0 else { throw .noUnknownToken }
      ids.removeLast(ids.count - count)
      explanation.parts.append(
        .word(
          Explanation.Word(
            bytes: Array(piece), range: place(chunk.sourceRange(of: range)), ids: ids,
            reason: reason(for: piece, ids))))
    }
  }

  private func reason(
    for piece: UnsafeBufferPointer<UInt8>, _ ids: [TokenID]
  ) -> Explanation.Reason {
    switch compiled.model {
    case .bpe(let model):
      if model.wholePieces?.id(of: piece) != nil { return .whole }
      return merges(of: model.symbols(of: piece), by: model.merges)
    case .characterBPE(let model):
      if model.takesWhole(piece) { return .whole }
      return merges(of: model.symbols(of: piece), by: model.merges)
    case .unigram, .doubleUnigram:
      if piece.count > Explanation.longestWord * 4 { return .unfollowed }
      return .ways(ways(through: piece, ids))
    case .wordPiece(let model):
      return model.matches(in: piece).map { matches in
        .matches(
          matches.map { start, found in
            Explanation.Match(
              start: start,
              found: found.map { Explanation.Piece(id: $0.id, range: $0.range, score: 0) })
          })
      } ?? .tooLong
    case .wordLevel: return .whole
    }
  }

  /// The merges of a word by their definition: the lowest rank first, of equal ones the leftmost.
  private func merges(of symbols: [TokenID], by table: MergeTable) -> Explanation.Reason {
    if symbols.count > Explanation.longestWord { return .unfollowed }
    var tokens = symbols
    var steps: [Explanation.Merge] = []
    while tokens.count > 1 {
      var best: (value: UInt64, place: Int) = (MergeTable.absent, 0)
      for place in 0..<tokens.count - 1 {
        let value = table.value(left: tokens[place], right: tokens[place + 1])
        if value < best.value { best = (value, place) }
      }
      if best.value == MergeTable.absent { break }
      let (left, right) = (tokens[best.place], tokens[best.place + 1])
      let result = TokenID(truncatingIfNeeded: best.value)
      tokens.replaceSubrange(best.place...best.place + 1, with: [result])
      steps.append(
        Explanation.Merge(
          rank: Int(best.value >> 32), left: left, right: right, result: result, tokens: tokens))
    }
    return .merges(of: symbols, steps)
  }

  private func ways(
    through piece: UnsafeBufferPointer<UInt8>, _ ids: [TokenID]
  ) -> [Explanation.Way] {
    guard let (lattice, spelling) = lattice else { return [] }
    return lattice.bestWays(through: piece, wayCount).map { way in
      var tokens = PlacedTokens()
      spelling.append(way.edges, of: piece, to: &tokens)
      return Explanation.Way(
        score: way.score,
        pieces: way.edges.map { edge in
          Explanation.Piece(
            id: edge.id, range: edge.range, score: lattice.score(of: edge, in: piece))
        }, isTaken: tokens.ids == ids)
    }
  }
}

extension TokenEncoder {
  /// Why a text becomes the tokens that it becomes. Nothing is left to chance.
  ///
  /// - Parameter wayCount: ways that are listed for each pre-token of a unigram model, from 1.
  /// - Throws: as `encode`.
  /// - Complexity: O(*n*^2) in the symbols of each pre-token, which have limits.
  public mutating func explanation(
    of text: [UInt8], wayCount: Int = 5
  ) throws(TokenizerError) -> Explanation {
    let normalized: [UInt8]
    do throws(PatternError) {
      normalized = try compiled.normalizer.normalize(text)
    } catch {
      throw .pattern(error)
    }
    var sink = ExplanationSink(
      compiled, normalized: normalized,
      wayCount: max(1, min(wayCount, Sampling.mostCandidates)))
    try text.withUnsafeBufferPointer { (text) throws(TokenizerError) in
      try encode(text, to: &sink)
    }
    return sink.explanation
  }
}
