import Primitives
import Tokenization
import TokenizerTraining

/// `toktrain plan`: what a corpus holds, and what training on it takes.
struct PlanCommand: CountingCommand {
  var trainer = CountedTrainer.bpe
  var choices = TrainerChoices()
  var pieces = SentencePieceChoices()
  var cuts = CuttingChoices()
  var threads = Threads.available
  var isQuiet = false

  static var schema: Schema<PlanCommand> {
    Schema(
      "plan", "Tells what a corpus holds and what training on it takes.",
      examples: ["toktrain plan texts/", "toktrain plan --for unigram -v 16000 corpus.txt"],
      positionals: [.corpus],
      options: [
        .trainer("for whom", detail: "."),
        .optional(
          "vocab-size", short: "v", \.choices.vocabularySize, .number(1...Int(Int32.max)),
          "tokens that are wanted (default that of the trainer)"),
      ] + Option.countedText + Option.common,
      discussion: [
        "The corpus is read once, as training reads it; nothing is written. Bytes that are not UTF-8 "
          + "are counted and replaced, where training would stop at them.",
        "Time and memory of training are reckoned from what was measured for corpora of other sizes: "
          + "memory is within a quarter of what it takes then, time within a factor of two.",
      ])
  }

  func validate() throws(UsageError) {
    try validateText()
    if !choices.weights.isEmpty { throw .conflict("plan weighs no files; leave --weight out") }
  }

  func run(on console: Console) throws(Failure) {
    let run = try trainingRun()
    var options = corpusOptions
    if options.invalidUTF8 == .error { options.invalidUTF8 = .replace }
    let corpus = try Failure.mapping { () throws(CorpusError) in
      try Corpus(inputs: choices.inputs, options: options)
    }
    console.showProgress()
    let clock = PhaseClock("counting")
    let plan = try Failure.mapping { () throws(CorpusError) in
      try CorpusPlan.of(corpus, for: run, progress: TrainingProgress(on: console.progress))
    }
    let seconds = clock.phases.reduce(0) { $0 + $1.seconds }
    let memory = PhaseClock.peakMemory
    console.endProgress()
    let rows = PlanListing(plan, trainer, run.cost, vocabularySize: vocabularySize)
      .rows(seconds: seconds, memory: memory)
    let width = rows.map(\.name.count).max() ?? 0
    for (name, value) in rows {
      let space = String(repeating: " ", count: width - name.count + 2)
      try console.print(name + space + value)
    }
  }
}
