import Primitives

/// Writes HTML: elements and attributes of closed lists, and text, which is escaped. Nothing else can be
/// written, so that no foreign text becomes part of a page's structure.
struct HTMLWriter {
  private(set) var bytes: [UInt8] = []

  mutating func documentType() { append("<!DOCTYPE html>\n") }

  /// An element; `body` writes what is in it.
  mutating func element(
    _ element: HTMLElement, _ attributes: [HTMLAttribute] = [],
    _ body: (inout HTMLWriter) -> Void
  ) {
    append("<\(element.rawValue)")
    for attribute in attributes { append(attribute) }
    append(">")
    body(&self)
    append("</\(element.rawValue)>")
    if element.endsLine { append("\n") }
  }

  /// An element with our own text in it.
  mutating func element(
    _ element: HTMLElement, _ attributes: [HTMLAttribute] = [], _ text: String
  ) {
    self.element(element, attributes) { $0.text(text) }
  }

  /// An element without anything in it.
  mutating func element(_ element: HTMLElement, _ attributes: [HTMLAttribute]) {
    self.element(element, attributes) { _ in }
  }

  /// What the page is in, and that it may load nothing and run nothing.
  mutating func metadata() {
    append("<meta charset=\"utf-8\">\n")
    append(
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
        + "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n")
    append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
    append("<meta name=\"color-scheme\" content=\"light dark\">\n")
  }

  mutating func styleSheet(_ sheet: StaticString) {
    append("<style>\n")
    sheet.withUTF8Buffer { bytes.append(contentsOf: $0) }
    append("</style>\n")
  }

  /// Text as it is; what would end it is escaped.
  mutating func text(_ text: String) {
    for byte in text.utf8 { append(escaped: byte) }
  }

  /// Foreign bytes as `VisibleText` shows them, apart from what stands around them, whichever way they are
  /// written.
  mutating func foreign(_ text: String) { element(.bdi, [], text) }

  mutating func append(_ part: HTMLWriter) { bytes += part.bytes }

  private mutating func append(_ markup: String) { bytes += Array(markup.utf8) }

  private mutating func append(escaped byte: UInt8) {
    switch byte {
    case UInt8(ascii: "&"): append("&amp;")
    case UInt8(ascii: "<"): append("&lt;")
    case UInt8(ascii: ">"): append("&gt;")
    case UInt8(ascii: "\""): append("&quot;")
    case UInt8(ascii: "'"): append("&#39;")
    default: bytes.append(byte)
    }
  }

  private mutating func append(_ attribute: HTMLAttribute) {
    switch attribute {
    case .language: append(" lang=\"en\"")
    case .style(let style): append(" class=\"\(style.name)\"")
    case .styles(let styles):
      append(" class=\"\(styles.map(\.name).joined(separator: " "))\"")
    case .id(let anchor): append(" id=\"\(anchor.name)\"")
    case .link(let anchor): append(" href=\"#\(anchor.name)\"")
    case .label(let label):
      append(" aria-label=\"")
      text(label)
      append("\"")
    case .labelledBy(let anchor): append(" aria-labelledby=\"\(anchor.name)\"")
    case .role(let role): append(" role=\"\(role.rawValue)\"")
    case .scope(let scope): append(" scope=\"\(scope.rawValue)\"")
    case .focusable: append(" tabindex=\"0\"")
    case .open: append(" open")
    case .view(let width, let height):
      append(" viewBox=\"0 0 \(Self.decimal(width)) \(Self.decimal(height))\"")
    case .number(let name, let value): append(" \(name.rawValue)=\"\(Self.decimal(value))\"")
    case .points(let points):
      let list = points.map { "\(Self.decimal($0.x)),\(Self.decimal($0.y))" }
      append(" points=\"\(list.joined(separator: " "))\"")
    case .anchor(let anchor): append(" text-anchor=\"\(anchor.rawValue)\"")
    }
  }

  /// A length in a drawing, to tenths; what is no number is 0.
  private static func decimal(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e9 else { return "0" }
    let tenths = Int((value * 10).rounded())
    let sign = tenths < 0 ? "-" : ""
    let (whole, rest) = (abs(tenths) / 10, abs(tenths) % 10)
    return rest == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(rest)"
  }
}

extension HTMLElement {
  /// Whether a line ends behind it, for people who read the source.
  fileprivate var endsLine: Bool {
    switch self {
    case .span, .bdi, .code, .a, .td, .th, .text, .title, .rect, .line, .circle: false
    default: true
    }
  }
}
