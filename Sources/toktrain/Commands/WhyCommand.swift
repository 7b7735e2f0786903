import Primitives
import Tokenization

/// `toktrain why`: what a model does with a word, step by step.
struct WhyCommand: Command {
  var model: [UInt8] = []
  var texts: [[UInt8]] = []
  var wayCount = 5
  var writesJSON = false
  var allowedSpecialTokens: [[UInt8]] = []
  var pattern: NamedPattern?
  var threads = Threads.available
  var isQuiet = false

  static var schema: Schema<WhyCommand> {
    Schema(
      "why", "Shows step by step why a text becomes its tokens.",
      examples: [
        "toktrain why Vocab/corpus-bpe ' understanding'",
        "toktrain why Vocab/corpus-unigram understanding --ways 3",
        "toktrain why Vocab/corpus-wordpiece 'an unseen word' --json",
      ],
      positionals: [
        .one("MODEL", \.model, "a directory that toktrain wrote, or a tokenizer file"),
        .many("TEXT", \.texts, required: true, "a word or a text; each is explained by itself"),
      ],
      options: [
        .value(
          "ways", \.wayCount, .number(1...Sampling.mostCandidates),
          "how many ways of a unigram model to show (default 5)"),
        .list(
          "allow-special", \.allowedSpecialTokens, .utf8("TOKEN"),
          "take this special token, or all, from the text"
        ).detailed,
        .flag("json", short: "j", \.writesJSON, "a JSON object for each text"),
        .rankPattern(\.pattern),
      ] + Option.common,
      discussion: [
        "BPE: the merges in the order in which they happen, each with its rank and the tokens behind "
          + "it. Unigram: the best ways with their scores. WordPiece: the longest match at each place, "
          + "and the shorter ones. Then where each token comes from.",
        "Blanks in tokens show as \u{2423}; what cannot be seen is escaped: \\n, \\u{200B}, or "
          + "\\xE2 for a byte that is only part of a character.",
      ])
  }

  func run(on console: Console) throws(Failure) {
    let tokenizer = try ModelFile.load(model, pattern: pattern, console)
    var options = EncodingOptions()
    options.sampling = Sampling(.dropout(0))
    if case .bpe = tokenizer.model {} else { options.sampling = nil }
    if allowedSpecialTokens.contains(Array("all".utf8)) {
      options.allowedSpecialTokens = .all
    } else if !allowedSpecialTokens.isEmpty {
      options.allowedSpecialTokens = .named(allowedSpecialTokens)
    }
    var encoder = try Failure.mapping(of: model) { () throws(TokenizerError) in
      try TokenEncoder(CompiledTokenizer(tokenizer), options: options)
    }
    for (number, text) in texts.enumerated() {
      let explanation = try explanation(of: text, by: &encoder)
      if writesJSON {
        let json = ExplanationJSON(tokenizer: tokenizer)
        try console.write(json.written(explanation, of: text))
      } else {
        if number > 0 { try console.print("") }
        let listing = ExplanationListing(tokenizer: tokenizer)
        for line in listing.lines(of: explanation, text) { try console.print(line) }
      }
    }
  }

  private func explanation(
    of text: [UInt8], by encoder: inout TokenEncoder
  ) throws(Failure) -> Explanation {
    do throws(TokenizerError) {
      return try encoder.explanation(of: text, wayCount: wayCount)
    } catch {
      throw Failure(error)
    }
  }
}
