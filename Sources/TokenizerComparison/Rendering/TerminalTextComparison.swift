import Primitives
import Tokenization

/// A compared text on a terminal: figures, aligned rows, and what was asked to be listed of tokens.
public struct TerminalTextComparison {
  /// What a list of tokens shows besides their text.
  public struct Listing: Sendable, Equatable {
    public var ids: Bool
    /// Where they stand, in bytes.
    public var offsets: Bool
    /// Their bytes in the vocabulary, hexadecimal.
    public var bytes: Bool

    public init(ids: Bool = false, offsets: Bool = false, bytes: Bool = false) {
      self.ids = ids
      self.offsets = offsets
      self.bytes = bytes
    }

    var isEmpty: Bool { !ids && !offsets && !bytes }
  }

  private let comparison: TextComparison
  private let style: TerminalStyle
  private let listing: Listing
  private let chips: [[TokenChip]]

  public init(_ comparison: TextComparison, style: TerminalStyle, listing: Listing = Listing()) {
    self.comparison = comparison
    self.style = style
    self.listing = listing
    chips = comparison.results.map { TokenChip.chips(of: $0.tokens) }
  }

  /// Lines without line ends; they hold nothing that a terminal acts on but, with color, the style's
  /// own sequences.
  public var lines: [String] {
    var lines = names + [""] + figures
    // Terminals that turn such text around would turn whole rows around, and others none of it: a token
    // a line reads the same in both.
    let isRightToLeft = ReadingDirection.hasRightToLeft(
      VisibleText.token(comparison.text[...]))
    if comparison.text.isEmpty { return lines }
    if !isRightToLeft { lines += [""] + rows }
    if isRightToLeft || !listing.isEmpty {
      lines += [""] + list(isRightToLeft ? withOffsets : listing)
    }
    let legend = legend(hasRows: !isRightToLeft)
    return legend.isEmpty ? lines : lines + [""] + legend.flatMap(style.wrapped)
  }

  private var withOffsets: Listing {
    var listing = listing
    listing.offsets = true
    return listing
  }

  private static func letter(_ model: Int) -> String { ComparedModel.letter(model) }

  // MARK: - Figures

  private var names: [String] {
    comparison.models.enumerated().map { place, model in
      let end = ": \(model.family), \(Figures.counted(model.tokenCount, "token"))"
      let name = Columns.cut(
        VisibleText.path(model.name), to: max(8, style.width - 3 - Columns.of(end)))
      return "\(Self.letter(place))  \(name)\(end)"
    }
  }

  private var figures: [String] {
    let counts = comparison.results.map(\.tokens.count)
    let others = comparison.models.indices.dropFirst()
    var table = TerminalTable(header: [""] + comparison.models.indices.map(Self.letter))
    table.rows.append(["tokens"] + counts.map { Figures.grouped($0) })
    table.rows.append(
      ["  against A", ""]
        + others.map {
          Self.difference(Double(counts[$0]), Double(counts[0]), places: 0)
        })
    let densities = comparison.bytesPerToken
    table.rows.append(
      ["bytes/token"] + densities.map { $0.map { Figures.decimal($0, places: 2) } ?? "-" })
    table.rows.append(
      ["  against A", ""] + others.map { Self.difference(densities[$0], densities[0], places: 2) })
    table.rows.append(
      ["decodes to the text"] + comparison.results.map { $0.comesBack ? "yes" : "no" })
    let agreements = others.map { comparison.alignment.agreement(0, $0) }
    table.rows.append(
      ["borders shared with A", ""]
        + agreements.map { Self.part($0.sharedBoundaries, of: $0.allBoundaries) })
    table.rows.append(
      ["pieces shared with A", ""] + agreements.map { Self.part($0.sharedSpans, of: $0.allSpans) })
    return table.lines(width: style.width)
  }

  private static func part(_ part: Int, of whole: Int) -> String {
    whole == 0 ? "-" : "\(Figures.grouped(part)) of \(Figures.grouped(whole))"
  }

  private static func difference(_ value: Double?, _ first: Double?, places: Int) -> String {
    guard let value, let first else { return "-" }
    func signed(_ value: Double, _ places: Int) -> String {
      let text = Figures.decimal(value, places: places)
      return value > 0 ? "+" + text : text
    }
    let absolute = signed(value - first, places)
    return first == 0 ? absolute : "\(absolute) (\(signed((value / first - 1) * 100, 1))%)"
  }

  // MARK: - Rows

  private static let indent = 3

  /// How a chip differs.
  private enum Mark: Character {
    case everywhere = " "
    case notEverywhere = "^"
    case unknown = "?"
  }

  private func mark(_ chip: TokenChip, of side: Int) -> Mark {
    let tokens = comparison.alignment.sides[side][chip.tokens]
    if tokens.contains(where: { comparison.isUnknown($0, of: side) }) { return .unknown }
    return tokens.allSatisfy { $0.range.isEmpty || comparison.alignment.isShared($0) }
      ? .everywhere : .notEverywhere
  }

  private var rows: [String] {
    let rows = TextRows(
      comparison.alignment, chips: chips, width: style.width - Self.indent)
    return Array(rows.blocks.map(lines(of:)).joined(separator: [""]))
  }

  private func lines(of block: TextRows.Block) -> [String] {
    block.enumerated().flatMap { side, pieces in
      var row = Columns.padded(Self.letter(side), to: Self.indent)
      var marks = String(repeating: " ", count: Self.indent)
      for piece in pieces {
        guard let chip = piece.chip.map({ chips[side][$0] }) else {
          row += piece.text
          marks += String(repeating: " ", count: piece.columns)
          continue
        }
        let mark = mark(chip, of: side)
        row += style.chip(
          piece.text, color: ChipColor.of(comparison.text[chip.range]),
          isUnderlined: mark != .everywhere)
        marks += String(repeating: mark.rawValue, count: piece.columns)
      }
      let lines = [row.trimmingBlanks, marks.trimmingBlanks]
      return lines[1].isEmpty ? [lines[0]] : lines
    }
  }

  /// What the signs mean that stand there.
  private func legend(hasRows: Bool) -> [String] {
    let marks = Set(
      chips.enumerated().flatMap { side, chips in chips.map { mark($0, of: side) } })
    var lines: [String] = []
    if hasRows {
      lines.append("| border   blank in a piece: only another model has a border there")
      if chips.contains(where: leavesText) {
        lines.append("blank between borders: no token stands for that text")
      }
    }
    if marks.contains(.notEverywhere) { lines.append("^ not a piece of every model") }
    if marks.contains(.unknown) { lines.append("? has no token, and becomes the unknown one") }
    for (side, tokens) in comparison.alignment.sides.enumerated() where hasRows {
      let hidden = tokens.count - chips[side].count
      if hidden > 0 {
        lines.append(
          "\(Self.letter(side)) \(Figures.counted(hidden, "token")) more: "
            + "several in one piece, or without text; --ids lists them")
      }
    }
    return lines
  }

  private func leavesText(_ chips: [TokenChip]) -> Bool {
    chips.reduce(0) { $0 + $1.range.count } < comparison.text.count
  }

  // MARK: - List

  /// A token a line: between two borders that all models share, those of A first.
  private func list(_ listing: Listing) -> [String] {
    var table = ListTable()
    let sides = comparison.alignment.sides
    var places = [Int](repeating: 0, count: sides.count)
    for border in comparison.alignment.commonBorders.dropFirst() + [Int.max] {
      for side in sides.indices {
        while places[side] < sides[side].count, sides[side][places[side]].start < border {
          table.append(line(sides[side][places[side]], of: side, listing))
          places[side] += 1
        }
      }
    }
    return table.lines(width: style.width)
  }

  private func line(_ token: SampleToken, of side: Int, _ listing: Listing) -> ListTable.Row {
    let mark: Mark =
      comparison.isUnknown(token, of: side)
      ? .unknown : comparison.alignment.isShared(token) ? .everywhere : .notEverywhere
    var fields = [Self.letter(side) + String(mark.rawValue)]
    if listing.offsets { fields.append("\(token.start)-\(token.end)") }
    if listing.ids { fields.append(String(token.id)) }
    if listing.bytes {
      fields.append(Columns.cut(Hexadecimal.text(token.bytes), to: max(11, style.width - 48)))
    }
    return ListTable.Row(fields: fields, text: VisibleText.token(token.bytes[...]))
  }
}

/// Fields below each other, and a text behind them that may be cut.
private struct ListTable {
  struct Row {
    var fields: [String]
    var text: String
  }

  private var rows: [Row] = []

  mutating func append(_ row: Row) { rows.append(row) }

  func lines(width: Int) -> [String] {
    guard let columns = rows.first?.fields.count else { return [] }
    let widths = (0..<columns).map { column in
      rows.map { Columns.of($0.fields[column]) }.max() ?? 0
    }
    let indent = widths.reduce(0) { $0 + $1 + 2 }
    return rows.map { row in
      let fields = zip(row.fields, widths).map { Columns.padded($0, to: $1 + 2) }.joined()
      return (fields + Columns.cut(row.text, to: max(8, width - indent))).trimmingBlanks
    }
  }
}
