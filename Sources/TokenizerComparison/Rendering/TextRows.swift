import Primitives

/// A text in a row for each tokenizer, laid out such that the same place of the text stands in the same
/// column of every row.
///
/// All rows show the text itself, with a column between pieces wherever any tokenizer has a border: a
/// bar in the rows of those that have it, a blank in others. A character that a border cuts shows
/// escaped where it is cut, and whole in the rows that do not cut it.
struct TextRows {
  /// A stretch of a row.
  struct Piece: Equatable {
    /// What a terminal shows, without controls.
    var text: String
    var columns: Int
    /// Place of the chip that it is part of; `nil` for borders, and text that no token covers.
    var chip: Int?
  }

  /// Rows that stand below each other: the pieces of each side.
  typealias Block = [[Piece]]

  private let alignment: TextAlignment
  private let chips: [[TokenChip]]
  /// Places with a column of their own.
  private let borders: Set<Int>
  private let commonBorders: Set<Int>
  /// By side, where a chip begins or ends.
  private let ownBorders: [Set<Int>]
  /// By byte, whether a reader sees a character end behind it.
  private let endsCluster: [Bool]
  private let width: Int

  /// - Parameter width: columns of a row; at least 12.
  init(_ alignment: TextAlignment, chips: [[TokenChip]], width: Int) {
    self.alignment = alignment
    self.chips = chips
    self.width = max(12, width)
    ownBorders = chips.map { Set($0.flatMap { [$0.range.lowerBound, $0.range.upperBound] }) }
    borders = ownBorders.reduce([0, alignment.text.count]) { $0.union($1) }
    commonBorders = Set(alignment.commonBorders)
    var ends = [Bool](repeating: false, count: alignment.text.count)
    for end in GraphemeClusters.ends(in: alignment.text) { ends[end - 1] = true }
    endsCluster = ends
  }

  /// Blocks for one text, the first one first; none for an empty text.
  var blocks: [Block] {
    let groups = groups
    return lines(of: groups).map { line in
      chips.indices.map { row(of: $0, groups[line]) }
    }
  }

  // MARK: - Cells

  /// A stretch of the text that no border divides, as it shows by itself.
  private struct Cell {
    var range: Range<Int>
    var text: String
    var columns: Int
  }

  /// Cells of one character; most have one cell, which may hold several characters.
  private struct Part {
    var cells: [Cell]
    /// Columns of the part in every row.
    var columns: Int
    /// How it shows where a token covers it whole.
    var whole: String

    var range: Range<Int> { cells[0].range.lowerBound..<cells[cells.count - 1].range.upperBound }
  }

  /// Parts that a reader sees as one character; most have one part.
  private struct Group {
    var parts: [Part]
    var columns: Int
    var whole: String

    var range: Range<Int> { parts[0].range.lowerBound..<parts[parts.count - 1].range.upperBound }
  }

  /// Most columns of a group: a border stands behind it.
  private var limit: Int { width - 1 }

  private var groups: [Group] {
    var groups: [Group] = []
    var parts: [Part] = []
    var cells: [Cell] = []
    for cell in self.cells {
      cells.append(cell)
      let end = cell.range.upperBound
      if end == alignment.text.count || endsCluster[end - 1] || !continuesCharacter(end) {
        parts += joined(cells)
        cells = []
      }
      if endsCluster[end - 1] {
        groups += joined(parts)
        parts = []
      }
    }
    return groups
  }

  private func continuesCharacter(_ place: Int) -> Bool { alignment.text[place] & 0xC0 == 0x80 }

  /// One part, or several where one would be too wide.
  private func joined(_ cells: [Cell]) -> [Part] {
    let whole = whole(cells[0].range.lowerBound..<cells[cells.count - 1].range.upperBound)
    let columns = max(cells.reduce(-1) { $0 + $1.columns + 1 }, whole.columns)
    if columns <= limit { return [Part(cells: cells, columns: columns, whole: whole.text)] }
    return cells.map { Part(cells: [$0], columns: $0.columns, whole: $0.text) }
  }

  /// One group, or several where one would be too wide. Only then is there a cell without a border behind
  /// it: a part of a cluster that is too wide.
  private func joined(_ parts: [Part]) -> [Group] {
    let whole = whole(parts[0].range.lowerBound..<parts[parts.count - 1].range.upperBound)
    let columns = max(parts.reduce(-1) { $0 + $1.columns + 1 }, whole.columns)
    if columns <= limit { return [Group(parts: parts, columns: columns, whole: whole.text)] }
    return parts.map { Group(parts: [$0], columns: $0.columns, whole: $0.whole) }
  }

  private var cells: [Cell] {
    let places = borders.sorted()
    return zip(places, places.dropFirst()).flatMap { cells(of: $0..<$1) }
  }

  /// A cell for what stands between two borders, or several where one would be too wide.
  private func cells(of range: Range<Int>) -> [Cell] {
    let whole = whole(range)
    if whole.columns <= limit { return [whole] }
    var cells: [Cell] = []
    for part in parts(of: range) {
      if let last = cells.last, last.columns + part.columns <= limit {
        cells[cells.count - 1] = Cell(
          range: last.range.lowerBound..<part.range.upperBound, text: last.text + part.text,
          columns: last.columns + part.columns)
      } else {
        cells.append(part)
      }
    }
    return cells
  }

  /// Clusters, and characters of those that are too wide.
  private func parts(of range: Range<Int>) -> [Cell] {
    var parts: [Cell] = []
    var start = range.lowerBound
    for end in range where endsCluster[end] || end + 1 == range.upperBound {
      let cluster = whole(start..<end + 1)
      parts += cluster.columns <= limit ? [cluster] : characters(of: cluster.range)
      start = end + 1
    }
    return parts
  }

  private func characters(of range: Range<Int>) -> [Cell] {
    var parts: [Cell] = []
    var start = range.lowerBound
    for end in range
    where end + 1 == range.upperBound || !continuesCharacter(end + 1) {
      parts.append(whole(start..<end + 1))
      start = end + 1
    }
    return parts
  }

  /// A stretch of the text as it shows by itself.
  private func whole(_ range: Range<Int>) -> Cell {
    let text = VisibleText.token(alignment.text[range])
    return Cell(range: range, text: text, columns: Columns.of(text))
  }

  // MARK: - Lines

  /// Groups by line.
  private func lines(of groups: [Group]) -> [Range<Int>] {
    var lines: [Range<Int>] = []
    var start = 0
    while start < groups.count {
      let end = lineEnd(groups, from: start)
      lines.append(start..<end)
      start = end
    }
    return lines
  }

  /// Behind the last group of a line: where all sides have a border, if that leaves the line half full
  /// at least; otherwise the last one that fits.
  private func lineEnd(_ groups: [Group], from start: Int) -> Int {
    var columns = 0
    var common: Int?
    for place in start..<groups.count {
      let group = groups[place]
      let divider = place > start && borders.contains(group.range.lowerBound) ? 1 : 0
      columns += divider + group.columns
      if columns > limit && place > start { return common ?? place }
      if columns >= width / 2 && commonBorders.contains(group.range.upperBound) {
        common = place + 1
      }
    }
    return groups.count
  }

  // MARK: - Rows

  private func row(of side: Int, _ groups: ArraySlice<Group>) -> [Piece] {
    var row = Row()
    for group in groups {
      append(group, of: side, to: &row)
      if group.range.upperBound < alignment.text.count {
        appendBorder(group.range.upperBound, of: side, to: &row)
      }
    }
    return row.pieces
  }

  private func append(_ group: Group, of side: Int, to row: inout Row) {
    let chips = group.parts.flatMap { chipsUnder($0.cells, of: side) }
    if chips.allSatisfy({ $0 == chips[0] }) {
      return row.append(group.whole, columns: group.columns, chip: chips[0])
    }
    let end = row.columns + group.columns
    for (place, part) in group.parts.enumerated() {
      if place > 0 { appendBorder(part.range.lowerBound, of: side, to: &row) }
      append(part, of: side, to: &row)
    }
    row.fill(to: end)
  }

  private func append(_ part: Part, of side: Int, to row: inout Row) {
    let chips = chipsUnder(part.cells, of: side)
    if chips.allSatisfy({ $0 == chips[0] }) {
      return row.append(part.whole, columns: part.columns, chip: chips[0])
    }
    let end = row.columns + part.columns
    for (cell, chip) in zip(part.cells, chips) {
      if cell.range.lowerBound > part.range.lowerBound {
        appendBorder(cell.range.lowerBound, of: side, to: &row)
      }
      row.append(cell.text, columns: cell.columns, chip: chip)
    }
    row.fill(to: end)
  }

  private func chipsUnder(_ cells: [Cell], of side: Int) -> [Int?] {
    cells.map { chip(of: side, at: $0.range.lowerBound) }
  }

  /// The column at a place that is a border of some side; nothing elsewhere.
  private func appendBorder(_ place: Int, of side: Int, to row: inout Row) {
    guard borders.contains(place) else { return }
    if ownBorders[side].contains(place) { return row.appendBar() }
    row.append(" ", columns: 1, chip: chip(of: side, at: place))
  }

  /// The chip that covers a byte.
  private func chip(of side: Int, at place: Int) -> Int? {
    let chips = chips[side]
    var (lower, upper) = (0, chips.count)
    while lower < upper {
      let middle = (lower + upper) / 2
      if chips[middle].range.upperBound <= place { lower = middle + 1 } else { upper = middle }
    }
    return lower < chips.count && chips[lower].range.contains(place) ? lower : nil
  }
}

/// A row that grows.
private struct Row {
  private(set) var pieces: [TextRows.Piece] = []
  private(set) var columns = 0

  /// Appends text with blanks behind it; text that no token covers is blank altogether.
  mutating func append(_ text: String, columns width: Int, chip: Int?) {
    let shown = Columns.padded(chip == nil ? "" : text, to: width)
    columns += width
    if let last = pieces.last, last.chip == chip {
      pieces[pieces.count - 1].text += shown
      pieces[pieces.count - 1].columns += width
    } else {
      pieces.append(TextRows.Piece(text: shown, columns: width, chip: chip))
    }
  }

  mutating func appendBar() {
    columns += 1
    pieces.append(TextRows.Piece(text: "|", columns: 1, chip: nil))
  }

  /// Blanks behind the last piece.
  mutating func fill(to end: Int) {
    append("", columns: max(0, end - columns), chip: pieces.last?.chip)
  }
}
