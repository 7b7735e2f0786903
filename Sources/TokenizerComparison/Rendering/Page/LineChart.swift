import Primitives

/// A line for each model, with its letter at the end.
struct LineChart {
  struct Line {
    var series: Int
    var letter: String
    /// By ascending x; on a logarithmic axis 1 and more.
    var points: [(x: Double, y: Double)]
  }

  /// From 0, or from 1 on a logarithmic axis.
  struct Axis {
    var title: String
    var isLogarithmic: Bool
  }

  var title: String
  var x: Axis
  var y: Axis
  var lines: [Line]

  private static let (width, height) = (720.0, 360.0)
  private static let (left, right, top, bottom) = (70.0, 40.0, 16.0, 52.0)

  func write(to html: inout HTMLWriter) {
    let points = lines.flatMap(\.points)
    let across = Scale(x, to: points.map(\.x).max() ?? 1, Self.left, Self.width - Self.right)
    let up = Scale(y, to: points.map(\.y).max() ?? 1, Self.height - Self.bottom, Self.top)
    html.element(
      .svg,
      [
        .style(.chart), .role(.image),
        .label("\(title): a line for each model; the table below has the numbers"),
        .view(width: Self.width, height: Self.height),
      ]
    ) { html in
      html.element(.title, [], title)
      writeGrid(across, up, to: &html)
      for line in lines { write(line, across, up, to: &html) }
    }
  }

  private func writeGrid(_ across: Scale, _ up: Scale, to html: inout HTMLWriter) {
    let floor = Self.height - Self.bottom
    for (value, place) in across.ticks {
      html.element(
        .line,
        [
          .style(.grid), .number(.x1, place), .number(.x2, place), .number(.y1, Self.top),
          .number(.y2, floor),
        ])
      html.element(
        .text,
        [.style(.axis), .number(.x, place), .number(.y, floor + 18), .anchor(.middle)], value)
    }
    for (value, place) in up.ticks {
      html.element(
        .line,
        [
          .style(.grid), .number(.x1, Self.left), .number(.x2, Self.width - Self.right),
          .number(.y1, place), .number(.y2, place),
        ])
      html.element(
        .text,
        [.style(.axis), .number(.x, Self.left - 6), .number(.y, place + 4), .anchor(.end)], value)
    }
    html.element(
      .text,
      [
        .style(.axis), .number(.x, (Self.left + Self.width - Self.right) / 2),
        .number(.y, Self.height - 10), .anchor(.middle),
      ], "\(x.title) (across), \(y.title) (up)")
  }

  private func write(_ line: Line, _ across: Scale, _ up: Scale, to html: inout HTMLWriter) {
    let places = line.points.map { (x: across.place(of: $0.x), y: up.place(of: $0.y)) }
    guard let last = places.last else { return }
    html.element(.polyline, [.style(.series(line.series)), .points(places)])
    for place in places {
      html.element(
        .circle,
        [
          .style(.series(line.series)), .number(.cx, place.x), .number(.cy, place.y),
          .number(.r, 2.5),
        ])
    }
    // Ends of lines lie close together: letters stand beside each other.
    let shift = 8 + 11 * Double(line.series % 3)
    html.element(.text, [.number(.x, last.x + shift), .number(.y, last.y + 4)], line.letter)
  }
}

/// Where values stand in a drawing.
private struct Scale {
  /// Values of both ends, logarithms to base 10 on a logarithmic axis.
  private let (first, last): (Double, Double)
  private let (start, end): (Double, Double)
  private let isLogarithmic: Bool
  private let step: Double

  init(_ axis: LineChart.Axis, to greatest: Double, _ start: Double, _ end: Double) {
    let greatest = greatest.isFinite ? greatest : 1
    isLogarithmic = axis.isLogarithmic
    (self.start, self.end) = (start, end)
    if isLogarithmic {
      // Up to the next power of ten.
      var power = 1.0
      var value = 10.0
      while value < greatest {
        value *= 10
        power += 1
      }
      (first, last, step) = (0, power, 1)
    } else {
      step = Self.roundStep(greatest)
      (first, last) = (0, max(step, step * (greatest / step).rounded(.up)))
    }
  }

  /// 1, 2 or 5 times a power of ten, such that there are 10 steps at most.
  private static func roundStep(_ greatest: Double) -> Double {
    var unit = 1e-6
    while unit * 10 < greatest { unit *= 10 }
    return [unit / 5, unit / 2, unit, 2 * unit].first { $0 * 10 >= greatest } ?? unit
  }

  func place(of value: Double) -> Double {
    let value = isLogarithmic ? RealFunctions.log(max(1, value)) / RealFunctions.log(10) : value
    return start + (end - start) * min(1, max(0, (value - first) / (last - first)))
  }

  var ticks: [(value: String, place: Double)] {
    let count = Int(((last - first) / step).rounded())
    return (0...count).map { tick in
      var value = isLogarithmic ? 1 : step * Double(tick)
      if isLogarithmic { for _ in 0..<tick { value *= 10 } }
      return (
        Self.short(value), start + (end - start) * Double(tick) / Double(count)
      )
    }
  }

  /// "0.5", "200", "10k", "5M", "1G"
  private static func short(_ value: Double) -> String {
    for (unit, sign) in [(1e9, "G"), (1e6, "M"), (1e3, "k")] where value >= unit {
      return trimmed(value / unit) + sign
    }
    return trimmed(value)
  }

  private static func trimmed(_ value: Double) -> String {
    var text = Figures.decimal(value, places: 4)
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text
  }
}
