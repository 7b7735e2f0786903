/// Text and bytes for a person's eyes: nothing that a terminal would act on or hide gets through.
///
/// Control characters, bidirectional overrides, zero-width and unassigned code points come out as
/// `\u{...}`, bytes that are not UTF-8 as `\xHH`, a backslash as `\\`, so that the escapes are
/// unambiguous and can be read back. File names, messages and tokens all pass here.
public enum VisibleText {
  /// A file name or path; blanks stay as they are.
  public static func path(_ bytes: [UInt8]) -> String { escape(bytes[...], showsSpaces: false) }

  /// A token: blanks become U+2423 `␣`, and a real `␣` becomes `\u{2423}`.
  public static func token(_ bytes: ArraySlice<UInt8>) -> String {
    escape(bytes, showsSpaces: true)
  }

  /// A message that quotes foreign text: printable text stays (backslashes too), the rest is
  /// escaped.
  public static func message(_ text: String) -> String {
    var shown = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if isVisible(scalar) || scalar == " " {
        shown.append(scalar)
      } else {
        shown.append(contentsOf: escape(scalar).unicodeScalars)
      }
    }
    return String(shown)
  }

  private static func escape(_ bytes: ArraySlice<UInt8>, showsSpaces: Bool) -> String {
    var shown = String.UnicodeScalarView()
    var rest = bytes
    var previousIsBase = false
    while let byte = rest.first {
      guard let (scalar, length) = decodeFirst(rest) else {
        shown.append(contentsOf: "\\x\(hexadecimal(UInt32(byte), digits: 2))".unicodeScalars)
        rest = rest.dropFirst()
        previousIsBase = false
        continue
      }
      rest = rest.dropFirst(length)
      let isBase = appendScalar(
        scalar, to: &shown, showsSpaces: showsSpaces, afterBase: previousIsBase)
      previousIsBase = isBase
    }
    return String(shown)
  }

  /// Returns whether a combining mark may follow on what was appended.
  private static func appendScalar(
    _ scalar: Unicode.Scalar, to shown: inout String.UnicodeScalarView, showsSpaces: Bool,
    afterBase: Bool
  ) -> Bool {
    switch scalar {
    case " ":
      shown.append(showsSpaces ? "␣" : " ")
      return false
    case "␣" where showsSpaces, "\\":
      shown.append(
        contentsOf: scalar == "\\" ? "\\\\".unicodeScalars : escape(scalar).unicodeScalars)
      return false
    case _ where isMark(scalar):
      // One mark on one base: a flood of them would paint over the lines around.
      guard afterBase else {
        shown.append(contentsOf: escape(scalar).unicodeScalars)
        return false
      }
      shown.append(scalar)
      return false
    case _ where isVisible(scalar):
      shown.append(scalar)
      return true
    default:
      shown.append(contentsOf: escape(scalar).unicodeScalars)
      return false
    }
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\n": return "\\n"
    case "\t": return "\\t"
    case "\r": return "\\r"
    default: return "\\u{\(hexadecimal(scalar.value, digits: 1))}"
    }
  }

  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark: return true
    default: return false
    }
  }

  private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
      .paragraphSeparator, .spaceSeparator:
      return false
    default:
      // Letters without ink: the Hangul fillers and the selectors of variation.
      return !scalar.properties.isDefaultIgnorableCodePoint
    }
  }

  private static func hexadecimal(_ value: UInt32, digits: Int) -> String {
    let text = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
  }

  /// The scalar that `bytes` starts with and its length, or `nil` where they are not UTF-8.
  private static func decodeFirst(_ bytes: ArraySlice<UInt8>) -> (Unicode.Scalar, Int)? {
    var iterator = bytes.makeIterator()
    var decoder = UTF8()
    guard case .scalarValue(let scalar) = decoder.decode(&iterator) else { return nil }
    return (scalar, UTF8.width(scalar))
  }
}
