import Primitives
import Tokenization
import TokenizerTraining

/// `toktrain bpe`: learns a byte-level BPE vocabulary.
struct BPECommand: Command {
  var inputs: [[UInt8]] = []
  var output: [UInt8]?
  var replaces = false
  var vocabularySize = 32_000
  var mustReachSize = false
  var minimumFrequency = 2
  var maximumTokenLength: Int?
  var specialTokens: [[UInt8]] = []
  var initialAlphabet = Array(UInt8.min...UInt8.max)
  var alphabetLimit: Int?
  var tieBreak = BPETrainingOptions.TieBreak.pairIDs
  var pattern: PatternChoice?
  var patternText: String?
  var patternDialect: PatternDialect?
  var breaksWords = false
  var normalization: NormalizationChoice = .steps([.form(.nfc)])
  var unicode = UnicodeData.huggingFace
  var corpusOptions = CorpusOptions()
  var threads = Threads.available
  var isQuiet = false

  static var schema: Schema<BPECommand> {
    Schema(
      "bpe", "Learns a byte-level BPE vocabulary from text.",
      examples: [
        "toktrain bpe corpus.txt",
        "toktrain bpe -v 50000 --special-token '<|endoftext|>' texts/ more.txt.gz",
        "zstd -dc big.jsonl.zst | toktrain bpe --jsonl-field text - -o my-tokenizer",
      ],
      positionals: [
        .many(
          "INPUT", \.inputs, required: true,
          "text files, directories, '-' for standard input, or @LIST, a file that names one input "
            + "on each line; .gz, .zst and .jsonl are understood")
      ],
      options: vocabularyOptions + textOptions + outputOptions + Option.common,
      discussion: [
        "Writes tokenizer.json (for the tokenizers and transformers libraries), vocab.json, "
          + "merges.txt, tokenizer_config.json and training.json, which says what was trained "
          + "from what. The directory appears whole or not at all.",
        "Every choice of merges, ties included, is that of the tokenizers library, so the same "
          + "settings give the same vocabulary.",
      ])
  }

  private static var vocabularyOptions: [Option<BPECommand>] {
    [
      .value(
        "vocab-size", short: "v", \.vocabularySize, .number(1...Int(Int32.max)),
        "tokens in all (default 32000)",
        detail: "Special tokens and the alphabet count. If the corpus cannot give as many, the "
          + "run says how many it could make and writes those."),
      .flag("exact-size", \.mustReachSize, "fail if the corpus cannot give that many tokens"),
      .value(
        "min-frequency", \.minimumFrequency, .number(0...Int.max),
        "merge only pairs that occur this often (default 2)"),
      .optional(
        "max-token-length", \.maximumTokenLength, .number(1...Int(Int32.max)),
        "longest token, in bytes (default: no limit)"),
      .list(
        "special-token", short: "s", \.specialTokens, .utf8("TEXT"),
        "a token with a meaning of its own (repeatable)",
        detail: "They get the first ids, in this order. Where one occurs in the corpus, it ends "
          + "the text before it and is not counted."),
      .value(
        "initial-alphabet", \.initialAlphabet, .alphabet,
        "bytes that are tokens anyway: all, none or text:ABC",
        detail:
          "'all' (default): every byte, so that any text can be encoded; 'none': only bytes that "
          + "occur; 'text:ABC': the bytes of that text."),
      .optional(
        "limit-alphabet", \.alphabetLimit, .number(1...256),
        "keep only so many single bytes, the most frequent"),
      .value(
        "tie-break", \.tieBreak, .choice("RULE"), "which of two equally frequent pairs goes first",
        detail: "pair-ids (default): the smaller ids, as the tokenizers library has it; raw-bytes: "
          + "the smaller ids with bytes in their own order, as rustbpe; greatest-bytes: the pair "
          + "that is greater as text, as in teaching material."),
    ]
  }

  private static var textOptions: [Option<BPECommand>] {
    [
      .optional(
        "pattern", short: "p", \.pattern, .choice("NAME"),
        "how text is cut into words (default cl100k)",
        detail: "A named pattern means what its own library does with it; 'none' leaves a "
          + "document whole, 'whitespace' cuts at blanks."),
      .optional(
        "pattern-regex", \.patternText, .text("TEXT"), "a regular expression to cut by instead"),
      .optional(
        "pattern-dialect", \.patternDialect, .choice("NAME"),
        "whose regular expressions those are",
        detail: "huggingface (default): Oniguruma as the tokenizers library has it; tiktoken: "
          + "fancy-regex."),
      .flag(
        "word-breaks", \.breaksWords, "no token spans two words written without a space",
        detail:
          "Thai, Lao, Khmer, Burmese, Chinese and Japanese, by ICU's dictionaries. They bound "
          + "what is learned; the tokenizer does not contain them and cuts as it would without."),
      .value(
        "normalization", short: "n", \.normalization, .trainingNormalization,
        "what happens to text first (default nfc)",
        detail: "Several are joined by commas and go in that order: nfkc,lower. A normalizer as "
          + "tokenizer.json has it is taken too: '{\"type\": ...}'. With 'none' every byte string "
          + "comes back from decoding as it was."),
      .value(
        "unicode", \.unicode, .choice("DATA"), "whose characters normalization knows",
        detail: UnicodeHelp.detail),
      .value(
        "documents", \.corpusOptions.documents, .documents,
        "what no token can span: file, line, separator:TEXT",
        detail:
          "The default is file. A JSONL record is always a document. Use 'line' to compare with "
          + "the tokenizers library, which reads line by line."),
      .value(
        "invalid-utf8", \.corpusOptions.invalidUTF8, .choice("HOW"),
        "what to do with bytes that are not UTF-8",
        detail: "error (default): stop and say where; replace: take U+FFFD for them; bytes: learn "
          + "from them as they are."),
      .optional(
        "jsonl-field", \.corpusOptions.jsonlField, .jsonField,
        "JSONL field that holds the text (default text)",
        detail: "a.b names a field in a field. With this option standard input is JSONL too."),
    ]
  }

  private static var outputOptions: [Option<BPECommand>] {
    [
      .optional(
        "output", short: "o", \.output, .path("DIR"), "where to write (default Vocab/NAME-bpe)",
        detail: "NAME is that of the first input without its suffixes, or stdin."),
      .flag(
        "force", short: "f", \.replaces, "replace what toktrain wrote there before",
        detail: "Only an empty directory or one that toktrain wrote is ever replaced."),
    ]
  }

  func validate() throws(UsageError) {
    if pattern != nil && patternText != nil {
      throw .conflict("--pattern and --pattern-regex exclude each other; give one of them")
    }
    if patternDialect != nil && patternText == nil {
      throw .conflict("--pattern-dialect says how --pattern-regex is read; give that too")
    }
    if inputs.filter({ $0 == Array("-".utf8) }).count > 1 {
      throw .conflict("'-' is given twice, but standard input can be read only once")
    }
  }

  func run(on console: Console) throws(Failure) {
    let run = try trainingRun()
    let corpus = try Failure.mapping { () throws(CorpusError) in
      try Corpus(inputs: inputs, options: corpusOptions)
    }
    let place = output ?? Array("Vocab/\(corpus.name)-bpe".utf8)
    // Made before the training: a place that cannot be written must not cost a run.
    let directory = try Failure.mapping { () throws(FileError) in
      try AtomicDirectory(
        at: place, existing: replaces ? .replaced(TrainedBPE.signature) : .refused)
    }
    console.showProgress()
    let trained = try Failure.mapping { () throws(TrainingRunError) in
      try run.train(on: corpus, progress: TrainingProgress(on: console.progress))
    }
    console.endProgress()
    let shortage = try shortage(of: trained)
    try Failure.mapping { () throws(TrainingRunError) in try trained.write(to: directory) }
    if let shortage { console.note("note: \(shortage); these were written") }
    noteSummary(trained.summary, console)
    try printResult(trained, at: place, console)
  }

  private func trainingRun() throws(Failure) -> BPETrainingRun {
    var options = BPETrainingRun.Options()
    options.training.vocabularySize = vocabularySize
    options.training.minimumFrequency = UInt64(minimumFrequency)
    options.training.maximumTokenLength = maximumTokenLength
    options.training.specialTokens = specialTokens
    options.training.initialAlphabet = initialAlphabet
    options.training.alphabetLimit = alphabetLimit
    options.training.tieBreak = tieBreak
    options.breaksWords = breaksWords
    options.normalizer = try normalizer()
    options.threads = threads
    if let patternText {
      options.pattern = SplitPattern(patternText, dialect: patternDialect ?? .huggingFace)
    } else if let pattern {
      options.pattern = pattern.splitPattern
    }
    let run = try Failure.mapping { () throws(TrainingRunError) in try BPETrainingRun(options) }
    if let pattern = options.pattern, pattern.huggingFaceText == nil {
      // Found here, not when the files are written and the training is done.
      throw UsageError.conflict(
        "--pattern-regex: tokenizer.json can carry no pattern that means the same; "
          + "write it for --pattern-dialect huggingface"
      ).failure
    }
    return run
  }

  private func normalizer() throws(Failure) -> Normalizer {
    let normalizer = try normalization.normalizer(unicode)
    do throws(UsageError) {
      if normalizer.steps.contains(.byteLevel) {
        throw .conflict("--normalization: bpe spells bytes by itself; leave byte-level out")
      }
      do throws(FormatError) {
        try HuggingFaceNormalizer.check(normalizer)
      } catch {
        // Found here, not when the files are written and the training is done.
        throw .conflict("--normalization: \(error)")
      }
    } catch {
      throw error.failure
    }
    return normalizer
  }

  /// What there is to say if the corpus gave fewer tokens than were asked for.
  private func shortage(of trained: TrainedBPE) throws(Failure) -> String? {
    guard trained.tokenCount < vocabularySize else { return nil }
    let made = Figures.grouped(trained.tokenCount)
    let shortage = "the corpus gives \(made) tokens, not \(Figures.grouped(vocabularySize))"
    if mustReachSize {
      throw Failure(
        .badData,
        "\(shortage); give more text, --vocab-size \(trained.tokenCount), or no --exact-size",
        tip: minimumFrequency > 1 ? "--min-frequency 1 merges also what occurs once" : nil)
    }
    return shortage
  }

  private func noteSummary(_ summary: CorpusSummary, _ console: Console) {
    console.note(
      "read: \(Figures.counted(summary.files, "file")), "
        + "\(Figures.counted(summary.bytes, "byte")), "
        + "\(Figures.counted(summary.documents, "document")), "
        + "\(Figures.counted(summary.preTokens, "word")) "
        + "(\(Figures.grouped(summary.distinctPreTokens)) distinct)")
    let illFormed = Figures.counted(summary.illFormedSequences, "sequence")
    let fate = corpusOptions.invalidUTF8 == .bytes ? "kept" : "replaced"
    console.note(
      "not counted as words: \(Figures.counted(summary.specialTokens, "special token")); "
        + "\(illFormed) of bytes not UTF-8 \(fate)")
  }

  private func printResult(
    _ trained: TrainedBPE, at place: [UInt8], _ console: Console
  ) throws(Failure) {
    let shown = VisibleText.path(place)
    try console.print("wrote \(shown)")
    var size = "\(Figures.counted(trained.tokenCount, "token"))"
    if let density = trained.bytesPerToken {
      size += ", \(Figures.decimal(density, places: 2)) bytes per token of this corpus"
    }
    try console.print(size)
    try console.print("next: echo 'some text' | toktrain encode \(shown) --tokens")
  }
}

/// Names that `--pattern` takes.
enum PatternChoice: String, CaseIterable {
  case gpt2, cl100k, o200k, llama3, qwen2, none, whitespace

  /// `nil` leaves documents whole.
  var splitPattern: SplitPattern? { NamedPattern(rawValue: rawValue)?.pattern }
}

extension ValueKind where Value == [UInt8] {
  /// `all`, `none` or `text:ABC`, as ascending bytes.
  static var alphabet: ValueKind {
    ValueKind(
      "WHAT", expected: "all, none or text:ABC", choices: ["all", "none", "text:"]
    ) { word in
      if word.bytes == Array("all".utf8) { return Array(UInt8.min...UInt8.max) }
      if word.bytes == Array("none".utf8) { return [] }
      let prefix = Array("text:".utf8)
      guard word.bytes.starts(with: prefix), word.bytes.count > prefix.count else { return nil }
      return Set(word.bytes[prefix.count...]).sorted()
    }
  }
}
