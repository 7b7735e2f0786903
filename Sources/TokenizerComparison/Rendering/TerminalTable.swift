import Primitives

/// A table as lines: the first column at the left, all others at the right of theirs.
public struct TerminalTable {
  public var header: [String]
  public var rows: [[String]]

  public init(header: [String], rows: [[String]] = []) {
    self.header = header
    self.rows = rows
  }

  /// Lines of at most so many columns, without blanks at their ends. Columns for which there is no room
  /// stand below the others, each time with the first one beside them.
  public func lines(width: Int) -> [String] {
    let widths = header.indices.map { column in
      ([header] + rows).map { column < $0.count ? Columns.of($0[column]) : 0 }.max() ?? 0
    }
    var lines: [String] = []
    var shown = 1..<min(2, widths.count)
    while !shown.isEmpty {
      var total = widths[0] + shown.reduce(0) { $0 + 2 + widths[$1] }
      while shown.upperBound < widths.count, total + 2 + widths[shown.upperBound] <= width {
        total += 2 + widths[shown.upperBound]
        shown = shown.lowerBound..<shown.upperBound + 1
      }
      if !lines.isEmpty { lines.append("") }
      lines += ([header] + rows).map { line(of: $0, [0] + shown, widths) }
      shown = shown.upperBound..<min(shown.upperBound + 1, widths.count)
    }
    return lines
  }

  private func line(of row: [String], _ columns: [Int], _ widths: [Int]) -> String {
    var line = ""
    for column in columns {
      let cell = column < row.count ? row[column] : ""
      let padding = String(repeating: " ", count: widths[column] - Columns.of(cell))
      line += column == 0 ? cell + padding : "  " + padding + cell
    }
    return line.trimmingBlanks
  }
}

extension String {
  /// Without blanks at the end.
  var trimmingBlanks: String {
    var scalars = unicodeScalars
    while scalars.last == " " { scalars.removeLast() }
    return String(scalars)
  }
}
