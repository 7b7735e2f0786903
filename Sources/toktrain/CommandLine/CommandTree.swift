import Primitives

/// The verbs and what stands above them: the overview, `--version`, `help VERB`.
struct CommandTree: Sendable {
  /// Verbs in the order of the overview, by what they are for.
  let groups: [(title: String, verbs: [Verb])]
  /// Verbs for developers, in no list.
  let hidden: [Verb]

  func run(_ words: [RawArgument], on console: Console) throws(Failure) {
    guard let first = words.first else {
      throw Failure(.usage, "no command was given; 'toktrain --help' lists them")
    }
    switch first.text {
    case "-h", "--help":
      try console.write(overview.utf8)
    case "-V", "--version":
      try console.write(Version.report.utf8)
    case "help":
      guard words.count > 1 else { return try console.write(overview.utf8) }
      try console.write(verb(words[1]).longHelp.utf8)
    default:
      try verb(first).run(Array(words.dropFirst()), console)
    }
  }

  var overview: String {
    var text = """
      Trains tokenizers, and uses what it trained.

      Usage: toktrain COMMAND [arguments]

      """
    for group in groups {
      text += "\n\(group.title):\n"
      text += HelpLayout.table(group.verbs.map { ($0.name, $0.summary) }, width: 10)
    }
    return text + """

      Start with:
        toktrain bpe corpus.txt
        echo "Hello, world" | toktrain encode Vocab/corpus-bpe

      'toktrain COMMAND --help' explains a command; 'toktrain --version' names the
      libraries that decide what a tokenizer does with text.

      """
  }

  private func verb(_ word: RawArgument) throws(Failure) -> Verb {
    let listed = groups.flatMap(\.verbs)
    if let verb = (listed + hidden).first(where: { word.bytes == Array($0.name.utf8) }) {
      return verb
    }
    func nearest(_ names: [String]) -> String? {
      word.text.flatMap { Suggestion.nearest(to: $0, among: names) }
    }
    if word.bytes.first == UInt8(ascii: "-") {
      let suggestion = nearest(["--help", "--version"])
      throw UsageError.unknownOption(word.shown, verb: "", suggestion: suggestion).failure
    }
    let suggestion = nearest(listed.map(\.name) + ["help"])
    throw UsageError.unknownVerb(word.shown, suggestion: suggestion).failure
  }
}
