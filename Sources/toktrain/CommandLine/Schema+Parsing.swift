extension Schema {
  /// What a command line asks for.
  enum Request: Sendable {
    case run(C)
    case shortHelp
    case longHelp
  }

  /// Reads the words behind the verb: `--name=value`, `--name value`, `-n value`, `-nvalue`,
  /// `-abc` for flags, `--` before words that begin with a dash, `-` as a word of its own.
  func parse(_ words: [RawArgument]) throws(UsageError) -> Request {
    var command = C()
    var operands: [RawArgument] = []
    var behindDashes: ArraySlice<RawArgument> = []
    // The option whose values go on.
    var open: Option<C>?
    var index = 0
    while index < words.count {
      let word = words[index]
      index += 1
      switch word.bytes.prefix(2) {
      case Self.twoDashes where word.bytes.count == 2:
        behindDashes = words[index...]
        index = words.count
      case Self.twoDashes:
        if word.bytes == Array("--help".utf8) { return .longHelp }
        open = try readLong(word, words, &index, into: &command)
      case let start where start.first == Self.dash && start.count == 2:
        if word.bytes == Array("-h".utf8) { return .shortHelp }
        open = try readLetters(word, words, &index, into: &command)
      default:
        if let open { try open.apply(&command, word) } else { operands.append(word) }
      }
    }
    try assign(operands, behindDashes, to: &command)
    try command.validate()
    return .run(command)
  }

  private static var dash: UInt8 { UInt8(ascii: "-") }
  private static var twoDashes: ArraySlice<UInt8> { [dash, dash] }

  /// Returns the option if it takes the words that follow.
  private func readLong(
    _ word: RawArgument, _ words: [RawArgument], _ index: inout Int, into command: inout C
  ) throws(UsageError) -> Option<C>? {
    let body = word.bytes.dropFirst(2)
    let equals = body.firstIndex(of: UInt8(ascii: "="))
    let name = RawArgument(body[..<(equals ?? body.endIndex)])
    guard let option = options.first(where: { $0.isCalled(name) }) else {
      throw .unknownOption("--" + name.shown, verb: verb, suggestion: suggestion(for: name))
    }
    let attached = equals.map { RawArgument(body[($0 + 1)...]) }
    if option.placeholder == nil {
      if attached != nil && !option.isToggle { throw .unexpectedValue(option: option.shown) }
      try option.apply(&command, attached)
      return nil
    }
    try option.apply(&command, try value(of: option, attached, words, &index))
    return option.takesFollowing ? option : nil
  }

  /// Returns the last option if it takes the words that follow.
  private func readLetters(
    _ word: RawArgument, _ words: [RawArgument], _ index: inout Int, into command: inout C
  ) throws(UsageError) -> Option<C>? {
    var rest = word.bytes.dropFirst()
    // `-force` read as letters would mean "-f -o rce".
    if let name = longName(RawArgument(rest)) {
      throw .unknownOption(word.shown, verb: verb, suggestion: name)
    }
    while let letter = rest.popFirst() {
      guard letter < 0x80,
        let option = options.first(where: { $0.letter?.asciiValue == letter })
      else {
        let shown = RawArgument([Self.dash, letter]).shown
        throw .unknownOption(shown, verb: verb, suggestion: nil)
      }
      if option.placeholder == nil {
        try option.apply(&command, nil)
        continue
      }
      let attached = rest.isEmpty ? nil : RawArgument(rest)
      try option.apply(&command, try value(of: option, attached, words, &index))
      return option.takesFollowing ? option : nil
    }
    return nil
  }

  private func value(
    of option: Option<C>, _ attached: RawArgument?, _ words: [RawArgument], _ index: inout Int
  ) throws(UsageError) -> RawArgument {
    if let attached { return attached }
    guard index < words.count else {
      throw .missingValue(option: option.shown, placeholder: option.placeholder ?? "")
    }
    index += 1
    return words[index - 1]
  }

  private func assign(
    _ operands: [RawArgument], _ behindDashes: ArraySlice<RawArgument>, to command: inout C
  ) throws(UsageError) {
    let dashed = positionals.first { $0.arity == .behindDashes }
    for word in behindDashes { dashed?.append(&command, word.bytes) }
    var rest = (dashed == nil ? operands + behindDashes : operands)[...]
    for positional in positionals {
      switch positional.arity {
      case .behindDashes: break
      case .one:
        guard let word = rest.popFirst() else {
          throw .missingArgument(positional.placeholder, verb: verb)
        }
        positional.append(&command, word.bytes)
      case .oneOrMore, .any:
        if rest.isEmpty, case .oneOrMore = positional.arity {
          throw .missingArgument(positional.placeholder, verb: verb)
        }
        while let word = rest.popFirst() { positional.append(&command, word.bytes) }
      }
    }
    if let word = rest.first { throw .unexpectedArgument(word.shown, verb: verb) }
  }

  private var names: [String] { options.map(\.name) + ["help"] }

  private func suggestion(for name: RawArgument) -> String? {
    guard let text = name.text else { return nil }
    return Suggestion.nearest(to: text, among: names).map { "--" + $0 }
  }

  /// The long option that a word with one dash was meant to be, `-vocab-size=3` included.
  private func longName(_ word: RawArgument) -> String? {
    guard let text = RawArgument(word.bytes.prefix { $0 != UInt8(ascii: "=") }).text else {
      return nil
    }
    return names.contains(text) ? "--" + text : nil
  }
}

extension Option {
  /// Whether the option has this name; those of other programs come with "_" where ours have "-".
  fileprivate func isCalled(_ word: RawArgument) -> Bool {
    let dashed = word.bytes.map { $0 == UInt8(ascii: "_") ? UInt8(ascii: "-") : $0 }
    return word.bytes.elementsEqual(name.utf8) || dashed.elementsEqual(name.utf8)
      || aliases.contains { word.bytes.elementsEqual($0.utf8) }
  }
}
