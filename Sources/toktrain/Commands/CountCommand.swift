import Primitives
import Tokenization
import TokenizerTraining

/// `toktrain count`: counts the words of a corpus for a trainer, or adds up what was counted before.
struct CountCommand: CountingCommand {
  enum Form: String, CaseIterable {
    case counts, tsv
  }

  var trainer = CountedTrainer.bpe
  var form = Form.counts
  var merges = false
  var resumes = false
  var choices = TrainerChoices()
  var pieces = SentencePieceChoices()
  var cuts = CuttingChoices()
  var threads = Threads.available
  var isQuiet = false

  static var schema: Schema<CountCommand> {
    Schema(
      "count", "Counts the words of text, to train from later or elsewhere.",
      examples: [
        "toktrain count corpus.txt -o corpus.counts",
        "toktrain count --for unigram texts/ -o texts.counts",
        "toktrain count --merge one.counts two.counts -o both.counts",
        "toktrain bpe --counts both.counts",
      ],
      positionals: [.corpus],
      options: [
        .trainer("whose words", detail: ", and training needs the same."),
        .flag(
          "merge", \.merges, "add up files that count wrote",
          detail: "They must have been counted alike; if not, it says what differs."),
        .optional(
          "output", short: "o", \.choices.output, .path("FILE"),
          "where to write (default NAME-TRAINER.counts)"),
        .value(
          "to", \.form, .choice("FORM"), "what to write: counts or tsv",
          detail: "tsv: a word, a tab, its count, and for unigram a tab and how often it ended a "
            + "sentence. It does not say how it was counted."),
        .flag("force", short: "f", \.choices.replaces, "replace a file that is there"),
        .maximumMemory,
        .flag(
          "resume", \.resumes, "go on where an earlier run was ended",
          detail: "What was counted stands in a folder beside the output, its name with .runs: "
            + "with --max-memory what had no room, and with --resume each 4 GB of text of a thread. The "
            + "files must not have changed; the result is that of a run that was never ended."),
      ] + Option.countedText + Option.common,
      discussion: [
        "Training from counts gives what training from the text gives, byte for byte. Counts take a "
          + "small part of the text's size and can be made on many machines: add them up with "
          + "--merge."
      ])
  }

  func validate() throws(UsageError) {
    if merges && form == .tsv { throw .conflict("--merge writes counts; leave --to tsv out") }
    let isBounded = choices.memory != nil || resumes
    if isBounded && (merges || form == .tsv) {
      throw .conflict(
        merges
          ? "--merge holds little in memory and is done soon; leave --max-memory and --resume out"
          : "--to tsv holds all words in memory; leave --max-memory and --resume out")
    }
    try validateText()
  }

  func run(on console: Console) throws(Failure) {
    let name = choices.inputs.first.map { Corpus.name(ofFile: $0) } ?? "stdin"
    let ending = form == .tsv ? "tsv" : "counts"
    let place = choices.output ?? Array("\(name)-\(family).\(ending)".utf8)
    // Made before the counting: a place that cannot be written must not cost a run.
    let output = try Failure.mapping { () throws(FileError) in
      try AtomicFile(at: place, replaces: choices.replaces)
    }
    if merges {
      return try report(try merge(to: output), place, console)
    }
    let run = try trainingRun()
    let corpus = try Failure.mapping { () throws(CorpusError) in
      try Corpus(inputs: choices.inputs, options: corpusOptions)
    }
    if choices.memory != nil || resumes {
      return try count(corpus, for: run, at: place, to: output, console)
    }
    console.showProgress()
    let counted = try Failure.mapping { () throws(TrainingRunError) in
      try run.count(corpus, progress: TrainingProgress(on: console.progress))
    }
    console.endProgress()
    try write(counted, of: run, to: output)
    try report(counted.summary, place, console, CountProfile(counted.counts), run)
  }

  /// Counts in bounded memory, or so that it can go on later.
  private func count(
    _ corpus: Corpus, for run: any TrainingRun, at place: [UInt8],
    to output: consuming AtomicFile, _ console: Console
  ) throws(Failure) {
    let configuration = run.configuration(reading: corpusOptions)
    let isKept = resumes || !corpus.readsStandardInput
    let runs = try Failure.mapping { () throws(CountFileError) in
      isKept
        ? try SortedRuns(
          keptAt: place + Array(".runs".utf8), resumes: resumes, corpus, configuration)
        : try SortedRuns(beside: place, configuration)
    }
    if isKept {
      console.note(
        "if this is ended before it is done, --resume goes on from \(VisibleText.path(runs.path))")
    }
    console.showProgress()
    let bounds = CountingBounds(memory: choices.memory, runs: runs)
    let counts: BoundedCounts
    do throws(CorpusError) {
      counts = try run.counter.count(
        corpus, within: bounds, progress: TrainingProgress(on: console.progress))
    } catch {
      // Nothing to go on from is nothing to keep.
      if runs.isEmpty { try? runs.remove() }
      throw Failure(error)
    }
    console.endProgress()
    switch counts {
    case .words(let counted):
      try write(counted, of: run, to: output)
      try Failure.mapping { () throws(CountFileError) in try runs.remove() }
      try report(counted.summary, place, console, CountProfile(counted.counts), run)
    case .runs(let bounds, var summary):
      let profile: CountProfile
      do throws(CountFileError) {
        profile = try bounds.write(summary, to: output)
        try runs.remove()
      } catch {
        throw Failure(error)
      }
      summary.distinctPreTokens = profile.words
      try report(summary, place, console, profile, run)
    }
  }

  private func merge(to output: consuming AtomicFile) throws(Failure) -> CorpusSummary {
    do throws(CountFileError) {
      return try CountFile.merge(choices.inputs, to: output)
    } catch {
      throw Failure(error)
    }
  }

  private func write(
    _ counted: CountedCorpus, of run: any TrainingRun, to output: consuming AtomicFile
  ) throws(Failure) {
    switch form {
    case .counts:
      do throws(CountFileError) {
        try CountFile.write(counted, run.configuration(reading: corpusOptions), to: output)
      } catch {
        throw Failure(error)
      }
    case .tsv:
      let text = try Failure.mapping { () throws(CountFileError) in
        try CountTable.text(of: counted.counts, sentences: run.counting.sentences)
      }
      var output = output
      do throws(FileError) {
        try output.write(text)
        try output.commit()
      } catch {
        throw Failure(error)
      }
    }
  }

  private func report(
    _ summary: CorpusSummary, _ place: [UInt8], _ console: Console,
    _ profile: CountProfile? = nil, _ run: (any TrainingRun)? = nil
  ) throws(Failure) {
    noteReading(summary, console)
    try console.print("wrote \(VisibleText.path(place))")
    try console.print(
      "\(Figures.counted(summary.preTokens, "word")), "
        + "\(Figures.grouped(summary.distinctPreTokens)) distinct")
    if let profile, let run {
      let needed = run.cost.memory(words: profile.words, bytes: profile.bytes)
      console.note("training from them takes about \(Figures.megabytes(needed)) of memory")
    }
  }
}
