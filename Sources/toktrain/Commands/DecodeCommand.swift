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
        .optional(
          "output", short: "o", \.output, .path("FILE"), "write to a file instead of stdout"),
        .flag("force", short: "f", \.replaces, "replace the output if it is there"),
        .rankPattern(\.pattern),
      ] + Option.common)
  }

  func validate() throws(UsageError) {
    if inputs.filter({ $0 == Array("-".utf8) }).count > 1 {
      throw .conflict("'-' is given twice, but standard input can be read only once")
    }
  }

  func run(on console: Console) throws(Failure) {
    let tokenizer = try ModelFile.load(model, pattern: pattern, console)
    let sources = try inputs.orStandardInput(console)
    var output = try CommandOutput(
      to: output, replaces: replaces, inputs: inputs, console: console)
    let decoder = TokenDecoder(tokenizer)
    for source in sources {
      var options = CorpusOptions()
      options.documents = .line
      let corpus = try Failure.mapping { () throws(CorpusError) in
        try Corpus(inputs: [source], options: options)
      }
      let reader = DocumentReader(corpus)
      var line = 0
      while let batch = try Failure.mapping({ () throws(CorpusError) in try reader.nextBatch() }) {
        for index in 0..<batch.count {
          line += 1
          let text = batch.bytes[batch.range(of: index)]
          let ids = try Self.ids(text, source: source, line: line, of: tokenizer)
          let decoded = try Failure.mapping { () throws(TokenizerError) in
            try decoder.decode(ids, skippingSpecialTokens: skipsSpecialTokens)
          }
          try output.write(decoded)
          if !isRaw { try output.write([UInt8(ascii: "\n")]) }
        }
        if reader.inputIsWaiting { try output.flush() }
      }
    }
    try output.finish()
  }

  private static func ids(
    _ text: ArraySlice<UInt8>, source: [UInt8], line: Int, of tokenizer: Tokenizer
  ) throws(Failure) -> [TokenID] {
    do throws(IDLine.Malformed) {
      return try IDLine.parse(text, count: tokenizer.idCount)
    } catch {
      let name = source == Array("-".utf8) ? "standard input" : VisibleText.path(source)
      let word = VisibleText.path(Array(error.word.prefix(40)))
      throw Failure(
        .badData,
        "\(name):\(line) (byte \(error.column) of the line): '\(word)' is no token id; "
          + "give numbers from 0 to \(tokenizer.idCount - 1), separated by blanks")
    }
  }
}
