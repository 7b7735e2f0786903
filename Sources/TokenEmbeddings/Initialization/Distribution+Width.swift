extension Distribution {
  /// The same, as wide as `std` says; `nil` where the distribution has its width from elsewhere.
  ///
  /// - Parameters:
  ///   - factor: what a normal or uniform distribution is stretched by.
  func stretched(by factor: Double) -> Distribution? {
    switch self {
    case .normal(let std, let truncation): .normal(std: std * factor, truncation: truncation)
    case .uniform(let bound): .uniform(bound: bound * factor)
    case .orthogonal(let gain): .orthogonal(gain: gain * factor)
    case .zeros, .xavier: nil
    }
  }

  /// The width that `--std` replaces: of a normal distribution, before it is cut.
  func width(rows: Int, columns: Int) -> Double {
    if case .normal(let std, _) = self { return std }
    return standardDeviation(rows: rows, columns: columns)
  }

  /// The same, cut at so many sigmas; `nil` where it is not normal.
  func truncated(at sigmas: Double) -> Distribution? {
    guard case .normal(let std, _) = self else { return nil }
    return .normal(std: std, truncation: sigmas)
  }
}
