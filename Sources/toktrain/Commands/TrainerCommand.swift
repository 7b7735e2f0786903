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
  /// What would give more tokens than the corpus does.
  var shortageTip: String? { get }
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
  /// Counts to learn from in their place.
  var counts: [UInt8]?
  var output: [UInt8]?
  var replaces = false
  /// Where to say how the run went.
  var report: [UInt8]?
  var vocabularySize: Int?
  /// Several vocabularies from one run.
  var vocabularySizes: [Int]?
  var mustReachSize = false
  /// `nil`: 2.
  var minimumFrequency: Int?
  var specialTokens: [[UInt8]] = []
  var normalization: NormalizationChoice?
  var unicode = UnicodeData.huggingFace
  var documents: DocumentBoundary?
  var invalidUTF8 = InvalidUTF8Policy.error
  var jsonlField: [String]?
  var sampleSize: DocumentSample.Size?
  var sampleSeed: Int?
  var weights: [SourceWeight] = []
  /// Bytes of memory to do with.
  var memory: Int?
  /// Words that occur less often are left out.
  var leastWordCount: Int?

  var leastFrequency: Int { minimumFrequency ?? 2 }

  var sample: DocumentSample? {
    sampleSize.map { DocumentSample($0, seed: UInt64(sampleSeed ?? 0)) }
  }

  /// - Parameter verb: names the command in errors.
  func validate(_ verb: String) throws(UsageError) {
    if inputs.isEmpty && counts == nil { throw .missingArgument("INPUT", verb: verb) }
    if !inputs.isEmpty && counts != nil {
      throw .conflict("INPUT and --counts exclude each other; give one of them")
    }
    if inputs.filter({ $0 == Array("-".utf8) }).count > 1 {
      throw .conflict("'-' is given twice, but standard input can be read only once")
    }
    if sampleSeed != nil && sampleSize == nil {
      throw .conflict("--seed says what --sample draws; give that too")
    }
    if sampleSize != nil && !weights.isEmpty {
      throw .conflict(
        "--sample draws documents and --weight counts them more often; give one of them")
    }
    if counts != nil && (sampleSize != nil || !weights.isEmpty) {
      throw .conflict(
        "--counts are there already: --sample and --weight are for toktrain count; leave them out")
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
  var shortageTip: String? {
    choices.leastFrequency > 1 ? "--min-frequency 1 merges also what occurs once" : nil
  }

  func validate() throws(UsageError) { try choices.validate(Self.schema.verb) }

  /// Tokens that are asked for, of several vocabularies those of the largest.
  var vocabularySize: Int {
    choices.vocabularySizes?.max() ?? choices.vocabularySize ?? standards.vocabularySize
  }

  var corpusOptions: CorpusOptions {
    var options = CorpusOptions()
    // Of files as documents a sample would be one file or another.
    options.documents =
      choices.documents ?? (choices.sampleSize == nil ? standards.documents : .line)
    options.invalidUTF8 = choices.invalidUTF8
    options.jsonlField = choices.jsonlField
    options.weights = choices.weights
    return options
  }

  func run(on console: Console) throws(Failure) {
    let run = try trainingRun()
    let source = try TrainingSource(choices, corpusOptions)
    let place = choices.output ?? Array("Vocab/\(source.name)-\(family)".utf8)
    let bounds = TrainingBounds(
      memory: choices.memory, leastWordCount: choices.leastWordCount, neighbor: place)
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
    let trained = try source.train(
      run, sizes: sizes, within: bounds, threads: threads, on: console,
      progress: TrainingProgress { phase, done, total in
        clock.enter(phase.rawValue)
        line.report(phase, done, total)
      })
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
      noteMissing(last, console)
      noteLeftOut(last, console)
    }
    for (trained, place) in zip(trained, places) {
      noteLearning(trained, console)
      try printResult(trained, at: place, console)
    }
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
        tip: shortageTip)
    }
    return shortage
  }

  /// What was read, and what of it was drawn, weighed or left out.
  func noteReading(_ summary: CorpusSummary, _ console: Console) {
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
    if summary.weightedBytes != summary.bytes {
      console.note(
        "weighed: as if there were \(Figures.counted(summary.weightedBytes, "byte")) of text")
    }
    let skipped = summary.skippedSentences
    if skipped != SkippedSentences() {
      console.note(
        "left out: \(Figures.counted(skipped.tooLong, "line")) too long, "
          + "\(Figures.counted(skipped.withReservedCharacter, "line")) with U+2585")
    }
  }

  private func noteSummary(_ trained: TrainedTokenizer, _ console: Console) {
    let summary = trained.summary
    noteReading(summary, console)
    if let floor = summary.floor {
      let share = 100 * Double(floor.lostOccurrences) / Double(max(1, summary.preTokens))
      console.note(
        "left out by --min-word-count: \(Figures.counted(floor.lostWords, "distinct word")), "
          + "\(Figures.counted(floor.lostOccurrences, "occurrence")) "
          + "(\(Figures.decimal(share, places: 2)) % of all)")
    }
    if trained.droppedSymbols > 0 {
      console.note(
        "left out of words by --limit-alphabet: "
          + "\(Figures.grouped(trained.droppedSymbols)) occurrences")
    }
  }

  /// What is without a file or a piece, where sentences are what is counted.
  private func noteMissing(_ trained: TrainedTokenizer, _ console: Console) {
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

  /// Words that were not learned from, where a trainer leaves some out.
  private func noteLeftOut(_ trained: TrainedTokenizer, _ console: Console) {
    guard let learning = trained.wordPiece, let words = learning.leftOut else { return }
    console.note(
      "not learned from: \(Figures.counted(words.tooLong, "word")) too long, "
        + "\(Figures.counted(words.unspelled, "word")) with a character that has no token"
        + (words.tooRare > 0 ? ", \(Figures.counted(words.tooRare, "word")) too rare" : ""))
  }

  /// What a trainer found out by itself.
  private func noteLearning(_ trained: TrainedTokenizer, _ console: Console) {
    guard let learning = trained.wordPiece else { return }
    if let threshold = learning.threshold {
      console.note("threshold: \(Figures.grouped(threshold)) occurrences")
    }
    guard let minimum = learning.minimumPairCount else { return }
    console.note("minimum pair count: \(Figures.grouped(minimum))")
    if learning.minimumIsLow {
      console.note(
        "warning: more than twice that minimum would still fill the vocabulary; so low, likelihood "
          + "prefers the rarest words; leave --min-pair-count out to have the highest")
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
