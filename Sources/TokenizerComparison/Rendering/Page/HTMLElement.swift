/// The elements that a page is made of. There are no scripts among them, and nothing that loads anything.
enum HTMLElement: String {
  case html, head, title, body, header, nav, main, section, footer
  case h1, h2, h3, p, a, ul, ol, li, dl, dt, dd, div, span, bdi, code
  case table, caption, thead, tbody, tr, th, td
  case details, summary, figure, figcaption
  case svg, rect, line, polyline, circle, text
}

/// What an element may say besides its name.
enum HTMLAttribute {
  case language
  case style(HTMLClass)
  /// Several classes.
  case styles([HTMLClass])
  case id(PageAnchor)
  case link(PageAnchor)
  /// What an element is called where it has no text of its own.
  case label(String)
  case labelledBy(PageAnchor)
  case role(Role)
  case scope(Scope)
  /// The keyboard reaches it.
  case focusable
  case open
  case view(width: Double, height: Double)
  case number(SVGNumber, Double)
  case points([(x: Double, y: Double)])
  case anchor(TextAnchor)

  enum Role: String { case image = "img", list }
  enum Scope: String { case column = "col", row }
  enum SVGNumber: String { case x, y, x1, y1, x2, y2, cx, cy, r, width, height }
  enum TextAnchor: String { case middle, end }
}

/// Places of the page that links lead to.
enum PageAnchor {
  case main, warnings, summary, languages, files, vocabulary, samples, definitions
  case definition(Metric)

  var name: String {
    switch self {
    case .main: "main"
    case .warnings: "warnings"
    case .summary: "summary"
    case .languages: "languages"
    case .files: "files"
    case .vocabulary: "vocabulary"
    case .samples: "samples"
    case .definitions: "definitions"
    case .definition(let metric):
      "define-" + metric.rawValue.map { $0 == "/" ? "-per-" : String($0) }.joined()
    }
  }
}

/// What the style sheet knows.
enum HTMLClass {
  case skip, models, number, note, scroll
  case chips, own, unknown, side
  case chart, axis, grid, shared
  /// The color of a token.
  case token(Int)
  /// The color of a model.
  case series(Int)

  var name: String {
    switch self {
    case .token(let color): "c\(color % ChipColor.count)"
    case .series(let model): "s\(model % StyleSheet.seriesCount)"
    default: "\(self)"
    }
  }
}
