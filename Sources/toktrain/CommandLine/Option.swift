/// One option of a verb: its names, its help, and what it does to the command.
struct Option<C: Sendable>: Sendable {
  /// Name behind "--".
  let name: String
  /// Letter behind "-".
  let letter: Character?
  /// Stands for the value in help; `nil` for a flag.
  let placeholder: String?
  /// What `-h` and `--help` say, in a few words.
  let summary: String
  /// What `--help` says besides.
  let detail: String?
  /// The values there are, where they can be listed; completions offer them.
  let choices: [String]
  /// Other names behind "--", which help does not list.
  var aliases: [String] = []
  /// Whether a flag may be told "=true" or "=false".
  var isToggle = false
  /// Whether the words behind its value, up to the next option or `--`, are values of it, too.
  var takesFollowing = false
  /// Where help lists it.
  var listing = Listing.both

  enum Listing: Sendable {
    case both, long, nowhere
  }

  /// Takes the word of a value (`nil` for a flag); throws what it cannot take.
  let apply: @Sendable (inout C, RawArgument?) throws(UsageError) -> Void

  /// How messages call it.
  var shown: String { "--\(name)" }
}

/// The property of a command that an option sets.
typealias OptionField<C, Value> = any (WritableKeyPath<C, Value> & Sendable)

extension Option {
  /// An option without a value.
  static func flag(
    _ name: String, short letter: Character? = nil, _ field: OptionField<C, Bool>,
    _ summary: String,
    detail: String? = nil
  ) -> Option {
    Option(
      name: name, letter: letter, placeholder: nil, summary: summary, detail: detail, choices: []
    ) { (command, _) throws(UsageError) in command[keyPath: field] = true }
  }

  /// A flag that may be told what it is: `--name`, `--name=true`, `--name=false`.
  static func toggle(
    _ name: String, _ field: OptionField<C, Bool>, _ summary: String, detail: String? = nil
  ) -> Option {
    Option(
      name: name, letter: nil, placeholder: nil, summary: summary, detail: detail,
      choices: ["true", "false"], isToggle: true
    ) { (command, word) throws(UsageError) in
      command[keyPath: field] =
        try word.map { (word) throws(UsageError) in
          try read(word, .choice("BOOL", [("true", true), ("false", false)]), option: name)
        } ?? true
    }
  }

  /// The same option, which answers to other names, too.
  func also(_ names: String...) -> Option {
    var option = self
    option.aliases += names
    return option
  }

  /// The same option, which also takes the words behind its value, such as what `*.txt` becomes.
  var takingFollowing: Option {
    var option = self
    option.takesFollowing = true
    return option
  }

  /// The same option, which only the long help lists.
  var detailed: Option {
    var option = self
    if option.listing == .both { option.listing = .long }
    return option
  }

  /// An option with a value; the last one given holds.
  static func value<Value>(
    _ name: String, short letter: Character? = nil, _ field: OptionField<C, Value>,
    _ kind: ValueKind<Value>,
    _ summary: String, detail: String? = nil
  ) -> Option {
    Option(
      name: name, letter: letter, placeholder: kind.placeholder, summary: summary, detail: detail,
      choices: kind.choices
    ) { (command, word) throws(UsageError) in
      command[keyPath: field] = try read(word, kind, option: name)
    }
  }

  /// An option with a value that may also be absent.
  static func optional<Value>(
    _ name: String, short letter: Character? = nil, _ field: OptionField<C, Value?>,
    _ kind: ValueKind<Value>,
    _ summary: String, detail: String? = nil
  ) -> Option {
    Option(
      name: name, letter: letter, placeholder: kind.placeholder, summary: summary, detail: detail,
      choices: kind.choices
    ) { (command, word) throws(UsageError) in
      command[keyPath: field] = try read(word, kind, option: name)
    }
  }

  /// An option that may be given again and again; every value counts.
  static func list<Value>(
    _ name: String, short letter: Character? = nil, _ field: OptionField<C, [Value]>,
    _ kind: ValueKind<Value>,
    _ summary: String, detail: String? = nil
  ) -> Option {
    Option(
      name: name, letter: letter, placeholder: kind.placeholder, summary: summary, detail: detail,
      choices: kind.choices
    ) { (command, word) throws(UsageError) in
      command[keyPath: field].append(try read(word, kind, option: name))
    }
  }

  private static func read<Value>(
    _ word: RawArgument?, _ kind: ValueKind<Value>, option name: String
  ) throws(UsageError) -> Value {
    guard let word, let value = kind.read(word) else {
      let shown = word?.shown ?? ""
      throw .badValue(
        option: "--\(name)", value: shown, expected: kind.expected,
        suggestion: Suggestion.nearest(to: shown, among: kind.choices))
    }
    return value
  }
}

/// The words of a verb that belong to no option.
struct Positional<C: Sendable>: Sendable {
  enum Arity: Sendable { case one, oneOrMore, any, behindDashes }

  let placeholder: String
  let arity: Arity
  let summary: String
  let append: @Sendable (inout C, [UInt8]) -> Void

  /// Exactly one word.
  static func one(
    _ placeholder: String, _ field: OptionField<C, [UInt8]>, _ summary: String
  ) -> Positional {
    Positional(placeholder: placeholder, arity: .one, summary: summary) {
      $0[keyPath: field] = $1
    }
  }

  /// Any number of words; `required`: at least one.
  static func many(
    _ placeholder: String, _ field: OptionField<C, [[UInt8]]>, required: Bool,
    _ summary: String
  ) -> Positional {
    Positional(placeholder: placeholder, arity: required ? .oneOrMore : .any, summary: summary) {
      $0[keyPath: field].append($1)
    }
  }

  /// Any number of words, but only those behind `--`; no other positional takes these.
  static func behindDashes(
    _ placeholder: String, _ field: OptionField<C, [[UInt8]]>, _ summary: String
  ) -> Positional {
    Positional(placeholder: placeholder, arity: .behindDashes, summary: summary) {
      $0[keyPath: field].append($1)
    }
  }
}
