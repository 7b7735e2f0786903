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
  /// Checks what no option can check alone.
  func validate() throws(UsageError)
  func run(on console: Console) throws(Failure)
}

extension Command {
  func validate() throws(UsageError) {}
}
