import Primitives

/// A report on a terminal: models, metrics, and what else was asked for.
public struct TerminalReport {
  private let report: ComparisonReport
  private let style: TerminalStyle
  private let details: Details

  /// What is shown besides the metrics.
  public struct Details: Sendable, Equatable {
    /// A row for each file.
    public var files = false
    /// The documents that differ most, at most so many.
    public var samples = 0

    public init(files: Bool = false, samples: Int = 0) {
      self.files = files
      self.samples = samples
    }
  }

  public init(_ report: ComparisonReport, style: TerminalStyle, details: Details = Details()) {
    self.report = report
    self.style = style
    self.details = details
  }

  /// Lines without line ends; they hold nothing that a terminal acts on.
  public var lines: [String] {
    var lines = head + [""] + metrics
    lines += section(groups(report.languages, named: "language"))
    if details.files { lines += section(groups(report.files, named: "file")) }
    lines += section(samples)
    lines += section(warnings)
    return lines
  }

  private func section(_ lines: [String]) -> [String] { lines.isEmpty ? [] : [""] + lines }

  private static func letter(_ model: Int) -> String { ComparedModel.letter(model) }

  private var head: [String] {
    let names = report.models.enumerated().map { place, model in
      let end = ": \(model.family), \(Figures.counted(model.tokenCount, "token"))"
      let room = max(8, style.width - 3 - Columns.of(end))
      return "\(Self.letter(place))  \(Columns.cut(VisibleText.path(model.name), to: room))\(end)"
    }
    let corpus = report.corpus
    let text = [
      Figures.counted(report.files.count, "file"), Figures.counted(corpus.documents, "document"),
      Figures.megabytes(corpus.bytes), Figures.counted(corpus.words, "word"),
    ]
    return names + style.wrapped("on " + text.joined(separator: ", "))
  }

  private var metrics: [String] {
    var header = ["", Self.letter(0)]
    for model in report.models.indices.dropFirst() {
      header += [Self.letter(model), "\(Self.letter(model)) to A", "95% interval"]
    }
    var table = TerminalTable(header: header)
    for row in report.metrics where row.values.contains(where: { $0 != nil }) {
      var cells = [row.metric.rawValue, MetricText.value(row.values[0], of: row.metric)]
      for model in report.models.indices.dropFirst() {
        cells += [
          MetricText.value(row.values[model], of: row.metric),
          MetricText.difference(row.differences[model], of: row.metric),
          MetricText.interval(of: row, model: model),
        ]
      }
      table.rows.append(cells)
    }
    return table.lines(width: style.width)
  }

  private func groups(_ groups: [TextGroup], named kind: String) -> [String] {
    guard !groups.isEmpty else { return [] }
    let hasParity = groups.contains { $0.parity.contains { $0 != nil } }
    var header = [kind, "documents", "MB"]
    for model in report.models.indices {
      header.append("\(Self.letter(model)) bytes/token")
      if hasParity { header.append("parity") }
    }
    var table = TerminalTable(header: header)
    for group in groups {
      let name = VisibleText.path(group.name) + (group.isReference ? " *" : "")
      var cells = [
        Columns.cut(name, to: 24), Figures.grouped(group.documents),
        Figures.decimal(Double(group.bytes) / 1e6, places: 2),
      ]
      for model in report.models.indices {
        cells.append(MetricText.value(group.bytesPerToken[model], of: .bytesPerToken))
        if hasParity {
          cells.append(
            group.parity[model].map { Figures.decimal($0, places: 2) } ?? MetricText.none)
        }
      }
      table.rows.append(cells)
    }
    return table.lines(width: style.width)
      + (hasParity ? ["* parity is to this language"] : [])
  }

  private var samples: [String] {
    report.samples.prefix(details.samples).flatMap { sample in
      let counts = sample.tokenCounts.enumerated().map {
        "\(Self.letter($0)) \(Figures.grouped($1))"
      }
      let place = "\(VisibleText.path(report.files[sample.file].name)):\(sample.number)"
      return [
        Columns.cut(counts.joined(separator: "  ") + "  " + place, to: style.width),
        Columns.cut("  " + VisibleText.path(sample.text), to: style.width),
      ]
    }
  }

  private var warnings: [String] {
    // What there is to say of a model was said when it was loaded.
    report.warnings.filter { !$0.isOfLoading }.flatMap {
      style.wrapped("note: " + VisibleText.message($0.description))
    }
  }
}
