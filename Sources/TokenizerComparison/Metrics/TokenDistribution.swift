import Primitives

/// How evenly the tokens of a text are spread over a vocabulary.
///
/// Computed from additions, multiplications, divisions and square roots, by id, so that results are
/// the same on every machine.
struct TokenDistribution: Sendable {
  static let renyiOrder = 2.5

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

  /// What entropies are divided by; `nil` without tokens, and for a vocabulary of one.
  var logarithmOfSize: Double? {
    total > 0 && tokenCount > 1 ? RealFunctions.log(Double(tokenCount)) : nil
  }

  /// Entropy by the logarithm of the size; `nil` without tokens, and for a vocabulary of one.
  var shannonEfficiency: Double? {
    guard let logarithmOfSize else { return nil }
    var sum = 0.0
    for count in uses where count > 0 {
      let share = Double(count) / total
      sum -= share * RealFunctions.log(share)
    }
    return sum / logarithmOfSize
  }

  /// Rényi's entropy of order 2.5 by the logarithm of the size (Zouhar et al. 2023, definition 4.1);
  /// `nil` without tokens, and for a vocabulary of one.
  var renyiEfficiency: Double? {
    guard let logarithmOfSize, let renyiLogarithm else { return nil }
    return renyiLogarithm / (1 - Self.renyiOrder) / logarithmOfSize
  }

  /// The logarithm of the sum of all shares to the power of 2.5; `nil` without tokens.
  var renyiLogarithm: Double? {
    guard total > 0 else { return nil }
    var sum = 0.0
    for count in uses where count > 0 {
      let share = Double(count) / total
      sum += share * share * share.squareRoot()
    }
    return RealFunctions.log(sum)
  }

  /// By id, the negative logarithm of its share; 0 for what does not occur.
  var surprisals: [Double] {
    uses.map { $0 > 0 ? -RealFunctions.log(Double($0) / total) : 0 }
  }

  /// By id, its share to the power of 1.5.
  var renyiPowers: [Double] {
    uses.map { count in
      guard count > 0 else { return 0 }
      let share = Double(count) / total
      return share * share.squareRoot()
    }
  }
}
