import TokenizerComparison

/// A bound for a difference to the first model: `bytes/token<-1%` fails where a model has over 1% fewer
/// bytes a token.
struct FailCondition: Sendable, Equatable {
  var metric: Metric
  /// Whether differences below the bound fail, not those above.
  var failsBelow: Bool
  /// In the metric's unit, shares as parts of 1; a part of the first model's value if `isRelative`.
  var bound: Double
  var isRelative: Bool
  /// As it was written.
  var text: String

  /// METRIC, `<` or `>`, a number, and `%` for a relative difference; `nil` for anything else.
  init?(_ text: String) {
    guard let sign = text.firstIndex(where: { $0 == "<" || $0 == ">" }),
      let metric = Metric(rawValue: String(text[..<sign])), !metric.isOfPair
    else { return nil }
    var number = text[text.index(after: sign)...]
    let isRelative = number.last == "%"
    if isRelative { number.removeLast() }
    // `Double` also reads infinities and hexadecimal numbers, which nobody means.
    guard number.allSatisfy({ "+-.0123456789".contains($0) }), let bound = Double(number),
      bound.isFinite
    else { return nil }
    self.metric = metric
    failsBelow = text[sign] == "<"
    self.bound = isRelative ? bound / 100 : bound
    self.isRelative = isRelative
    self.text = text
  }

  /// Whether a model fails.
  ///
  /// - Returns: `nil` where the difference is not known.
  func isMet(in report: ComparisonReport, model: Int) -> Bool? {
    guard let row = report.metrics.first(where: { $0.metric == metric }),
      let difference = row.differences[model],
      let value = isRelative ? difference.relative : difference.absolute
    else { return nil }
    return failsBelow ? value < bound : value > bound
  }

  /// - Throws: status 1 for the first condition that a model meets; an error where it is not known.
  static func check(_ conditions: [FailCondition], _ report: ComparisonReport) throws(Failure) {
    for condition in conditions {
      for model in report.models.indices.dropFirst() {
        let letter = ComparedModel.letter(model)
        guard let isMet = condition.isMet(in: report, model: model) else {
          throw Failure(
            .badData,
            "--fail-if '\(condition.text)': \(letter) and A have no such difference on this text; "
              + "choose another metric, or drop the %")
        }
        if isMet {
          throw Failure(.answeredNo, "\(letter) is beyond --fail-if '\(condition.text)'")
        }
      }
    }
  }
}

extension ValueKind where Value == FailCondition {
  static var failCondition: ValueKind {
    ValueKind(
      "CONDITION",
      expected:
        "a metric, < or >, and a number with or without %, such as 'bytes/token<-1%'; metrics "
        + "are " + Metric.allCases.filter { !$0.isOfPair }.map(\.rawValue).joined(separator: ", ")
    ) { word in
      word.text.flatMap { FailCondition($0) }
    }
  }
}
