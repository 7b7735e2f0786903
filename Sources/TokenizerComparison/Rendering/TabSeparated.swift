import Primitives

/// Lines of fields with tabs between them.
public enum TabSeparated {
  public static func line(_ fields: [String]) -> String { fields.joined(separator: "\t") }

  /// Foreign bytes as a field: escaped as `VisibleText.token` does, blanks stay, and so is the first
  /// character of what a spreadsheet would take for a formula.
  public static func field(_ bytes: [UInt8]) -> String {
    let text = VisibleText.path(bytes)
    guard let first = text.unicodeScalars.first, "=+-@".unicodeScalars.contains(first) else {
      return text
    }
    return "\\u{\(String(first.value, radix: 16, uppercase: true))}"
      + String(text.unicodeScalars.dropFirst())
  }
}
