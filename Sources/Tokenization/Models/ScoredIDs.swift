/// Ids of a unigram model that tell the score of a text.
///
/// A run of unknown characters is one token, and a byte may be the first of an unknown character or
/// not: what the score needs stands in ids above all others, until the text is done.
struct ScoredIDs: Sendable {
  /// Most unknown characters that are told in one id.
  static let longestRun = 1 << 12

  /// Ids that are told apart besides those of the model, at most.
  static let spare = longestRun + 1

  /// One more than the greatest id of the model.
  private let count: Int
  private let unknownID: TokenID
  private let unknownScore: Float
  private let scores: [Float]
  /// What an id adds to a sum, those above the model's too, without its sign.
  private let sizes: [Float]
  /// Empty where unknown characters are one token.
  private let byteIDs: [TokenID]

  /// - Precondition: ids may be greater by `spare` than those of the model.
  init(_ model: CompiledUnigram) {
    count = model.scores.count
    unknownID = model.unknownID
    unknownScore = model.unknownScore
    byteIDs = model.byteIDs ?? []
    // What bytes that are not the first of a character add.
    var scores = model.scores
    for id in byteIDs { scores[Int(id)] = 0 }
    self.scores = scores
    let (unknown, runs) = (abs(model.unknownScore), byteIDs.isEmpty)
    sizes = scores.map { abs($0) } + (0..<Self.spare).map { runs ? unknown * Float($0) : unknown }
  }

  /// - Parameter unknown: how many unknown characters begin in the token.
  func id(_ id: TokenID, unknown: Int) -> TokenID {
    if byteIDs.isEmpty {
      return TokenID(count + min(unknown, Self.longestRun))
    }
    guard unknown > 0, let byte = byteIDs.firstIndex(of: id) else { return id }
    return TokenID(count + byte)
  }

  /// Adds scores one by one, as the search does.
  func add(
    _ ids: UnsafePointer<TokenID>, to end: UnsafePointer<TokenID>, to score: Float
  ) -> Float {
    var (next, score) = (ids, score)
    scores.withUnsafeBufferPointer { scores in
      while next < end {
        let id = Int(next.pointee)
        if id < count {
          score += scores[id]
        } else {
          for _ in 0..<(byteIDs.isEmpty ? id - count : 1) { score += unknownScore }
        }
        next += 1
      }
    }
    return score
  }

  /// No less than any sum of the scores from the first on, without signs: in eight sums at once, where
  /// an exact one waits for each.
  func bound(_ ids: UnsafePointer<TokenID>, count idCount: Int) -> Float {
    sizes.withUnsafeBufferPointer { sizes in
      var sums = SIMD8<Float>()
      var index = 0
      while index &+ 8 <= idCount {
        var eight = SIMD8<Float>()
        for lane in 0..<8 { eight[lane] = sizes[Int(ids[index &+ lane])] }
        sums += eight
        index &+= 8
      }
      while index < idCount {
        sums[0] += sizes[Int(ids[index])]
        index &+= 1
      }
      // Roundings of the sums themselves.
      return (sums.sum() + 1) * 1.001
    }
  }

  /// Puts the ids of the model in place of the others.
  func settle(_ ids: UnsafeMutablePointer<TokenID>, count idCount: Int) {
    var greatest: TokenID = 0
    for index in 0..<idCount { greatest = max(greatest, ids[index]) }
    guard Int(greatest) >= count else { return }
    for index in 0..<idCount where Int(ids[index]) >= count {
      ids[index] = byteIDs.isEmpty ? unknownID : byteIDs[Int(ids[index]) - count]
    }
  }
}
