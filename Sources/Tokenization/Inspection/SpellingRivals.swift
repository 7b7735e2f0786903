/// Which pieces of a Unigram model other pieces spell better, wherever they stand.
///
/// Where a piece could stand in a text, the way through the others could be taken too, and the sums
/// in front and behind are the same. So a piece is never taken if the others' sum is greater by more
/// than what rounding can do. (Ties and narrow wins are left open: they depend on the place.)
struct SpellingRivals {
  /// What rounding may take from a sum for each piece in it. Single precision with sums below 10^5
  /// loses 2^-8 at most in an addition.
  private static let tolerance = 0.01
  /// Scores below this, and pieces that are longer in bytes, are not judged: rounding would be worse.
  private static let leastScore = -1000.0
  private static let greatestLength = 90

  private let vocabulary: Vocabulary
  private let pieces: PieceTrie
  /// Score of each piece that text is matched with; `nil` for others.
  private let scores: [Double?]
  private let isOrderly: Bool

  /// - Parameter pieces: at least those of the model that text is matched with.
  init(_ model: UnigramModel, _ pieces: PieceTrie) {
    vocabulary = model.vocabulary
    let isSentencePiece = model.rules == .sentencePiece
    self.pieces = pieces
    scores = model.scores.indices.map { id in
      guard model.vocabulary[TokenID(id)] != nil, model.unknownID != TokenID(id) else { return nil }
      if isSentencePiece && model.kinds[id] != .normal { return nil }
      return model.scores[id]
    }
    // A duplicate would be found by its last id only. Logarithms of probabilities are not above 0,
    // so that unknown characters never have a greater sum than pieces.
    isOrderly =
      TokenIndex(vocabulary).firstDuplicate == nil
      && model.scores.allSatisfy { $0 >= Self.leastScore && $0 <= 0 }
  }

  /// Whether other pieces spell the text of a piece with a greater sum, certainly and everywhere.
  ///
  /// - Complexity: O(*n*²) in the bytes of the piece.
  func beat(_ id: TokenID) -> Bool {
    guard isOrderly, let text = vocabulary[id], let own = scores[Int(id)],
      text.count <= Self.greatestLength,
      let rival = text.withUnsafeBufferPointer({ bestRival(of: $0, but: id) })
    else { return false }
    return rival.score - own > Self.tolerance * Double(rival.count + 3)
  }

  /// The greatest sum of pieces for a text without the piece that is all of it, and how many they are.
  private func bestRival(
    of text: UnsafeBufferPointer<UInt8>, but whole: TokenID
  ) -> (score: Double, count: Int)? {
    guard let base = text.baseAddress, text.count > 0 else { return nil }
    var best = [(score: Double, count: Int)?](repeating: nil, count: text.count + 1)
    best[0] = (0, 0)
    for start in text.indices {
      guard let before = best[start] else { continue }
      pieces.forEachPrefix(of: base + start, to: base + text.count) { length, id in
        guard id != whole, let score = scores[Int(id)] else { return }
        let sum = before.score + score
        if sum > best[start + length]?.score ?? -.infinity {
          best[start + length] = (sum, before.count + 1)
        }
      }
    }
    return best[text.count]
  }
}
