import Primitives
import Tokenization
import TokenizerTraining

/// A verb that trains: its own options and what it makes of them; the rest is the same for all.
protocol TrainerCommand: Command {
  /// Ends the name of the directory that is written where no other is named.
  var family: String { get }
  var choices: TrainerChoices { get set }
  /// What holds where nothing is asked.
  var standards: TrainerStandards { get }
  /// - Throws: for options that cannot be, before anything is read.
  func trainingRun() throws(Failure) -> any TrainingRun
}

/// What a trainer does where nothing else is asked.
struct TrainerStandards {
  var vocabularySize: Int
  var normalization: [Normalizer.Step]
  var documents: DocumentBoundary
}

/// What all trainers can be asked for; `nil`: the trainer's standard.
struct TrainerChoices {
  var inputs: [[UInt8]] = []
  var output: [UInt8]?
  var replaces = false
  /// Where to say how the run went.
  var report: [UInt8]?
  var vocabularySize: Int?
  /// Several vocabularies from one run.
  var vocabularySizes: [Int]?
  var mustReachSize = false
  var minimumFrequency = 2
  var specialTokens: [[UInt8]] = []
  var normalization: NormalizationChoice?
  var unicode = UnicodeData.huggingFace
  var documents: DocumentBoundary?
  var invalidUTF8 = InvalidUTF8Policy.error
  var jsonlField: [String]?

  func validate() throws(UsageError) {
    if inputs.filter({ $0 == Array("-".utf8) }).count > 1 {
      throw .conflict("'-' is given twice, but standard input can be read only once")
    }
    if vocabularySize != nil && vocabularySizes != nil {
      throw .conflict("--vocab-size and --vocab-sizes exclude each other; give one of them")
    }
  }

  /// The normalizer, if `tokenizer.json` can hold it.
  func normalizer(_ standard: [Normalizer.Step]) throws(Failure) -> Normalizer {
    let normalizer = try (normalization ?? .steps(standard)).normalizer(unicode)
    do throws(FormatError) {
      try HuggingFaceNormalizer.check(normalizer)
    } catch {
      // Found here, not when the files are written and the training is done.
      throw UsageError.conflict("--normalization: \(error)").failure
    }
    return normalizer
  }
}

extension TrainerCommand {
  func validate() throws(UsageError) { try choices.validate() }

  /// Tokens that are asked for, of several vocabularies those of the largest.
  var vocabularySize: Int {
    choices.vocabularySizes?.max() ?? choices.vocabularySize ?? standards.vocabularySize
  }

  private var corpusOptions: CorpusOptions {
    var options = CorpusOptions()
    options.documents = choices.documents ?? standards.documents
    options.invalidUTF8 = choices.invalidUTF8
    options.jsonlField = choices.jsonlField
    return options
  }

  func run(on console: Console) throws(Failure) {
    let run = try trainingRun()
    let corpus = try Failure.mapping { () throws(CorpusError) in
      try Corpus(inputs: choices.inputs, options: corpusOptions)
    }
    let place = choices.output ?? Array("Vocab/\(corpus.name)-\(family)".utf8)
    let sizes = choices.vocabularySizes ?? [vocabularySize]
    let places = choices.vocabularySizes?.map { place + Array("-\($0)".utf8) } ?? [place]
    // Made before the training: a place that cannot be written must not cost a run.
    var directories: [OutputDirectory] = []
    for place in places {
      directories.append(try OutputDirectory(at: place, replaces: choices.replaces))
    }
    var report = try choices.report.map { path throws(Failure) in
      try CommandOutput(
        to: path, replaces: choices.replaces, inputs: choices.inputs, console: console)
    }
    let clock = PhaseClock("starting")
    console.showProgress()
    let line = TrainingProgress(on: console.progress)
    let trained = try Failure.mapping { () throws(TrainingRunError) in
      try run.train(
        on: corpus, sizes: sizes,
        progress: TrainingProgress { phase, done, total in
          clock.enter(phase.rawValue)
          line.report(phase, done, total)
        })
    }
    console.endProgress()
    clock.enter("writing")
    var shortages: [String] = []
    for (trained, size) in zip(trained, sizes) {
      if let shortage = try shortage(of: trained, size) { shortages.append(shortage) }
    }
    for (trained, directory) in zip(trained, directories) {
      try Failure.mapping { () throws(TrainingRunError) in
        try trained.write(to: directory.directory)
      }
    }
    try report?.write(
      TrainingReport(
        of: trained, phases: clock.phases, threads: threads, peakMemory: PhaseClock.peakMemory
      ).bytes)
    try report?.finish()
    for shortage in shortages { console.note("note: \(shortage); these were written") }
    if let last = trained.last {
      noteSummary(last, console)
      noteSkipped(last, console)
    }
    for (trained, place) in zip(trained, places) { try printResult(trained, at: place, console) }
    if let last = places.last {
      try console.print(
        "next: echo 'some text' | toktrain encode \(VisibleText.path(last)) --tokens")
    }
  }

  /// What there is to say if the corpus gave fewer tokens than were asked for.
  private func shortage(of trained: TrainedTokenizer, _ asked: Int) throws(Failure) -> String? {
    guard trained.tokenCount < asked else { return nil }
    let made = Figures.grouped(trained.tokenCount)
    let shortage = "the corpus gives \(made) tokens, not \(Figures.grouped(asked))"
    if choices.mustReachSize {
      throw Failure(
        .badData,
        "\(shortage); give more text, --vocab-size \(trained.tokenCount), or no --exact-size",
        tip: choices.minimumFrequency > 1
          ? "--min-frequency 1 merges also what occurs once" : nil)
    }
    return shortage
  }

  private func noteSummary(_ trained: TrainedTokenizer, _ console: Console) {
    let summary = trained.summary
    console.note(
      "read: \(Figures.counted(summary.files, "file")), "
        + "\(Figures.counted(summary.bytes, "byte")), "
        + "\(Figures.counted(summary.documents, "document")), "
        + "\(Figures.counted(summary.preTokens, "word")) "
        + "(\(Figures.grouped(summary.distinctPreTokens)) distinct)")
    let illFormed = Figures.counted(summary.illFormedSequences, "sequence")
    let fate = choices.invalidUTF8 == .bytes ? "kept" : "replaced"
    console.note(
      "not counted as words: \(Figures.counted(summary.specialTokens, "special token")); "
        + "\(illFormed) of bytes not UTF-8 \(fate)")
    if summary.sample.documents > 0 {
      console.note(
        "drawn: \(Figures.counted(summary.sample.documents, "document")), "
          + "\(Figures.counted(summary.sample.bytes, "byte")); "
          + "not drawn: \(Figures.counted(summary.sample.leftOut, "document"))")
    }
    if trained.droppedSymbols > 0 {
      console.note(
        "left out of words by --limit-alphabet: "
          + "\(Figures.grouped(trained.droppedSymbols)) occurrences")
    }
  }

  /// What was left out of sentences, where sentences are what is counted.
  private func noteSkipped(_ trained: TrainedTokenizer, _ console: Console) {
    let skipped = trained.summary.skippedSentences
    if skipped != SkippedSentences() {
      console.note(
        "left out: \(Figures.counted(skipped.tooLong, "line")) too long, "
          + "\(Figures.counted(skipped.withReservedCharacter, "line")) with U+2585")
    }
    if case .sentencePiece(let normalization) = trained.tokenizer.normalizer.steps.first,
      normalization.putsSpacesBehindWords
    {
      console.note("note: tokenizer.json is not written: it cannot say that blanks end words")
    }
    if let rare = trained.leftOutCharacters, rare.characters > 0 {
      console.note(
        "without a piece: \(Figures.counted(rare.characters, "rare character")), "
          + "\(Figures.counted(rare.occurrences, "occurrence"))")
    }
  }

  private func printResult(
    _ trained: TrainedTokenizer, at place: [UInt8], _ console: Console
  ) throws(Failure) {
    let shown = VisibleText.path(place)
    try console.print("wrote \(shown)")
    var size = "\(Figures.counted(trained.tokenCount, "token"))"
    if let density = trained.bytesPerToken {
      size += ", \(Figures.decimal(density, places: 2)) bytes per token of this corpus"
    }
    try console.print(size)
  }
}

/// A directory to come, which lists can hold.
private final class OutputDirectory {
  let directory: AtomicDirectory

  init(at place: [UInt8], replaces: Bool) throws(Failure) {
    directory = try Failure.mapping { () throws(FileError) in
      try AtomicDirectory(
        at: place, existing: replaces ? .replaced(TrainedTokenizer.signature) : .refused)
    }
  }
}

extension ValueKind where Value == [Int] {
  /// Different numbers of tokens, joined by commas; k is a thousand.
  fileprivate static var sizes: ValueKind {
    ValueKind("LIST", expected: "different numbers of tokens joined by commas: 8k,16k,32000") {
      word in
      var sizes: [Int] = []
      for part in (word.text ?? "").split(separator: ",", omittingEmptySubsequences: false) {
        let isThousands = part.hasSuffix("k")
        let digits = isThousands ? part.dropLast() : part
        guard digits.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(digits),
          number > 0, number <= Int(Int32.max) / (isThousands ? 1000 : 1)
        else { return nil }
        let size = isThousands ? 1000 * number : number
        if sizes.contains(size) { return nil }
        sizes.append(size)
      }
      return sizes
    }
  }
}

extension Positional where C: TrainerCommand {
  static var corpus: Positional {
    .many(
      "INPUT", \.choices.inputs, required: true,
      "text files, directories, '-' for standard input, or @LIST, a file that names one input "
        + "on each line; .gz, .zst and .jsonl are understood")
  }
}

extension Option where C: TrainerCommand {
  /// How many tokens, `standard` if nothing is said, and from which counts on.
  ///
  /// - Parameter mustReachSize: whether fewer are an error anyway.
  static func size(
    _ standard: Int, countedToo: String, mustReachSize: Bool = false
  ) -> [Option] {
    let shortage =
      mustReachSize
      ? "the run ends and says how many it can."
      : "the run says how many it could make and writes those."
    let options: [Option] = [
      .optional(
        "vocab-size", short: "v", \.choices.vocabularySize, .number(1...Int(Int32.max)),
        "tokens in all (default \(standard))",
        detail: "Special tokens and \(countedToo) count. If the corpus cannot give as many, "
          + shortage),
      .optional(
        "vocab-sizes", \.choices.vocabularySizes, .sizes,
        "several vocabularies from one run: 8k,16k,32k",
        detail: "Each is what a run of its own would give, in a directory whose name ends with "
          + "the number."
      ).detailed,
      .flag(
        "exact-size", \.choices.mustReachSize,
        "fail if the corpus cannot give that many tokens"),
    ]
    return mustReachSize ? Array(options.dropLast()) : options
  }

  static var minimumFrequency: Option {
    .value(
      "min-frequency", \.choices.minimumFrequency, .number(0...Int.max),
      "merge only pairs that occur this often (default 2)")
  }

  static func specialToken(_ order: String) -> Option {
    .list(
      "special-token", short: "s", \.choices.specialTokens, .utf8("TEXT"),
      "a token with a meaning of its own (repeatable)",
      detail: "\(order) Where one occurs in the corpus, it ends the text before it and is not "
        + "counted.")
  }

  static func normalization(_ standard: String, detail: String) -> [Option] {
    [
      .optional(
        "normalization", short: "n", \.choices.normalization, .normalization,
        "what happens to text first (default \(standard))",
        detail: "Several are joined by commas and go in that order: nfkc,lower. A normalizer as "
          + "tokenizer.json has it is taken too: '{\"type\": ...}'. \(detail)"),
      .value(
        "unicode", \.choices.unicode, .choice("DATA"), "whose characters normalization knows",
        detail: UnicodeHelp.detail),
    ]
  }

  /// How the corpus is read. `policies`: those for bytes that are not UTF-8.
  static func reading(documents standard: String, policies: [InvalidUTF8Policy]) -> [Option] {
    let kept = policies.contains(.bytes) ? "; bytes: learn from them as they are." : "."
    return [
      .optional(
        "documents", \.choices.documents, .documents,
        "what no token can span: file, line, separator:TEXT",
        detail: "The default is \(standard). A JSONL record is always a document. Use 'line' to "
          + "compare with the tokenizers library, which reads line by line."),
      .value(
        "invalid-utf8", \.choices.invalidUTF8,
        .choice("HOW", policies.map { ($0.rawValue, $0) }),
        "what to do with bytes that are not UTF-8",
        detail: "error (default): stop and say where; replace: take U+FFFD for them\(kept)"),
      .optional(
        "jsonl-field", \.choices.jsonlField, .jsonField,
        "JSONL field that holds the text (default text)",
        detail: "a.b names a field in a field. With this option standard input is JSONL too."),
    ]
  }

  /// - Parameter family: what ends the name of the directory.
  static func output(_ family: String) -> [Option] {
    [
      .optional(
        "output", short: "o", \.choices.output, .path("DIR"),
        "where to write (default Vocab/NAME-\(family))",
        detail: "NAME is that of the first input without its suffixes, or stdin."),
      .flag(
        "force", short: "f", \.choices.replaces, "replace what toktrain wrote there before",
        detail: "Only an empty directory or one that toktrain wrote is ever replaced."),
      .optional(
        "report", \.choices.report, .path("FILE"), "say as JSON how the run went",
        detail: "How long each part took, the peak of memory, and of unigram the loss of each "
          + "round."
      ).detailed,
    ]
  }
}
