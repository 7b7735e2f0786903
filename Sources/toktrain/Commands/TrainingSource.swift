import Primitives
import Tokenization
import TokenizerTraining

/// What a trainer learns from: text, or counts that were made of it before.
enum TrainingSource {
  case corpus(Corpus)
  case counts([UInt8], CorpusOptions)

  init(_ choices: TrainerChoices, _ options: CorpusOptions) throws(Failure) {
    if let counts = choices.counts {
      self = .counts(counts, options)
    } else {
      self = .corpus(
        try Failure.mapping { () throws(CorpusError) in
          try Corpus(inputs: choices.inputs, options: options)
        })
    }
  }

  /// Names the directory to come.
  var name: String {
    switch self {
    case .corpus(let corpus): corpus.name
    case .counts(let path, _): Corpus.name(ofFile: path)
    }
  }

  func train(
    _ run: any TrainingRun, sizes: [Int], within bounds: TrainingBounds, threads: Int,
    on console: Console, progress: TrainingProgress
  ) throws(Failure) -> [TrainedTokenizer] {
    let counted: CountedCorpus
    switch self {
    case .corpus(let corpus):
      if bounds.isOpen {
        return try Failure.mapping { () throws(TrainingRunError) in
          try run.train(on: corpus, sizes: sizes, progress: progress)
        }
      }
      counted = try bounds.count(corpus, for: run, threads: threads, progress: progress)
    case .counts(let path, let options):
      counted = try Self.read(path, options, for: run, bounds, threads: threads, on: console)
    }
    return try Failure.mapping { () throws(TrainingRunError) in
      try run.train(on: counted, sizes: sizes, progress: progress)
    }
  }

  private static func read(
    _ path: [UInt8], _ options: CorpusOptions, for run: any TrainingRun, _ bounds: TrainingBounds,
    threads: Int, on console: Console
  ) throws(Failure) -> CountedCorpus {
    let beginning = try Failure.mapping { () throws(FileError) in
      try ReadableFile(opening: path).prefix(8)
    }
    if CountFile.begins(beginning) {
      return try bounds.read(path, options, for: run, threads: threads)
    }
    let text = try Failure.mapping { () throws(FileError) in try WholeFile.read(path) }
    let (corpus, hasEnds) = try Failure.mapping { () throws(CountFileError) in
      try CountTable.read(
        text, path: path, sentences: run.counting.sentences, options: options, threads: threads)
    }
    if !hasEnds {
      console.note(
        "warning: \(VisibleText.path(path)) does not say how often words end sentences; what "
          + "crosses their ends is judged as if none did")
    }
    return try bounds.limiting(corpus, for: run)
  }
}
