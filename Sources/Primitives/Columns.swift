import NativeBridges

/// Columns that text takes on a terminal: two for the wide letters of East Asia and for emoji
/// (UAX 11), none for marks; as `wcwidth` has it, by ICU's version of Unicode.
public enum Columns {
  public static func of(_ scalar: Unicode.Scalar) -> Int {
    if scalar.isASCII { return 1 }
    return Int(tt_display_facts(scalar.value)) & Int(TT_DISPLAY_COLUMNS)
  }

  /// The sum over the characters of a text, which has no controls: `VisibleText` gives such.
  public static func of(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + of($1) }
  }

  /// A text of at most so many columns: one that has more ends in an ellipsis.
  public static func cut(_ text: String, to limit: Int) -> String {
    var columns = 0
    // Where an ellipsis would fit.
    var kept = text.unicodeScalars.startIndex
    for place in text.unicodeScalars.indices {
      if columns < limit { kept = place }
      columns += of(text.unicodeScalars[place])
      if columns > limit { return String(text.unicodeScalars[..<kept]) + "…" }
    }
    return text
  }

  /// A text with blanks behind it, up to so many columns.
  public static func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - of(text)))
  }
}
