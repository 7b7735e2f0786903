import Primitives
import Tokenization

/// `toktrain inspect`: what a model holds.
struct InspectCommand: Command {
  var model: [UInt8] = []
  var page = 1
  var listsUnreachable = false
  var pattern: NamedPattern?
  var threads = Threads.available
  var isQuiet = false

  static var schema: Schema<InspectCommand> {
    Schema(
      "inspect", "Shows what a model holds: size, special tokens, vocabulary.",
      examples: [
        "toktrain inspect Vocab/corpus-bpe",
        "toktrain inspect Vocab/corpus-bpe --page 40",
      ],
      positionals: [
        .one("MODEL", \.model, "a directory that toktrain wrote, or a tokenizer file")
      ],
      options: [
        .value(
          "page", short: "p", \.page, .number(1...Int.max),
          "page of the vocabulary to show (default 1)"),
        .toggle(
          "unreachable", \.listsUnreachable,
          "list all unreachable tokens, not ten",
          detail: "Those in doubt as well."),
        .rankPattern(\.pattern),
      ] + Option.common,
      discussion: [
        "A token is unreachable if no text can become it, which is shown from the model's rules; it "
          + "is in doubt if that is not shown, and no text was found that becomes it either. "
          + "Lossless means that decoding gives back every string of bytes.",
        "Blanks in tokens show as \u{2423}; what cannot be seen is escaped: \\n, \\u{200B}, or "
          + "\\xE2 for a byte that is only part of a character.",
      ])
  }

  /// What was taken for granted.
  private static func facts(_ custom: LoadedTokenizer.Custom?) -> [(name: String, value: String)] {
    switch custom {
    case nil: []
    case .gpt2:
      [
        ("read as", "GPT-2's: no normalization, its pattern, nothing around a text"),
        ("", "(vocab.json and merges.txt hold tokens and merges, and do not say it)"),
      ]
    case .bert:
      [
        (
          "read as",
          "BERT's: its cleaning, its cuts, [CLS] and [SEP] around a text if they are there"
        ),
        ("", "(vocab.txt holds tokens, and does not say it)"),
      ]
    }
  }

  func run(on console: Console) throws(Failure) {
    let loaded = try ModelFile.loadWhole(model, pattern: pattern, console)
    let tokenizer = loaded.tokenizer
    let listing = VocabularyListing(tokenizer)
    guard page <= listing.pageCount else {
      throw UsageError.badValue(
        option: "--page", value: String(page), expected: "a page from 1 to \(listing.pageCount)"
      ).failure
    }
    try console.print(VisibleText.path(model))
    let findings = ModelFindings(tokenizer, shownCount: listsUnreachable ? .max : 10)
    for (name, value) in Self.facts(loaded.custom) + listing.facts + findings.facts {
      try console.print(HelpLayout.fact(name, value))
    }
    try console.print("\nlongest tokens")
    for line in listing.longest(10) { try console.print("  " + line) }
    try console.print("\nvocabulary, page \(page) of \(listing.pageCount)")
    for line in listing.rows(ofPage: page) { try console.print("  " + line) }
  }
}
