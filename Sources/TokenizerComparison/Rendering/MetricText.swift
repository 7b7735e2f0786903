import Primitives

/// Values of metrics as a person reads them.
enum MetricText {
  /// What stands where there is no value.
  static let none = "-"

  /// A value in the unit of its metric: shares in percent.
  static func value(_ value: Double?, of metric: Metric) -> String {
    guard let value else { return none }
    switch metric.unit {
    case .count: return Figures.decimal(value, places: 0)
    case .ratio: return Figures.decimal(value, places: 3)
    case .index: return Figures.decimal(value, places: 4)
    case .share:
      // What is rounded must not look like all or nothing.
      if value > 0, value < 0.000_05 { return "<0.01%" }
      if value < 1, value > 0.999_95 { return ">99.99%" }
      return Figures.decimal(100 * value, places: 2) + "%"
    }
  }

  /// A difference: of shares in percentage points, of others as a part of the first model's value.
  static func difference(_ difference: MetricDifference?, of metric: Metric) -> String {
    guard let difference else { return none }
    if isInPoints(metric) { return signed(100 * difference.absolute) + " pp" }
    return difference.relative.map { signed(100 * $0) + "%" } ?? none
  }

  /// The interval of a model's difference in the same unit, or that of its value where the metric is about a
  /// difference; empty without one.
  static func interval(of row: MetricRow, model: Int) -> String {
    if let interval = row.intervals[model] {
      return "[\(value(interval.lower, of: row.metric)), \(value(interval.upper, of: row.metric))]"
    }
    let difference = row.differences[model]
    let interval =
      isInPoints(row.metric) ? difference?.interval : difference?.relativeInterval
    guard let interval else { return "" }
    return "[\(signed(100 * interval.lower)), \(signed(100 * interval.upper))]"
  }

  private static func isInPoints(_ metric: Metric) -> Bool { metric.unit == .share }

  private static func signed(_ value: Double) -> String {
    let text = Figures.decimal(value, places: 2)
    return value > 0 ? "+" + text : text
  }
}
