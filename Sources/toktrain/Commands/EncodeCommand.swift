import Primitives
import Tokenization
import TokenizerTraining

/// `toktrain encode`: text to token ids.
struct EncodeCommand: Command {
  var model: [UInt8] = []
  var inputs: [[UInt8]] = []
  var pairedInput: [UInt8]?
  var output: [UInt8]?
  var replaces = false
  var corpusOptions = CorpusOptions()
  var showsTokens = false
  var showsOffsets = false
  var writesJSON = false
  var binaryWidth: BinaryWidth?
  var separator: [UInt8]?
  var index: [UInt8]?
  var addsSpecialTokens = false
  var allowedSpecialTokens: [[UInt8]] = []
  var otherSpecialTokens = EncodingOptions.OtherSpecialTokens.text
  var offsetUnit = OffsetUnit.bytes
  var lengths = LengthChoices()
  var sampling: SamplingChoice?
  var dropout: Double?
  var seed: UInt64 = 0
  var segmentationCount: Int?
  var entropyAlpha: Double?
  var showsFigures = false
  var pattern: NamedPattern?
  var threads = Threads.available
  var isQuiet = false

  init() {
    corpusOptions.documents = .line
    corpusOptions.invalidUTF8 = .bytes
  }

  static var schema: Schema<EncodeCommand> {
    Schema(
      "encode", "Turns text into token ids, one line of ids for each document.",
      examples: [
        "echo 'Hello, world' | toktrain encode Vocab/corpus-bpe",
        "toktrain encode Vocab/corpus-bpe --tokens --offsets book.txt",
        "toktrain encode Vocab/corpus-bpe --binary u16 -o train.bin texts/",
        "toktrain encode Vocab/corpus-bpe -o train.npy --index begins.npy texts/",
        "toktrain encode Vocab/corpus-wordpiece a.txt --pair b.txt --add-special -j",
      ],
      positionals: [
        .one("MODEL", \.model, "a directory that toktrain wrote, or a tokenizer file"),
        .many(
          "FILE", \.inputs, required: false,
          "text to encode; '-' or nothing: standard input; .gz, .zst and .jsonl are understood"),
      ],
      options: [
        .value(
          "documents", \.corpusOptions.documents, .documents,
          "what a document is: line, file or separator:TEXT",
          detail:
            "The default is line. The end of the line and the separator belong to no document."),
        .optional(
          "jsonl-field", \.corpusOptions.jsonlField, .jsonField,
          "field of JSONL records with the text (default text)"),
        .optional(
          "pair", \.pairedInput, .path("FILE"),
          "encode each document together with that of the same number in FILE",
          detail: "As a pair of texts, such as a question and its answer: the model says how they "
            + "stand together. FILE has as many documents, in the same form. Offsets are those of "
            + "the text that a token is from."),
        .flag(
          "tokens", short: "t", \.showsTokens, "show tokens instead of ids",
          detail: "Blanks show as \u{2423}, what cannot be seen as \\n, \\u{200B} or \\xE2."),
        .flag(
          "offsets", \.showsOffsets, "add where in the document each token stands: START-END",
          detail: "In the text as it was given, END excluded."),
        .value(
          "offset-units", \.offsetUnit, .choice("UNIT"), "what offsets count (default bytes)",
          detail: "scalars: code points, as in Python; utf16: as in JavaScript and NSString. A "
            + "byte that is no UTF-8 counts as the U+FFFD that is read in its place."
        ).detailed,
        .flag(
          "json", short: "j", \.writesJSON, "a JSON object for each document, with all of it",
          detail: "'ids'; 'tokens' as tokenizer.json spells them; 'offsets'; 'type_ids', that "
            + "tell the texts of a pair apart as the model was taught; 'sequence_ids', that tell "
            + "them apart as 0 and 1; 'word_ids'; 'special_tokens_mask'; 'attention_mask', 0 for "
            + "padding."),
      ] + Option.ofPacking + [
        .flag(
          "add-special", \.addsSpecialTokens,
          "add the special tokens that the model puts around"),
        .list(
          "allow-special", \.allowedSpecialTokens, .utf8("TOKEN"),
          "take this special token, or all, from the text",
          detail:
            "Repeatable. Otherwise the text of a special token is text like any other, which the "
            + "model cuts: its id comes of it only where the vocabulary has it as text, too; see "
            + "--special error. Words that were added to a model without being special are "
            + "always taken."),
        .value(
          "special", \.otherSpecialTokens, .choice("WHAT"),
          "what other special tokens in the text are (default text)",
          detail: "error: the first one ends it, named with its document and byte."
        ).detailed,
      ] + lengthOptions + [
        .flag(
          "stats", \.showsFigures, "say on stderr how long loading and encoding took",
          detail: "Encoding alone: reading, finding documents and writing are not in it. Give a "
            + "text twice to see how fast it is with full caches."),
        .optional(
          "output", short: "o", \.output, .path("FILE"), "write to a file instead of stdout"),
        .flag("force", short: "f", \.replaces, "replace the output if it is there"),
        .rankPattern(\.pattern),
      ] + Option.ofSampling + Option.common)
  }

  func validate() throws(UsageError) {
    try validatePacking()
    try lengths.validate()
    try validateSampling()
    let sources = inputs + (pairedInput.map { [$0] } ?? [])
    if sources.filter({ $0 == Array("-".utf8) }).count > 1 {
      throw .conflict("'-' is given twice, but standard input can be read only once")
    }
  }

  func run(on console: Console) throws(Failure) {
    let start = ContinuousClock.now
    let tokenizer = try ModelFile.load(model, pattern: pattern, console)
    let sources = try inputs.orStandardInput(console)
    let corpus = try Failure.mapping { () throws(CorpusError) in
      try Corpus(inputs: sources, options: corpusOptions)
    }
    var output = try commandOutput(to: output, console)
    let compiled = try Failure.mapping(of: model) { () throws(TokenizerError) in
      try CompiledTokenizer(tokenizer)
    }
    if showsSegmentations {
      try writeSegmentations(of: corpus, by: compiled, to: &output)
      return try output.finish()
    }
    let form = try encodedForm(of: tokenizer)
    let options = try encodingOptions(of: tokenizer)
    let encoder = try Failure.mapping(of: model) { () throws(TokenizerError) in
      try BatchEncoder(compiled, options: options, form: form, threads: threads)
    }
    let loading = (ContinuousClock.now - start) / .seconds(1)
    if !output.isStandard { console.showProgress() }
    let progress = EncodingProgress(console.progress, of: corpus)
    let width = packedWidth(of: tokenizer)
    var packed = try PackedOutput(
      output, type: width.numpyType, width: width.size, isNumpy: PackedOutput.isNumpy(self.output))
    var index = try index.map { (path) throws(Failure) in
      try PackedIndex(commandOutput(to: path, console), isNumpy: PackedOutput.isNumpy(path))
    }
    let reader = try jobs(of: corpus)
    var jobs: [BatchEncoder.Job] = []
    while true {
      let job = try Failure.mapping { () throws(CorpusError) in try reader.next() }
      if let job { jobs.append(job) }
      // Who waits for an answer gets what there is.
      let isWaiting = job != nil && reader.inputIsWaiting
      guard jobs.count == encoder.width || job == nil || isWaiting else { continue }
      for batch in try encoder.encode(jobs) {
        let before = packed.byteCount
        try packed.write(batch.bytes)
        try index?.append(ends: batch.ends.lazy.map { (before + $0) / width.size })
      }
      jobs.removeAll(keepingCapacity: true)
      progress.report(encoder.figures)
      if isWaiting { try packed.flush() }
      if job == nil { break }
    }
    for document in try encoder.finish() {
      let before = packed.byteCount
      try packed.write(document.bytes)
      try index?.append(ends: document.ends.lazy.map { (before + $0) / width.size })
    }
    // The ids last: where they are, the index is, too.
    try index?.finish()
    try packed.finish()
    console.endProgress()
    if showsFigures {
      for line in encoder.figures.lines(loadedIn: loading, threads: encoder.width) {
        console.note(line, wasAskedFor: true)
      }
    }
  }

  /// Documents of the input, with their partners if there are any.
  private enum Jobs {
    case single(DocumentReader)
    case pairs(PairReader)

    func next() throws(CorpusError) -> BatchEncoder.Job? {
      switch self {
      case .single(let reader):
        try reader.nextBatch().map { BatchEncoder.Job(documents: $0) }
      case .pairs(let reader):
        try reader.nextBatch().map { BatchEncoder.Job(documents: $0.first, partners: $0.second) }
      }
    }

    var inputIsWaiting: Bool {
      switch self {
      case .single(let reader): reader.inputIsWaiting
      case .pairs(let reader): reader.inputIsWaiting
      }
    }
  }

  private func jobs(of corpus: Corpus) throws(Failure) -> Jobs {
    guard let pairedInput else { return .single(DocumentReader(corpus)) }
    return .pairs(
      PairReader(
        corpus,
        try Failure.mapping { () throws(CorpusError) in
          try Corpus(inputs: [pairedInput], options: corpusOptions)
        }))
  }

  private func commandOutput(
    to path: [UInt8]?, _ console: Console
  ) throws(Failure) -> CommandOutput {
    try CommandOutput(
      to: path, replaces: replaces, inputs: inputs + (pairedInput.map { [$0] } ?? []),
      console: console)
  }

  private func encodedForm(of tokenizer: Tokenizer) throws(Failure) -> EncodedForm {
    if isPacked {
      return .binary(packedWidth(of: tokenizer), separator: try separatorID(of: tokenizer))
    }
    return writesJSON ? .json : .line(tokens: showsTokens, offsets: showsOffsets)
  }

  func encodingOptions(of tokenizer: Tokenizer) throws(Failure) -> EncodingOptions {
    var options = EncodingOptions()
    options.addsSpecialTokens = addsSpecialTokens
    options.otherSpecialTokens = otherSpecialTokens
    options.offsetUnit = offsetUnit
    try lengths.apply(to: &options, of: tokenizer)
    options.sampling = chosenSampling
    if allowedSpecialTokens.contains(Array("all".utf8)) {
      options.allowedSpecialTokens = .all
    } else if !allowedSpecialTokens.isEmpty {
      options.allowedSpecialTokens = .named(allowedSpecialTokens)
    }
    return options
  }
}

/// Width of the numbers that `--binary` writes.
enum BinaryWidth: String, CaseIterable {
  case u16, u32
}
