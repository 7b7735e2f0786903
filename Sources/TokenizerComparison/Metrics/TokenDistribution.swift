import Primitives

/// How evenly the tokens of a text are spread over a vocabulary.
///
/// Computed from additions, multiplications, divisions and square roots, by id, so that results are
/// the same on every machine.
struct TokenDistribution: Sendable {
  /// Occurrences by id.
  let uses: [Int]
  /// Size of the whole vocabulary.
  let tokenCount: Int
  private let total: Double

  init(uses: [Int], tokenCount: Int) {
    self.uses = uses
    self.tokenCount = tokenCount
    total = Double(uses.reduce(0, +))
  }

  /// Entropy by the logarithm of the size; `nil` without tokens, and for a vocabulary of one.
  var shannonEfficiency: Double? {
    guard total > 0, tokenCount > 1 else { return nil }
    var sum = 0.0
    for count in uses where count > 0 {
      let share = Double(count) / total
      sum -= share * RealFunctions.log(share)
    }
    return sum / RealFunctions.log(Double(tokenCount))
  }

  /// Rényi's entropy of order 2.5 by the logarithm of the size (Zouhar et al. 2023, definition 4.1);
  /// `nil` without tokens, and for a vocabulary of one.
  var renyiEfficiency: Double? {
    guard total > 0, tokenCount > 1 else { return nil }
    var sum = 0.0
    for count in uses where count > 0 {
      let share = Double(count) / total
      sum += share * share * share.squareRoot()
    }
    return RealFunctions.log(sum) / (1 - 2.5) / RealFunctions.log(Double(tokenCount))
  }
}
