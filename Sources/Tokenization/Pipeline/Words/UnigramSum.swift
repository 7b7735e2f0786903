/// The score of all that stands before a word, which decides near ties in it.
///
/// One for each thread. Scores of words that a cache knew are added when someone asks, from the ids that
/// were put out.
final class UnigramSum {
  /// How great the score may become before it matters more: roundings grow with it.
  enum Zone {
    case near
    case far

    /// Beyond it, the next one; behind the last the search counts from another place on. Symbols of
    /// users lead back, so that ways may have been farther than where they end: by 1000 at most.
    var limit: Float { self == .near ? 0x1p15 - 0x1p10 : CompiledUnigram.farthest * 0.9 }

    /// The most that a sum is wrong: half of its last digit, below 2^15 and 2^17.
    fileprivate var rounding: Double { self == .near ? 0x1p-10 : 0x1p-8 }
  }

  private let model: CompiledUnigram
  private let certainty: UnigramCertainty
  private let ids: ScoredIDs

  private(set) var score: Float = 0
  private(set) var zone = Zone.near
  /// Ids from here on are not in the score yet.
  private var added: UnsafePointer<TokenID>?
  /// Whether the search counted from another place on since `enter`.
  private var isRebased = false

  init(_ model: CompiledUnigram, _ ids: ScoredIDs) {
    self.model = model
    certainty = UnigramCertainty(model: model)
    self.ids = ids
  }

  /// A text begins.
  func begin() { score = 0 }

  /// Ids will be put to `output`, for so many bytes of text.
  func enter(_ output: UnsafePointer<TokenID>, bytes: Int) {
    added = output
    isRebased = false
    // A usual text; what becomes of it is seen later.
    zone = abs(score) + 3 * Float(bytes) < Zone.near.limit ? .near : .far
  }

  /// Whether the ids from `start`, before which the score was `score`, stayed in the zone.
  func staysInZone(
    _ start: UnsafePointer<TokenID>, count: Int, after score: Float
  ) -> Bool {
    !isRebased && abs(score) + ids.bound(start, count: count) < zone.limit
  }

  /// Goes back to `output`, in another zone.
  func restart(_ output: UnsafePointer<TokenID>, after score: Float, in zone: Zone) {
    self.score = score
    self.zone = zone
    added = output
    isRebased = false
  }

  /// All ids were put; others will stand where they stood.
  func leave(_ end: UnsafePointer<TokenID>) { advance(to: end) }

  private func advance(to end: UnsafePointer<TokenID>) {
    if let added, added < end { score = ids.add(added, to: end, to: score) }
    added = end
  }

  /// Puts the ids of the model in place of those that tell scores.
  func settle(_ output: UnsafeMutablePointer<TokenID>, count: Int) {
    ids.settle(output, count: count)
  }

  /// The ids of a word, as they tell its score.
  func encode(
    _ word: UnsafeBufferPointer<UInt8>, into output: UnsafeMutablePointer<TokenID>
  ) -> PieceOutcome {
    advance(to: output)
    let outcome = model.encode(word, after: &score, ids, into: output)
    added = UnsafePointer(output + outcome.count)
    isRebased = isRebased || outcome.isRebased
    return PieceOutcome(
      count: outcome.count,
      isFixed: outcome.isScored && certainty.holds(for: word, rounding: zone.rounding))
  }
}
