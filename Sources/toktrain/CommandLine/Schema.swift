/// All there is to know of a verb's command line. One table serves parsing, both helps, messages
/// and suggestions.
struct Schema<C: Command>: Sendable {
  let verb: String
  /// What the verb does, one line.
  let summary: String
  let examples: [String]
  let positionals: [Positional<C>]
  let options: [Option<C>]
  /// Paragraphs at the end of `--help`.
  let discussion: [String]

  init(
    _ verb: String, _ summary: String, examples: [String], positionals: [Positional<C>],
    options: [Option<C>], discussion: [String] = []
  ) {
    self.verb = verb
    self.summary = summary
    self.examples = examples
    self.positionals = positionals
    self.options = options
    self.discussion = discussion
  }
}

/// A verb of the tool. Its stored properties are its options with their defaults.
protocol Command: Sendable {
  init()
  static var schema: Schema<Self> { get }
  /// Threads at most; results are the same for any number.
  var threads: Int { get set }
  /// Whether stderr carries errors only.
  var isQuiet: Bool { get set }
  /// Checks what no option can check alone.
  func validate() throws(UsageError)
  func run(on console: Console) throws(Failure)
}

extension Command {
  func validate() throws(UsageError) {}
}

extension Option where C: Command {
  /// What every verb takes.
  static var common: [Option] {
    [
      .value(
        "threads", \.threads, .number(1...1024), "threads to use (default: one per processor)",
        detail: "Results are the same for any number."),
      .flag("quiet", short: "q", \.isQuiet, "print errors and asked-for data only"),
    ]
  }
}
