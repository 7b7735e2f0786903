import TokenizerComparison

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What an output is: a terminal with somebody before it, or a file or pipe.
struct Terminal {
  var isTerminal: Bool
  /// Columns, 50 at least; 80 where nobody knows.
  var width: Int

  init(descriptor: Int32) {
    isTerminal = isatty(descriptor) == 1
    var size = winsize()
    let isKnown = ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    width = isKnown ? max(50, Int(size.ws_col)) : 80
  }

  /// What can be shown there; `nil` for a file or pipe, which programs read.
  ///
  /// What was asked for decides first, then `NO_COLOR` (if it is not empty), then what the output is.
  func style(_ choice: ColorChoice) -> TerminalStyle? {
    switch choice {
    case .always: TerminalStyle(width: width, hasColor: true)
    case .never: TerminalStyle(width: width, hasColor: false)
    case .auto:
      isTerminal
        ? TerminalStyle(
          width: width,
          hasColor: Self.environment("NO_COLOR").isEmpty && Self.environment("TERM") != "dumb")
        : nil
    }
  }

  private static func environment(_ name: String) -> String {
    getenv(name).map { String(cString: $0) } ?? ""
  }
}

/// When to write for a person, and with colors.
enum ColorChoice: String, CaseIterable {
  /// On a terminal.
  case auto
  case always
  /// For a person, without colors.
  case never
}
