import Primitives
import Tokenization
import TokenizerTraining

/// `toktrain unigram`: learns a Unigram vocabulary as SentencePiece does.
struct UnigramCommand: PieceTrainerCommand {
  let family = "unigram"
  let standards = TrainerStandards(
    vocabularySize: 8000, normalization: [.sentencePiece(.rulesOnly(.named(.nmtNFKC)))],
    documents: .line)

  var choices = TrainerChoices()
  var pieces = SentencePieceChoices()
  var seedSize = 1_000_000
  var seedPieces: [UInt8]?
  var shrinkingFactor = 0.75
  var subIterations = 2
  var lanes: Int?
  var threads = Threads.available
  var isQuiet = false

  static var schema: Schema<UnigramCommand> {
    Schema(
      "unigram", "Learns a Unigram vocabulary from text, as SentencePiece has it.",
      examples: [
        "toktrain unigram corpus.txt",
        "toktrain unigram -v 16000 --byte-fallback texts/ more.txt.gz",
        "toktrain unigram --compat sentencepiece corpus.txt",
      ],
      positionals: [.corpus],
      options: Option.size(8000, countedToo: "single characters", mustReachSize: true)
        + [.counts] + Option.bounds + [rules]
        + Option.reading(documents: "line", policies: InvalidUTF8Policy.allCases)
        + learning + Option.pieces.map(\.detailed) + Option.output("unigram") + Option.common,
      discussion: [
        "Writes tokenizer.model and tokenizer.vocab (for SentencePiece), tokenizer.json (for the "
          + "tokenizers and transformers libraries), tokenizer_config.json and training.json, "
          + "which says what was trained from what. The directory appears whole or not at all.",
        "Pieces and scores differ from SentencePiece's as little as its own do from run to run "
          + "with another number of threads; --compat sentencepiece makes them equal, in twice "
          + "the time.",
      ])
  }

  private static var rules: Option<UnigramCommand> {
    .optional(
      "normalization", short: "n", \.choices.normalization, .pieceRules,
      "what happens to text first (default nmt_nfkc)",
      detail: "SentencePiece's rules by their names, none, or rules:FILE, your own: a line a rule, "
        + "the code points that are replaced, a tab, those that replace them.")
  }

  private static var learning: [Option<UnigramCommand>] {
    [
      .value(
        "seed-size", \.seedSize, .number(1...Int(Int32.max)),
        "substrings to start from (default 1000000)"
      ).also("seed_sentencepiece_size").detailed,
      .optional(
        "seed-pieces", \.seedPieces, .path("FILE"),
        "pieces to start from instead: a piece, a tab, a count on each line",
        detail: "Blanks are written as U+2581. Those that may be no piece are left out; characters "
          + "are added."
      ).also("seed_sentencepieces_file").detailed,
      .value(
        "shrinking-factor", \.shrinkingFactor, .fraction(0.5...0.95),
        "part of the pieces that a pruning keeps (default 0.75)"
      ).detailed,
      .value(
        "sub-iterations", \.subIterations, .number(1...10),
        "rounds between two prunings (default 2)"
      ).also("num_sub_iterations").detailed,
      .optional(
        "compat-threads", \.lanes, .number(1...1024),
        "SentencePiece's num_threads to be equal to (default 16)",
        detail: "Its sums, and with them the last bits of scores, depend on it."
      ).detailed,
    ]
  }

  func validate() throws(UsageError) {
    if lanes != nil && pieces.compatibility == nil {
      throw .conflict("--compat-threads goes with --compat sentencepiece; give that too")
    }
    if choices.counts != nil && pieces.compatibility != nil {
      throw .conflict(
        "--counts and --compat exclude each other: SentencePiece learns from the order of sentences, "
          + "which counts do not have; leave one out")
    }
    if pieces.compatibility != nil && (choices.sampleSize != nil || !choices.weights.isEmpty) {
      throw .conflict(
        "--sample and --weight exclude --compat: SentencePiece draws other lines, and weighs none; "
          + "leave one out")
    }
    if pieces.compatibility != nil && (choices.memory != nil || choices.leastWordCount != nil) {
      throw .conflict(
        "--max-memory and --min-word-count exclude --compat: SentencePiece learns from all sentences "
          + "in their order; leave one out")
    }
    try choices.validate("unigram")
  }

  func trainingRun() throws(Failure) -> any TrainingRun {
    let options = try pieces.options(
      vocabularySize: vocabularySize, choices)
    var training = UnigramTrainingOptions()
    training.seedSize = seedSize
    training.seeds = try seedPieces.map { path throws(Failure) in try Self.seeds(in: path) }
    training.shrinkingFactor = Float(shrinkingFactor)
    training.subIterations = subIterations
    if pieces.compatibility == .sentencepiece {
      training.kernel = .sentencePiece(threads: lanes ?? 16)
    }
    return try Failure.mapping { () throws(TrainingRunError) in
      try UnigramRun(options, training, threads: threads)
    }
  }

  private static func seeds(in path: [UInt8]) throws(Failure) -> SeedList {
    let file = try Failure.mapping { () throws(FileError) in try WholeFile.read(path) }
    do throws(SentencePieceTrainingError) {
      return try SeedList(parsing: file)
    } catch {
      throw Failure(.badData, "\(VisibleText.path(path)): \(error)")
    }
  }
}
