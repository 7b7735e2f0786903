import Primitives
import Tokenization
import TokenizerTraining

/// `toktrain normalize`: text as a tokenizer sees it, or what normalization changes in it.
struct NormalizeCommand: Command {
  var inputs: [[UInt8]] = []
  var model: [UInt8]?
  var normalization: NormalizationChoice?
  var unicode: UnicodeData?
  var showsChanges = false
  var corpusOptions = CorpusOptions()
  var output: [UInt8]?
  var replaces = false
  var threads = Threads.available
  var isQuiet = false

  init() {
    corpusOptions.documents = .line
    corpusOptions.invalidUTF8 = .bytes
  }

  static var schema: Schema<NormalizeCommand> {
    Schema(
      "normalize", "Normalizes text, or shows what that changes.",
      examples: [
        "echo 'Ａ ﬁne café' | toktrain normalize -n nfkc,lower",
        "toktrain normalize --diff -n nfkc book.txt | cut -f3,4 | sort | uniq -c",
        "toktrain normalize -n bert -o clean.txt texts/",
        "toktrain normalize --model Vocab/corpus-wordpiece book.txt",
      ],
      positionals: [
        .many(
          "FILE", \.inputs, required: false,
          "text to normalize; '-' or nothing: standard input; .gz, .zst and .jsonl are understood")
      ],
      options: [
        .optional(
          "model", short: "m", \.model, .path("MODEL"),
          "normalize as this model does: a directory or a tokenizer file"),
        .optional(
          "normalization", short: "n", \.normalization, .normalization,
          "what happens to the text (default nfc)",
          detail: "Several are joined by commas and go in that order: nfkc,lower. nmt_nfkc, "
            + "nmt_nfkc_cf, sp_nfkc and nfkc_cf are SentencePiece's rules; sentencepiece is all that "
            + "it does to a text. rules:FILE: your own, as SentencePiece's rule TSV has them. A "
            + "normalizer as tokenizer.json has it is taken too: '{\"type\": ...}'."),
        .optional(
          "unicode", \.unicode, .choice("DATA"), "whose characters normalization knows",
          detail: UnicodeHelp.detail),
        .flag(
          "diff", short: "d", \.showsChanges, "show each change instead of the text",
          detail:
            "A line for each, with tabs between its parts: the document, the byte in the file "
            + "where it begins, what stood there, what stands there now, and what of the first "
            + "cannot be told from the second any more."),
        .value(
          "documents", \.corpusOptions.documents, .documents,
          "what a document is: line, file or separator:TEXT",
          detail: "The default is line. A step that looks at the ends of a text looks at those of "
            + "a document. Each comes out with a line feed behind it; with 'file' nothing is added."
        ),
        .value(
          "invalid-utf8", \.corpusOptions.invalidUTF8, .choice("HOW"),
          "what to do with bytes that are not UTF-8",
          detail: "bytes (default): they stay as they are; replace: U+FFFD stands for them; error: "
            + "stop and say where."),
        .optional(
          "jsonl-field", \.corpusOptions.jsonlField, .jsonField,
          "field of JSONL records with the text (default text)"),
        .optional(
          "output", short: "o", \.output, .path("FILE"), "write to a file instead of stdout"),
        .flag("force", short: "f", \.replaces, "replace the output if it is there"),
      ] + Option.common)
  }

  func validate() throws(UsageError) {
    if model != nil && (normalization != nil || unicode != nil) {
      throw .conflict("--model says all of it; it excludes --normalization and --unicode")
    }
    if inputs.filter({ $0 == Array("-".utf8) }).count > 1 {
      throw .conflict("'-' is given twice, but standard input can be read only once")
    }
  }

  func run(on console: Console) throws(Failure) {
    let compiled = try compiledNormalizer(console)
    let sources = try inputs.orStandardInput(console)
    let corpus = try Failure.mapping { () throws(CorpusError) in
      try Corpus(inputs: sources, options: corpusOptions)
    }
    var output = try CommandOutput(
      to: output, replaces: replaces, inputs: inputs, console: console)
    if showsChanges {
      var report = ChangeReport(compiled, corpusOptions)
      for source in corpus.apart { try report.write(source, to: &output) }
      try output.finish()
      console.note(report.summary)
      return
    }
    let writer = NormalizedWriter(compiled, corpusOptions)
    for source in corpus.apart { try writer.write(source, to: &output) }
    try output.finish()
  }

  private func compiledNormalizer(_ console: Console) throws(Failure) -> CompiledNormalizer {
    guard let model else {
      return try (normalization ?? .steps([.form(.nfc)])).compiled(unicode ?? .huggingFace)
    }
    let tokenizer = try ModelFile.load(model, console)
    do throws(TextPreparationError) {
      return try CompiledNormalizer(tokenizer.normalizer)
    } catch {
      throw Failure(.badData, "\(VisibleText.path(model)): \(error)")
    }
  }
}
