import Primitives

/// Turns pieces of text into tokens by chance. No cache: the same piece becomes something else each time.
struct PieceSampler {
  private enum Kind {
    case bytes(CompiledBPE, MergeDropout)
    case characters(CompiledCharacterBPE, MergeDropout)
    case ways(UnigramLattice, UnigramTokens, alpha: Double, candidates: Int?)
  }

  private let kind: Kind
  private let seed: UInt64
  private var random: RandomSequence
  /// The tokens of the pieces of a chunk.
  private(set) var tokens = PlacedTokens()
  private var scratch: [TokenID] = []
  private var ranges: [Range<Int>] = []

  /// - Throws: `TokenizerError.unfitSampling` where the method is not for the model, or a number out of
  ///   its range.
  init(_ sampling: Sampling, _ compiled: CompiledTokenizer) throws(TokenizerError) {
    guard let sampling = sampling.checked,
      let kind = Self.kind(sampling.method, compiled)
    else { throw .unfitSampling(sampling.method) }
    self.kind = kind
    seed = sampling.seed
    random = RandomSequence(seed: seed, place: 0)
  }

  private static func kind(_ method: Sampling.Method, _ compiled: CompiledTokenizer) -> Kind? {
    switch (method, compiled.model) {
    case (.dropout(let probability), .bpe(let model)):
      return .bytes(model, MergeDropout(probability: probability, rule: .huggingFace))
    case (.dropout(let probability), .characterBPE(let model)):
      var rule = MergeDropout.Rule.huggingFace
      if case .sentencePiece = compiled.tokenizer.detokenizer { rule = .sentencePiece }
      return .characters(model, MergeDropout(probability: probability, rule: rule))
    case (.ways(let alpha, let candidates), _):
      guard let (lattice, tokens) = compiled.unigramLattice else { return nil }
      return .ways(lattice, tokens, alpha: alpha, candidates: candidates)
    default: return nil
    }
  }

  /// What is drawn from here on is that of a text.
  mutating func begin(text number: UInt64) {
    random = RandomSequence(seed: seed, place: number)
  }

  /// Fills `tokens` with those of the pieces of a chunk.
  /// - Returns: false if a piece has text for which the model has no token.
  mutating func encode(
    _ chunk: borrowing PieceCutter.Chunk, needsRanges: Bool
  ) -> Bool {
    tokens.removeAll()
    for index in 0..<chunk.count {
      let start = Int(chunk.starts[index])
      let piece = UnsafeBufferPointer(
        start: chunk.bytes + start, count: Int(chunk.ends[index]) - start)
      guard append(piece, needsRanges: needsRanges) else { return false }
      tokens.endPiece()
    }
    return true
  }

  private mutating func append(
    _ piece: UnsafeBufferPointer<UInt8>, needsRanges: Bool
  ) -> Bool {
    switch kind {
    case .bytes(let model, let dropout):
      let count = merge(piece) { model.encode(piece, into: $0, dropout, &$1) }
      appendMerged(count) { needsRanges ? model.appendRanges(of: piece, $0, to: &$1) : () }
    case .characters(let model, let dropout):
      let count = merge(piece) { model.encode(piece, into: $0, dropout, &$1) }
      if count < 0 { return false }
      appendMerged(count) {
        needsRanges ? model.appendRanges(of: piece, $0, takesWhole: false, to: &$1) : ()
      }
    case .ways(let lattice, let spelling, let alpha, let candidates):
      guard let edges = way(through: piece, lattice, alpha, candidates) else {
        return piece.isEmpty
      }
      spelling.append(edges, of: piece, to: &tokens)
    }
    return true
  }

  private mutating func merge(
    _ piece: UnsafeBufferPointer<UInt8>,
    _ encode: (UnsafeMutablePointer<TokenID>, inout RandomSequence) -> Int
  ) -> Int {
    if scratch.count < piece.count + 1 {
      scratch = [TokenID](repeating: 0, count: 2 * piece.count + 16)
    }
    return scratch.withUnsafeMutableBufferPointer { output in
      output.baseAddress.map { encode($0, &random) } ?? 0
    }
  }

  private mutating func appendMerged(
    _ count: Int, _ appendRanges: (UnsafeBufferPointer<TokenID>, inout [Range<Int>]) -> Void
  ) {
    ranges.removeAll(keepingCapacity: true)
    scratch.withUnsafeBufferPointer { ids in
      appendRanges(ids.extracting(..<count), &ranges)
      tokens.append(ids.extracting(..<count), ranges)
    }
  }

  private mutating func way(
    through piece: UnsafeBufferPointer<UInt8>, _ lattice: UnigramLattice, _ alpha: Double,
    _ candidates: Int?
  ) -> [UnigramLattice.Edge]? {
    guard let candidates else {
      return lattice.sample(piece, exponent: alpha, &random)
    }
    let ways = lattice.bestWays(through: piece, candidates)
    guard let best = ways.first else { return nil }
    // Shares of the best: no power of e is above 1.
    let powers = ExponentialTable.shared.powers
    let shares = ways.map { ExponentialTable.value(alpha * ($0.score - best.score), powers) }
    var rest = random.unit() * shares.reduce(0, +)
    for (way, share) in zip(ways, shares) {
      rest -= share
      if rest < 0 { return way.edges }
    }
    return best.edges
  }
}
