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

  /// No less than any sum of the scores from the first on, without signs: in four sums at once, where
  /// an exact one waits for each.
  func bound(_ ids: UnsafePointer<TokenID>, count idCount: Int) -> Float {
    scores.withUnsafeBufferPointer { scores in
      var sums = SIMD4<Float>()
      var index = 0
      while index &+ 4 <= idCount {
        let (a, b) = (Int(ids[index]), Int(ids[index &+ 1]))
        let (c, d) = (Int(ids[index &+ 2]), Int(ids[index &+ 3]))
        if max(max(a, b), max(c, d)) >= count {
          for offset in 0..<4 { sums[0] += bound(ids[index &+ offset], scores) }
        } else {
          sums += SIMD4(abs(scores[a]), abs(scores[b]), abs(scores[c]), abs(scores[d]))
        }
        index &+= 4
      }
      while index < idCount {
        sums[0] += bound(ids[index], scores)
        index &+= 1
      }
      // Roundings of the sums themselves.
      return (sums.sum() + 1) * 1.001
    }
  }

  private func bound(_ id: TokenID, _ scores: UnsafeBufferPointer<Float>) -> Float {
    let id = Int(id)
    if id < count { return abs(scores[id]) }
    return abs(unknownScore) * Float(byteIDs.isEmpty ? id - count : 1)
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
