import Primitives
import Tokenization
import TokenizerComparison

/// `toktrain compare`: how several tokenizers cut a text, side by side, or a corpus, in numbers.
struct CompareCommand: Command {
  var models: [[UInt8]] = []
  var texts: [[UInt8]] = []
  var listsIDs = false
  var listsOffsets = false
  var listsBytes = false
  var explainsMerges = false
  var corpus = CorpusChoices()
  var writesJSON = false
  var color = ColorChoice.auto
  var page: [UInt8]?
  var replacesPage = false
  var pattern: NamedPattern?
  var threads = Threads.available
  var isQuiet = false

  /// Letters A to F, and a column for each.
  static let modelCounts = 2...6

  static var schema: Schema<CompareCommand> {
    Schema(
      "compare", "Shows how several tokenizers cut the same text, or measures them on a corpus.",
      examples: [
        "toktrain compare gpt2.json Vocab/corpus-bpe -- 'How is this cut?'",
        "toktrain compare A.json B.model C --ids --offsets -- 'How is this cut?'",
        "toktrain compare A B --json -- 'How is this cut?' 'And this?'",
        "toktrain compare A B C --corpus texts/ --worst 20 --html report.html",
        "toktrain compare old new --corpus test.txt --fail-if 'bytes/token<-1%'",
      ],
      positionals: [
        .many(
          "MODEL", \.models, required: true,
          "two to six: directories that toktrain wrote, or tokenizer files"),
        .behindDashes("TEXT", \.texts, "a text; each is compared by itself"),
      ],
      options: [
        .flag("ids", \.listsIDs, "list the tokens with their ids"),
        .flag("offsets", \.listsOffsets, "list the tokens with their places, in bytes"),
        .flag("bytes", \.listsBytes, "list the tokens with their bytes"),
        .flag("merges", \.explainsMerges, "show step by step how each model gets there"),
        .flag("json", short: "j", \.writesJSON, "a JSON object for each text, or for the corpus"),
        .optional(
          "html", \.page, .path("FILE"), "write a page for a browser, too",
          detail: "One file, which loads nothing. With '-' it goes to standard output, alone."),
        .flag("force", short: "f", \.replacesPage, "replace that FILE if it exists"),
        .value(
          "color", \.color, .choice("WHEN"), "colors: auto, always or never (default auto)",
          detail: "With always and never, pipes and files get what a terminal would."),
        .optional(
          "pattern", \.pattern, .choice("NAME"), "how text is cut, if a MODEL is a rank file",
          detail: "For those that do not say it, such as .tiktoken files that are not well known."
        ).detailed,
      ] + Option.ofCorpora + Option.common,
      discussion: [
        "Models are called A, B, ... in the order in which they are given; all are compared with A. "
          + "Each row shows the text as its model cuts it; the same place of the text stands below "
          + "itself. A color belongs to the text of a piece, so that equal pieces have equal ones.",
        "Blanks show as \u{2423}; what cannot be seen is escaped: \\n, \\u{200B}, or \\xE2 for a byte "
          + "that is only part of a character. Where the output is no terminal, it is a table with "
          + "tabs between the columns: model, start, end, id, bytes, token, and whether all models "
          + "have that piece and whether it is unknown.",
      ] + corpusDiscussion)
  }

  func validate() throws(UsageError) {
    if texts.isEmpty { return try validateCorpus() }
    if !corpus.inputs.isEmpty {
      throw .conflict("there are texts behind '--' and a corpus; compare on one of them")
    }
    guard Self.modelCounts.contains(models.count) else {
      throw .conflict("compare takes two to six models, not \(models.count)")
    }
  }

  func run(on console: Console) throws(Failure) {
    if texts.isEmpty { return try compareOnCorpus(console) }
    var sides: [ComparedSide] = []
    for path in models {
      let tokenizer = try ModelFile.load(path, patternIfNeeded: pattern, console)
      sides.append(try ComparedSide(NamedTokenizer(name: path, tokenizer: tokenizer)))
    }
    if page != nil {
      _ = try withPage(inputs: models, console) { () throws(Failure) in
        try ComparisonReport(of: texts, sides.map(\.tokenizer), threads: threads)
      }
    }
    if isPageAlone { return }
    let style = console.terminal.style(color)
    if style == nil && !writesJSON { try console.print(TextComparisonTable.header) }
    for (number, text) in texts.enumerated() {
      var results: [TokenizedText] = []
      for place in sides.indices { results.append(try sides[place].result(of: text)) }
      let comparison = TextComparison(text, models: sides.map(\.model), results: results)
      if writesJSON {
        try console.write(TextComparisonJSON(comparison).written)
      } else if let style {
        if number > 0 { try console.print("") }
        try show(comparison, style, sides, on: console)
      } else {
        for line in TextComparisonTable(comparison).lines { try console.print(line) }
      }
    }
  }

  private func show(
    _ comparison: TextComparison, _ style: TerminalStyle, _ sides: [ComparedSide],
    on console: Console
  ) throws(Failure) {
    let view = TerminalTextComparison(
      comparison, style: style,
      listing: TerminalTextComparison.Listing(
        ids: listsIDs, offsets: listsOffsets, bytes: listsBytes))
    for line in view.lines { try console.print(line) }
    guard explainsMerges else { return }
    for (place, side) in sides.enumerated() {
      try console.print("\n\(ComparedModel.letter(place))  how it gets there")
      for line in try side.steps(of: comparison.text) { try console.print(line) }
    }
  }
}
