extension Schema {
  /// A line an option: what a person needs who knows the verb.
  var shortHelp: String {
    var text = "\(summary)\n\n\(usage)\n\n"
    text += HelpLayout.table(
      options.filter { $0.listing == .both }.map { (names(of: $0), $0.summary) } + [Self.helpRow])
    return text + "\n'toktrain \(verb) --help' says more.\n"
  }

  /// Everything: examples first, then arguments, options and what there is to know.
  var longHelp: String {
    var text = "\(summary)\n\n\(usage)\n\nExamples:\n"
    text += examples.map { "  \($0)\n" }.joined()
    if !positionals.isEmpty {
      text += "\nArguments:\n"
      text += HelpLayout.table(positionals.map { ($0.placeholder, $0.summary) })
    }
    text += "\nOptions:\n"
    for option in options where option.listing != .nowhere {
      let isOpen =
        option.choices.isEmpty || option.isToggle
        || option.choices.contains { $0.hasSuffix(":") }
      let values = isOpen ? nil : "Values: " + option.choices.joined(separator: ", ")
      text += HelpLayout.entry(
        names(of: option), paragraphs: [option.summary, values, option.detail])
    }
    text += HelpLayout.entry("-h, --help", paragraphs: ["a short or a long help"])
    for paragraph in discussion { text += "\n" + HelpLayout.wrapped(paragraph, indent: 0) }
    return text
  }

  private static var helpRow: (String, String) { ("-h, --help", "this, or more of it") }

  private var usage: String {
    var text = "Usage: toktrain \(verb)"
    for positional in positionals {
      switch positional.arity {
      case .one: text += " \(positional.placeholder)"
      case .oneOrMore: text += " \(positional.placeholder)..."
      case .any: text += " [\(positional.placeholder)...]"
      case .behindDashes: break
      }
    }
    text += " [options]"
    for positional in positionals where positional.arity == .behindDashes {
      text += " [-- \(positional.placeholder)...]"
    }
    return text
  }

  private func names(of option: Option<C>) -> String {
    let letter = option.letter.map { "-\($0), " } ?? "    "
    let value = option.isToggle ? "[=BOOL]" : option.placeholder.map { " \($0)" } ?? ""
    return letter + option.shown + value
  }
}

/// How help is laid out: 80 columns, whatever the terminal.
enum HelpLayout {
  private static let width = 80

  /// Two columns, the first of at least `width`; a name that is too long for its column stands on
  /// a line of its own.
  static func table(_ rows: [(name: String, text: String)], width: Int = 0) -> String {
    let longest = max(width, rows.map(\.name.count).filter { $0 <= 26 }.max() ?? 0)
    let indent = longest + 4
    return rows.map { row in
      let head = "  " + row.name
      let body = wrapped(row.text, indent: indent)
      guard row.name.count <= longest else { return head + "\n" + body }
      return head + body.dropFirst(head.count)
    }.joined()
  }

  /// A name and what there is to say of it below.
  static func entry(_ name: String, paragraphs: [String?]) -> String {
    "  \(name)\n" + paragraphs.compactMap { $0 }.map { wrapped($0, indent: 8) }.joined()
  }

  /// "name     value", the values below each other.
  static func fact(_ name: String, _ value: String) -> String {
    "  " + name + String(repeating: " ", count: max(1, 16 - name.count)) + value
  }

  /// Text in lines of at most 80 columns.
  static func wrapped(_ text: String, indent: Int) -> String {
    let margin = String(repeating: " ", count: indent)
    var lines = ""
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty, indent + line.count + 1 + word.count > width {
        lines += margin + line + "\n"
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    return lines + margin + line + "\n"
  }
}
