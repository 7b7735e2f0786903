/// All metrics: values, differences to the first model, intervals.
struct SummarySection {
  let page: ReportPage

  private var report: ComparisonReport { page.report }
  private var others: Range<Int> { report.models.indices.dropFirst() }

  func write(to html: inout HTMLWriter) {
    html.element(.div, [.style(.scroll)]) { html in
      html.element(.table) { html in
        html.element(
          .caption, [],
          "Values by model, and differences to \(page.letter(0)) with their 95% intervals")
        html.element(.thead) { html in writeHead(to: &html) }
        html.element(.tbody) { html in
          for row in report.metrics { write(row, to: &html) }
        }
      }
    }
  }

  private func writeHead(to html: inout HTMLWriter) {
    html.element(.tr) { html in
      html.element(.th, [.scope(.column)], "Metric")
      for model in report.models.indices {
        html.element(.th, [.scope(.column), .style(.number)], page.letter(model))
      }
      for model in others {
        let name = "\(page.letter(model)) against \(page.letter(0))"
        html.element(.th, [.scope(.column), .style(.number)], name)
        html.element(
          .th, [.scope(.column), .style(.number)], "95% interval of \(page.letter(model))")
      }
      html.element(.th, [.scope(.column)], "Better")
    }
  }

  private func write(_ row: MetricRow, to html: inout HTMLWriter) {
    html.element(.tr) { html in
      html.element(.th, [.scope(.row)]) { html in
        html.element(.a, [.link(.definition(row.metric))], row.metric.rawValue)
      }
      for value in row.values {
        html.element(.td, [.style(.number)], MetricText.value(value, of: row.metric))
      }
      for model in others where model < row.differences.count {
        let difference = row.differences[model]
        html.element(.td, [.style(.number)], MetricText.difference(difference, of: row.metric))
        html.element(.td, [.style(.number)], MetricText.interval(of: row, model: model))
      }
      html.element(.td, [], better(row.metric.direction))
    }
  }

  private func better(_ direction: Metric.Direction) -> String {
    switch direction {
    case .higher: "higher"
    case .lower: "lower"
    case .neither: MetricText.none
    }
  }
}
