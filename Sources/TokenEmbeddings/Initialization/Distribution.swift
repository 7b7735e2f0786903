import Primitives

/// How the numbers of a table are drawn.
public enum Distribution: Sendable, Equatable {
  case zeros
  /// Mean 0. `truncation`: in standard deviations; what lies beyond is not drawn, and what lies within
  /// is not stretched, so that the numbers vary a little less than `std` says (as in TensorFlow).
  case normal(std: Double, truncation: Double? = nil)
  /// From -`bound` to `bound`.
  case uniform(bound: Double)
  /// From -b to b, b² = 6 / (rows + columns) (Glorot and Bengio 2010, equation 16).
  case xavier
  /// Columns of length `gain` at right angles to each other, or rows, if there are fewer of them (Saxe,
  /// McClelland and Ganguli 2014).
  case orthogonal(gain: Double)

  /// The standard deviation of what is drawn for a table.
  public func standardDeviation(rows: Int, columns: Int) -> Double {
    switch self {
    case .zeros: return 0
    case .normal(let std, nil): return std
    case .normal(let std, let sigmas?): return std * Self.truncatedDeviation(sigmas)
    case .uniform(let bound): return bound / 3.0.squareRoot()
    case .xavier: return (2 / Double(max(1, rows + columns))).squareRoot()
    case .orthogonal(let gain): return gain / Double(max(1, rows, columns)).squareRoot()
    }
  }

  /// The bound of a uniform distribution.
  static func xavierBound(rows: Int, columns: Int) -> Double {
    (6 / Double(max(1, rows + columns))).squareRoot()
  }

  /// Standard deviation of standard normal draws within so many sigmas: the square root of
  /// 1 - 2 k φ(k) / (2 Φ(k) - 1).
  static func truncatedDeviation(_ sigmas: Double) -> Double {
    let density =
      ExponentialTable.value(-sigmas * sigmas / 2, ExponentialTable.shared.powers)
      * 0.398_942_280_401_432_7
    let inside = 1 - 2 * NormalQuantile.share(below: sigmas)
    return max(0, 1 - 2 * sigmas * density / inside).squareRoot()
  }
}
