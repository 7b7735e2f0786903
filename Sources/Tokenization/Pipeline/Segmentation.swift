/// A way to cut a text into tokens, and how good it is.
public struct Segmentation: Sendable, Equatable {
  public var ids: [TokenID]
  /// Sum of the scores of its pieces: the natural logarithm of a probability.
  public var score: Double
}

/// The best ways to cut a text, from those of its pre-tokens: the sums of the best are the best sums.
///
/// Of equal scores the one comes first whose earlier pre-tokens are cut in the way found first.
struct SegmentationSink: TokenSink {
  static var needsOffsets: Bool { false }
  static var takesPieces: Bool { true }

  private let lattice: UnigramLattice
  private let spelling: UnigramTokens
  private let count: Int
  /// The best ways up to here: the way before in the last step, and a choice of the step.
  private var steps: [[(before: Int, choice: Int)]] = []
  private var choices: [[[TokenID]]] = []
  private var scores = [0.0]

  init(_ lattice: UnigramLattice, _ spelling: UnigramTokens, count: Int) {
    self.lattice = lattice
    self.spelling = spelling
    self.count = count
  }

  mutating func beginText() {}

  mutating func append(special id: TokenID, at range: Range<Int>, typeID: UInt32, isAdded: Bool) {
    extend(by: [(ids: [id], score: 0)])
  }

  mutating func append(
    _ ids: UnsafeBufferPointer<TokenID>, of chunk: borrowing PieceCutter.Chunk, typeID: UInt32,
    place: (Range<Int>) -> Range<Int>
  ) {
    extend(by: [(ids: Array(ids), score: 0)])
  }

  mutating func append(
    piecesOf chunk: borrowing PieceCutter.Chunk, typeID: UInt32,
    place: (Range<Int>) -> Range<Int>
  ) throws(TokenizerError) {
    for index in 0..<chunk.count {
      let start = Int(chunk.starts[index])
      let piece = UnsafeBufferPointer(
        start: chunk.bytes + start, count: Int(chunk.ends[index]) - start)
      let ways = lattice.bestWays(through: piece, count)
      if ways.isEmpty && !piece.isEmpty { throw .noUnknownToken }
      extend(
        by: ways.map { way in
          var tokens = PlacedTokens()
          spelling.append(way.edges, of: piece, to: &tokens)
          return (tokens.ids, way.score)
        })
    }
  }

  /// The `count` best of all sums of a way up to here and a choice.
  private mutating func extend(by options: [(ids: [TokenID], score: Double)]) {
    if options.isEmpty { return }
    // Both lists fall: the next best sum stands behind one that was taken.
    var nexts = [Int](repeating: 0, count: scores.count)
    var step: [(before: Int, choice: Int)] = []
    var sums: [Double] = []
    while step.count < count {
      var best: (sum: Double, before: Int)?
      for before in nexts.indices where nexts[before] < options.count {
        let sum = scores[before] + options[nexts[before]].score
        if sum > best?.sum ?? -.infinity { best = (sum, before) }
        // No later way can be better than this one's first choice.
        if nexts[before] == 0 { break }
      }
      guard let (sum, before) = best else { break }
      step.append((before, nexts[before]))
      sums.append(sum)
      nexts[before] += 1
    }
    steps.append(step)
    choices.append(options.map(\.ids))
    scores = sums
  }

  /// All that was found, the best first.
  var segmentations: [Segmentation] {
    scores.indices.map { index in
      var parts: [[TokenID]] = []
      var way = index
      for step in steps.indices.reversed() {
        let (before, choice) = steps[step][way]
        parts.append(choices[step][choice])
        way = before
      }
      return Segmentation(ids: parts.reversed().flatMap { $0 }, score: scores[index])
    }
  }
}

/// How uncertain the ways through the pre-tokens of a text are: they are drawn apart, so that it adds up.
struct EntropySink: TokenSink {
  static var needsOffsets: Bool { false }
  static var takesPieces: Bool { true }

  let lattice: UnigramLattice
  let alpha: Double
  private(set) var entropy = 0.0

  init(_ lattice: UnigramLattice, alpha: Double) {
    self.lattice = lattice
    self.alpha = alpha
  }

  mutating func beginText() {}

  mutating func append(special id: TokenID, at range: Range<Int>, typeID: UInt32, isAdded: Bool) {}

  mutating func append(
    _ ids: UnsafeBufferPointer<TokenID>, of chunk: borrowing PieceCutter.Chunk, typeID: UInt32,
    place: (Range<Int>) -> Range<Int>
  ) {}

  mutating func append(
    piecesOf chunk: borrowing PieceCutter.Chunk, typeID: UInt32,
    place: (Range<Int>) -> Range<Int>
  ) throws(TokenizerError) {
    for index in 0..<chunk.count {
      let start = Int(chunk.starts[index])
      entropy += lattice.entropy(
        of: UnsafeBufferPointer(
          start: chunk.bytes + start, count: Int(chunk.ends[index]) - start), exponent: alpha)
    }
  }
}
