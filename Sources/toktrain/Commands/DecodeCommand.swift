import Primitives
import Tokenization
import TokenizerTraining

/// `toktrain decode`: token ids to text.
struct DecodeCommand: Command {
  var model: [UInt8] = []
  var inputs: [[UInt8]] = []
  var output: [UInt8]?
  var replaces = false
  var isRaw = false
  var isStream = false
  var showsTokens = false
  var skipsSpecialTokens = false
  var pattern: NamedPattern?
  var threads = Threads.available
  var isQuiet = false

  static var schema: Schema<DecodeCommand> {
    Schema(
      "decode", "Turns token ids back into text.",
      examples: [
        "toktrain decode Vocab/corpus-bpe ids.txt",
        "echo '9906 11 1917' | toktrain decode Vocab/corpus-bpe",
        "generate-ids | toktrain decode Vocab/corpus-bpe --stream",
      ],
      positionals: [
        .one("MODEL", \.model, "a directory that toktrain wrote, or a tokenizer file"),
        .many(
          "FILE", \.inputs, required: false,
          "ids separated by blanks, one document a line; '-' or nothing: standard input"),
      ],
      options: [
        .flag("raw", short: "r", \.isRaw, "write no line feed behind a document"),
        .flag("skip-special", \.skipsSpecialTokens, "leave special tokens out of the text"),
        .flag(
          "stream", short: "s", \.isStream, "all lines are one document, written as it comes",
          detail:
            "After each line all text is written that no later id can change; no character is "
            + "split."),
        .flag(
          "tokens", short: "t", \.showsTokens, "show the bytes of each token, not the text",
          detail:
            "What each leaves in a text behind others; blanks show as \u{2423}, what cannot be "
            + "seen as \\n, \\u{200B} or \\xE2."),
        .optional(
          "output", short: "o", \.output, .path("FILE"), "write to a file instead of stdout"),
        .flag("force", short: "f", \.replaces, "replace the output if it is there"),
        .rankPattern(\.pattern),
      ] + Option.common,
      discussion: [
        "Bytes that are no text are written as they are; nothing is put right or tidied up."
      ])
  }

  func validate() throws(UsageError) {
    if inputs.filter({ $0 == Array("-".utf8) }).count > 1 {
      throw .conflict("'-' is given twice, but standard input can be read only once")
    }
    if isStream && showsTokens {
      throw .conflict("--stream writes text and --tokens tokens; use one of them")
    }
  }

  func run(on console: Console) throws(Failure) {
    let tokenizer = try ModelFile.load(model, pattern: pattern, console)
    let sources = try inputs.orStandardInput(console)
    var output = try CommandOutput(
      to: output, replaces: replaces, inputs: inputs, console: console)
    let decoder = TokenDecoder(tokenizer)
    var stream = DecodingStream(decoder, skippingSpecialTokens: skipsSpecialTokens)
    var options = CorpusOptions()
    options.documents = .line
    let corpus = try Failure.mapping { [options] () throws(CorpusError) in
      try Corpus(inputs: sources, options: options)
    }
    let reader = DocumentReader(corpus)
    while let batch = try Failure.mapping({ () throws(CorpusError) in try reader.nextBatch() }) {
      let lines = IDLines(batch: batch, idCount: tokenizer.idCount)
      for index in 0..<batch.count {
        let ids = try lines.ids(of: index)
        if isStream {
          for (place, id) in ids.enumerated() {
            try output.write(
              try lines.naming(index, id: place) { () throws(TokenizerError) in
                try stream.append(id)
              })
          }
          continue
        }
        try output.write(
          try lines.naming(index) { () throws(TokenizerError) in
            try written(ids, decoder)
          })
        if !isRaw { try output.write([UInt8(ascii: "\n")]) }
      }
      if reader.inputIsWaiting { try output.flush() }
    }
    if isStream {
      try output.write(try Failure.mapping { () throws(TokenizerError) in try stream.finish() })
      if !isRaw { try output.write([UInt8(ascii: "\n")]) }
    }
    try output.finish()
  }

  private func written(
    _ ids: [TokenID], _ decoder: TokenDecoder
  ) throws(TokenizerError) -> [UInt8] {
    guard showsTokens else {
      return try decoder.decode(ids, skippingSpecialTokens: skipsSpecialTokens)
    }
    var words: [String] = []
    for (position, id) in ids.enumerated() {
      if skipsSpecialTokens && decoder.isSpecial(id) { continue }
      guard let bytes = decoder.bytes(of: id) else { throw .unknownID(id: id, position: position) }
      words.append(VisibleText.token(bytes))
    }
    return Array(words.joined(separator: " ").utf8)
  }
}
