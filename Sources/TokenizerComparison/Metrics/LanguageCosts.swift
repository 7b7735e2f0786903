/// What languages cost a model beside each other.
///
/// The cost of a language is its tokens for each byte; in a parallel corpus, where documents say the
/// same, its tokens for each document.
struct LanguageCosts: Sendable {
  /// By language; `nil` where nothing is there to be cut.
  let costs: [Double?]

  /// - Parameter languages: of each, its bytes or documents, and its tokens.
  init(_ languages: [(whole: Int, tokens: Int)]) {
    costs = languages.map { whole, tokens in
      whole == 0 || tokens == 0 ? nil : Double(tokens) / Double(whole)
    }
  }

  init(_ languages: [Tally], model: Int, isParallel: Bool) {
    self.init(
      languages.map { tally in
        (Self.whole(of: tally.counts[...], isParallel: isParallel), tally[.tokens, of: model])
      })
  }

  /// What of a row of a tally costs are for each of.
  static func whole(of row: ArraySlice<Int>, isParallel: Bool) -> Int {
    Tally.count(isParallel ? .documents : .bytes, in: row)
  }

  /// Costs for each of the language of comparison.
  func parity(to reference: Int) -> [Double?] {
    guard let base = costs[reference] else { return costs.map { _ in nil } }
    return costs.map { $0.map { $0 / base } }
  }

  /// Half the mean distance of two costs by their mean: 0 where all are equal, near 1 where one has all;
  /// `nil` for less than two languages.
  var gini: Double? {
    // Σ_ij |c_i - c_j| = 2 Σ_i (2i - n - 1) c_i over ascending costs, i from 1.
    let sorted = costs.compactMap { $0 }.sorted()
    guard sorted.count > 1 else { return nil }
    var (distances, sum) = (0.0, 0.0)
    for (index, cost) in sorted.enumerated() {
      distances += 2 * Double(2 * index + 1 - sorted.count) * cost
      sum += cost
    }
    return distances / (2 * Double(sorted.count) * sum)
  }
}
