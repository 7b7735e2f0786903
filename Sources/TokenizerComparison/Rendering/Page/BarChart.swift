import Primitives

/// Horizontal bars in groups, each with its label.
struct BarChart {
  struct Bar {
    /// `nil`: no bar, but its label.
    var value: Double?
    /// The model whose color it has; `nil`: that of no model.
    var series: Int?
    var label: String
  }

  struct Row {
    /// Shown as it is.
    var name: String
    var bars: [Bar]
  }

  var title: String
  var rows: [Row]

  private static let (width, nameWidth, labelWidth) = (720.0, 150.0, 90.0)
  private static let (barHeight, gap) = (16.0, 12.0)

  func write(to html: inout HTMLWriter) {
    let height = rows.reduce(Self.gap) { $0 + Double($1.bars.count) * Self.barHeight + Self.gap }
    html.element(
      .svg,
      [
        .style(.chart), .role(.image), .label(description),
        .view(width: Self.width, height: height),
      ]
    ) { html in
      html.element(.title, [], title)
      var top = Self.gap
      for row in rows {
        write(row, at: top, to: &html)
        top += Double(row.bars.count) * Self.barHeight + Self.gap
      }
    }
  }

  /// For those who do not see it; the numbers stand in a table.
  private var description: String {
    "\(title): \(Figures.counted(rows.count, "group")) of bars; the table below has the numbers"
  }

  private func write(_ row: Row, at top: Double, to html: inout HTMLWriter) {
    let middle = top + Double(row.bars.count) * Self.barHeight / 2 + 4
    html.element(
      .text, [.number(.x, Self.nameWidth - 8), .number(.y, middle), .anchor(.end)], row.name)
    let room = Self.width - Self.nameWidth - Self.labelWidth
    for (place, bar) in row.bars.enumerated() {
      let y = top + Double(place) * Self.barHeight
      let length = room * (bar.value ?? 0) / greatest
      if bar.value != nil {
        html.element(
          .rect,
          [
            .style(bar.series.map { .series($0) } ?? .shared), .number(.x, Self.nameWidth),
            .number(.y, y + 1),
            .number(.width, length), .number(.height, Self.barHeight - 2),
          ])
      }
      html.element(
        .text, [.number(.x, Self.nameWidth + length + 6), .number(.y, y + 12.5)], bar.label)
    }
  }

  private var greatest: Double {
    let values = rows.flatMap(\.bars).compactMap(\.value).filter(\.isFinite)
    return max(values.max() ?? 0, .leastNormalMagnitude)
  }
}
