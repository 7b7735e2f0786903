import Primitives

/// A report for other programs: a value a line, with tabs between its parts.
public struct ReportTable {
  private let report: ComparisonReport
  private let details: TerminalReport.Details

  public init(
    _ report: ComparisonReport, details: TerminalReport.Details = TerminalReport.Details()
  ) {
    self.report = report
    self.details = details
  }

  public static let header = TabSeparated.line([
    "scope", "name", "metric", "model", "value", "difference", "lower", "upper", "relative",
    "relative_lower", "relative_upper", "text",
  ])

  /// Lines without the header and without line ends. Scopes are `corpus`; `language` and `file` with
  /// their names; `document` with its file and number, and its text. Shares are parts of 1; what is not
  /// known is empty. Bounds are those of the difference, or of the value where a metric is about one.
  public var lines: [String] {
    report.metrics.flatMap(lines(of:))
      + report.languages.flatMap { lines(of: $0, "language") }
      + (details.files ? report.files.flatMap { lines(of: $0, "file") } : [])
      + report.samples.prefix(details.samples).flatMap(lines(of:))
  }

  private func lines(of row: MetricRow) -> [String] {
    row.values.indices.map { model in
      let difference = row.differences[model]
      let interval = row.intervals[model] ?? difference?.interval
      return TabSeparated.line(
        ["corpus", "", row.metric.rawValue, ComparedModel.letter(model), text(row.values[model])]
          + [
            difference?.absolute, interval?.lower, interval?.upper,
            difference?.relative, difference?.relativeInterval?.lower,
            difference?.relativeInterval?.upper,
          ].map(text) + [""])
    }
  }

  private func lines(of group: TextGroup, _ scope: String) -> [String] {
    report.models.indices.flatMap { model in
      [
        (Metric.tokens.rawValue, Double(group.tokens[model])),
        (Metric.bytesPerToken.rawValue, group.bytesPerToken[model]),
        (Metric.tokensPerWord.rawValue, group.tokensPerWord[model]),
        ("parity", group.parity[model]),
      ].compactMap { metric, value in
        value.map { value in
          TabSeparated.line(
            [
              scope, TabSeparated.field(group.name), metric, ComparedModel.letter(model),
              text(value),
            ] + Array(repeating: "", count: 7))
        }
      }
    }
  }

  private func lines(of sample: ComparisonSample) -> [String] {
    let name = TabSeparated.field(
      report.files[sample.file].name + Array(":\(sample.number)".utf8))
    return report.models.indices.map { model in
      TabSeparated.line([
        "document", name, Metric.tokens.rawValue, ComparedModel.letter(model),
        "\(sample.tokenCounts[model])", "\(sample.tokenCounts[model] - sample.tokenCounts[0])",
        "", "", "", "", "", TabSeparated.field(sample.text),
      ])
    }
  }

  /// Shortest digits; whole numbers without a point.
  private func text(_ value: Double?) -> String {
    guard let value else { return "" }
    if let whole = Int(exactly: value) { return "\(whole)" }
    return "\(value)"
  }
}
