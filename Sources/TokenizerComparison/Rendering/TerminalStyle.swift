import Primitives

/// What a terminal can show.
public struct TerminalStyle: Sendable, Equatable {
  /// Columns of a line.
  public var width: Int
  public var hasColor: Bool

  public init(width: Int = 80, hasColor: Bool = false) {
    self.width = width
    self.hasColor = hasColor
  }
}

extension TerminalStyle {
  /// A sentence in lines that fit, broken at its blanks.
  func wrapped(_ sentence: String) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in sentence.split(separator: " ", omittingEmptySubsequences: false) {
      if !line.isEmpty, Columns.of(line) + 1 + Columns.of(String(word)) > width {
        lines.append(line)
        line = "  " + word
      } else {
        line += (line.isEmpty ? "" : " ") + word
      }
    }
    return lines + [line]
  }

  /// Light backgrounds of the palette of 256 colors. Black on any of them has a contrast of 10:1 and
  /// more, whatever the colors of the terminal are.
  private static let backgrounds = [217, 222, 229, 157, 159, 153, 183, 252]

  /// A token in its color, underlined if not all sides have it.
  func chip(_ text: String, color: Int, isUnderlined: Bool) -> String {
    guard hasColor else { return text }
    let background = Self.backgrounds[color % Self.backgrounds.count]
    return "\u{1B}[\(isUnderlined ? "4;" : "")38;5;16;48;5;\(background)m\(text)\u{1B}[0m"
  }
}
