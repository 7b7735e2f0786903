import Primitives

/// How the vocabularies were used, and what only one of two has.
struct VocabularySection {
  let page: ReportPage

  private static let tokenLimit = 50
  private static let longestLimit = 15
  /// Lengths of a table; longer tokens are one row.
  private static let lengthLimit = 24

  private var report: ComparisonReport { page.report }

  func write(to html: inout HTMLWriter) {
    writeUse(to: &html)
    writeRanks(to: &html)
    writeLengths(to: &html)
    for overlap in report.overlaps { write(overlap, to: &html) }
    writeLongest(to: &html)
  }

  private func letter(_ model: Int) -> String { page.letter(model) }

  // MARK: - Use

  private func writeUse(to html: inout HTMLWriter) {
    let columns = ["Tokens", "Used", "Used once", "Never used"]
    let rows = zip(report.models, report.vocabularies).enumerated().map { place, pair in
      (
        letter(place),
        [pair.0.tokenCount, pair.1.usedCount, pair.1.usedOnceCount, pair.1.unusedCount].map {
          Figures.grouped($0)
        }
      )
    }
    writeTable("How many tokens of each vocabulary this corpus used", "Model", columns, rows, &html)
  }

  private func writeRanks(to html: inout HTMLWriter) {
    let chart = LineChart(
      title: "How often tokens occur, by rank",
      x: LineChart.Axis(title: "rank of a token", isLogarithmic: true),
      y: LineChart.Axis(title: "occurrences", isLogarithmic: true),
      lines: report.vocabularies.enumerated().map { place, use in
        LineChart.Line(
          series: place, letter: letter(place),
          points: use.ranks.map { (Double($0.rank), Double($0.count)) })
      })
    let ranks = Set(report.vocabularies.flatMap { $0.ranks.map(\.rank) }).sorted()
    let counts = report.vocabularies.map { use in
      Dictionary(use.ranks.map { ($0.rank, $0.count) }, uniquingKeysWith: { first, _ in first })
    }
    writeFigure(
      chart,
      "Occurrences of the commonest token, of the next, and so on; both axes are logarithmic.",
      table: "Occurrences by rank", first: "Rank", columns: report.models.indices.map(letter),
      rows: ranks.map { rank in
        (
          Figures.grouped(rank),
          counts.map { $0[rank].map { Figures.grouped($0) } ?? MetricText.none }
        )
      }, &html)
  }

  private func writeLengths(to html: inout HTMLWriter) {
    let shares = report.vocabularies.map(sharesByLength)
    let lines = shares.enumerated().map { place, shares in
      LineChart.Line(
        series: place, letter: letter(place),
        points: shares.enumerated().map { (Double($0), $1 * 100) })
    }
    let chart = LineChart(
      title: "How long used tokens are",
      x: LineChart.Axis(title: "bytes of a token", isLogarithmic: false),
      y: LineChart.Axis(title: "percent of all tokens of the text", isLogarithmic: false),
      lines: lines)
    writeFigure(
      chart,
      "Tokens of the text by their length in bytes; those of \(Self.lengthLimit) bytes and more together.",
      table: "Tokens of the text by length", first: "Bytes",
      columns: report.models.indices.map(letter),
      rows: (0...Self.lengthLimit).map { length in
        (
          length == Self.lengthLimit ? "\(length) and more" : "\(length)",
          shares.map { Figures.decimal($0[length] * 100, places: 2) + "%" }
        )
      }, &html)
  }

  /// Of all tokens of the text, those of each length; the last one has all longer ones.
  private func sharesByLength(_ use: VocabularyUse) -> [Double] {
    var counts = [Double](repeating: 0, count: Self.lengthLimit + 1)
    for length in use.lengths {
      counts[min(max(0, length.bytes), Self.lengthLimit)] += Double(length.uses)
    }
    let total = counts.reduce(0, +)
    return counts.map { total == 0 ? 0 : $0 / total }
  }

  // MARK: - Tokens

  private func write(_ overlap: VocabularyOverlap, to html: inout HTMLWriter) {
    let (a, b) = (letter(0), letter(overlap.model))
    html.element(.h3, [], "Tokens of \(a) and \(b)")
    let chart = BarChart(
      title: "Tokens that \(a) and \(b) share",
      rows: [
        bar("only \(a)", overlap.onlyFirstCount, 0), bar("both", overlap.sharedCount, nil),
        bar("only \(b)", overlap.onlyOtherCount, overlap.model),
      ])
    html.element(.figure) { html in
      chart.write(to: &html)
      html.element(
        .figcaption, [],
        "By what a token decodes to. Only \(a) has tokens for "
          + "\(Figures.counted(overlap.onlyFirstUses, "place")) of its text, only \(b) for "
          + "\(Figures.counted(overlap.onlyOtherUses, "place")) of its own.")
    }
    write(overlap.onlyFirst, "The most used tokens that only \(a) has", to: &html)
    write(overlap.onlyOther, "The most used tokens that only \(b) has", to: &html)
  }

  private func bar(_ name: String, _ count: Int, _ series: Int?) -> BarChart.Row {
    BarChart.Row(
      name: name,
      bars: [BarChart.Bar(value: Double(count), series: series, label: Figures.grouped(count))])
  }

  private func writeLongest(to html: inout HTMLWriter) {
    for (place, use) in report.vocabularies.enumerated() {
      write(
        Array(use.longest.prefix(Self.longestLimit)),
        "The longest tokens of \(letter(place)) that were used", to: &html)
    }
  }

  private func write(_ tokens: [TokenUse], _ title: String, to html: inout HTMLWriter) {
    if tokens.isEmpty { return }
    html.element(.details) { html in
      html.element(.summary, [], title)
      html.element(.table) { html in
        html.element(.caption, [], title)
        writeHead("Token", ["Id", "Occurrences"], to: &html)
        html.element(.tbody) { html in
          for token in tokens.prefix(Self.tokenLimit) {
            html.element(.tr) { html in
              html.element(.th, [.scope(.row)]) { html in
                html.foreign(Columns.cut(VisibleText.token(token.text.prefix(200)), to: 80))
              }
              html.element(.td, [.style(.number)], String(token.id))
              html.element(.td, [.style(.number)], Figures.grouped(token.count))
            }
          }
        }
      }
    }
  }

  // MARK: - Parts

  private func writeFigure(
    _ chart: LineChart, _ caption: String, table title: String, first: String, columns: [String],
    rows: [(String, [String])], _ html: inout HTMLWriter
  ) {
    html.element(.figure) { html in
      chart.write(to: &html)
      html.element(.figcaption, [], caption)
    }
    html.element(.details) { html in
      html.element(.summary, [], "\(title), as a table")
      writeTable(title, first, columns, rows, &html)
    }
  }

  private func writeTable(
    _ caption: String, _ first: String, _ columns: [String], _ rows: [(String, [String])],
    _ html: inout HTMLWriter
  ) {
    html.element(.div, [.style(.scroll)]) { html in
      html.element(.table) { html in
        html.element(.caption, [], caption)
        writeHead(first, columns, to: &html)
        html.element(.tbody) { html in
          for (name, cells) in rows {
            html.element(.tr) { html in
              html.element(.th, [.scope(.row)], name)
              for cell in cells { html.element(.td, [.style(.number)], cell) }
            }
          }
        }
      }
    }
  }

  private func writeHead(_ first: String, _ columns: [String], to html: inout HTMLWriter) {
    html.element(.thead) { html in
      html.element(.tr) { html in
        html.element(.th, [.scope(.column)], first)
        for column in columns { html.element(.th, [.scope(.column), .style(.number)], column) }
      }
    }
  }
}
