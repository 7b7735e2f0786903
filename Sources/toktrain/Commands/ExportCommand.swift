import Primitives
import TokenEmbeddings
import Tokenization

/// `toktrain export`: the embedding layer of a vocabulary, as a directory.
struct ExportCommand: Command {
  var model: [UInt8] = []
  var output: [UInt8]?
  var replaces = false
  var dimension: Int?
  /// `nil`: the preset `transformer`; with `--resize`, draws of 0.02 and no other table.
  var initialization: InitializationChoice?
  var corpus: [[UInt8]] = []
  var std: Double?
  var truncation: Double?
  var seed: UInt64 = 42
  var positions = PositionChoices()
  var maxLength = 2048
  var segmentCount: Int?
  var elementType = ElementType.f32
  var paddingMultiple = 1
  var naming = Naming.plain
  var forms: [LayerDirectory.Form] = []
  var resized: [UInt8]?
  var tensor: [UInt8]?
  var pattern: NamedPattern?
  var threads = Threads.available
  var isQuiet = false

  static var schema: Schema<ExportCommand> {
    Schema(
      "export", "Writes the embedding layer of a vocabulary: tokens, positions, segments.",
      examples: [
        "toktrain export Vocab/corpus-bpe --dim 512",
        "toktrain export Vocab/corpus-bpe -d 768 --init gpt2 --naming gpt2 --dtype bf16",
        "toktrain export Vocab/corpus-bpe --dim 256 --init corpus --corpus texts",
        "toktrain export Vocab/corpus-bpe --resize old.safetensors --pad-vocab 64",
      ],
      positionals: [
        .one("MODEL", \.model, "a directory that toktrain wrote, or a tokenizer file")
      ],
      options: [
        .optional(
          "dim", short: "d", \.dimension, .number(1...LayerOptions.greatestDimension),
          "numbers of a vector"),
        .optional(
          "output", short: "o", \.output, .path("DIR"), "where to write (default MODEL-layer)"),
        .flag(
          "force", short: "f", \.replaces, "replace the layer that is there",
          detail: "Only an empty directory or one that export wrote is ever replaced."),
        .optional(
          "init", \.initialization, .choice("HOW", InitializationChoice.choices),
          "preset or distribution (default transformer)",
          detail: "Presets: transformer (d^-1/2, times \u{221A}d when looked up, sinusoids), gpt2 "
            + "(0.02, learned positions of 0.01), bert (0.02 cut at two sigmas), t5 (1), llama "
            + "(0.02, rope), torch (1), keras (uniform, 0.05), mlx (d^-1/2). Distributions: normal, "
            + "truncated-normal, uniform, xavier, orthogonal, zeros. corpus: as transformer, but tokens "
            + "are learned from --corpus."),
        .list(
          "corpus", \.corpus, .path("FILE"), "learn vectors of tokens from texts; repeatable",
          detail: "From the company that they keep: tokens with similar neighbors get similar "
            + "vectors, as wide as --init draws them. A line is a document. Tokens that occur less "
            + "than five times are drawn."),
        .optional(
          "std", \.std, .number("X", 0...1000, "a number from 0 to 1000"),
          "standard deviation of tokens",
          detail: "Those of segments and learned positions follow in proportion."),
        .optional(
          "truncate", \.truncation, .number("K", 0...6, "a number from 0 to 6"),
          "draw within K standard deviations",
          detail: "Of the deviation that was asked for; what is drawn then varies less."
        ).detailed,
        .value(
          "seed", \.seed, .seed, "seed of what is drawn (default 42)",
          detail:
            "A row depends on the seed and its own number alone: rows stay what they are when "
            + "a vocabulary grows."),
        .optional(
          "positions", \.positions.kind, .choice("WHAT"),
          "how positions are told apart (default: as the preset)",
          detail:
            "sinusoidal and learned are added; rope and alibi act inside the transformer, and "
            + "their tables are written beside."),
        .value(
          "max-length", \.maxLength, .number(1...LayerOptions.greatestLength),
          "positions with a row (default 2048)"),
      ] + positionDetails + [
        .optional(
          "segments", \.segmentCount, .number(0...LayerOptions.greatestSegmentCount),
          "texts that are told apart (default: as the preset)"),
        .value("dtype", \.elementType, .choice("TYPE"), "type of numbers (default f32)"),
        .value(
          "pad-vocab", \.paddingMultiple, .number(1...LayerOptions.greatestPaddingMultiple),
          "fill up rows of tokens to a multiple of N",
          detail: "With zeros. Matrix units like multiples of 64 or 128."),
        .value(
          "naming", \.naming, .choice("MODEL"), "whose names tensors have (default plain)"),
        .list(
          "also", \.forms, .choice("FORM"), "write tables in this form, too",
          detail: "npy: a file for each table; word2vec and word2vec-binary: tokens alone."),
        .optional(
          "resize", \.resized, .path("FILE"), "take rows of tokens from a matrix",
          detail:
            "A safetensors or .npy file. Ids past its rows are drawn, rows past the ids are cut "
            + "off; numbers are converted. Without --init new rows are normal, 0.02, and there are "
            + "no positions and segments but those that are asked for."),
        .optional(
          "tensor", \.tensor, .utf8("NAME"), "which tensor of that file",
          detail:
            "Without it, the usual names of token tables are tried, then a file's only matrix."
        ).detailed,
        .rankPattern(\.pattern),
      ] + Option.common,
      discussion: [
        "The directory holds the tokenizer's files, vocab.tsv, layer.json (all that is needed to make "
          + "it again) and embeddings.safetensors. It is the same for any number of threads, on any "
          + "machine.",
        "safetensors.torch.load_file, mx.load and safetensors.flax.load_file read it in one line.",
      ])
  }

  private static var positionDetails: [Option<ExportCommand>] {
    [
      .optional(
        "layout", \.positions.layout, .choice("HOW"), "how sines and cosines stand",
        detail: "Sinusoids: interleaved, as in the paper (default), or halves. rope: halves, as "
          + "Hugging Face turns (default), or interleaved, as Meta does."
      ).detailed,
      .optional(
        "spacing", \.positions.spacing, .choice("HOW"), "spacing of sinusoids (default paper)",
        detail:
          "paper: 10000^(-2i/d); t2t: as tensor2tensor and fairseq, so that the last frequency "
          + "is 1/10000."
      ).detailed,
      .optional(
        "base", \.positions.base, .number("X", 1...1e12, "a number above 1"),
        "base of frequencies (default 10000)"
      ).detailed,
      .optional(
        "heads", \.positions.headCount, .number(1...LayerOptions.greatestHeadCount),
        "heads of the attention, for rope and alibi (default: of 64 numbers each)"
      ).detailed,
      .optional(
        "rope-scaling", \.positions.scaling, .choice("HOW"),
        "llama3: for longer texts, as Llama 3.1 (base 500000)"
      ).detailed,
    ]
  }

  func validate() throws(UsageError) {
    if dimension == nil && resized == nil {
      throw .conflict("--dim is missing: give it the numbers of a vector, such as 512")
    }
    if tensor != nil && resized == nil {
      throw .conflict("--tensor names a tensor of the file that --resize takes; give both")
    }
    if initialization?.needsCorpus ?? false, corpus.isEmpty {
      throw .conflict("--init corpus learns from texts: give them with --corpus FILE")
    }
    if !corpus.isEmpty && resized != nil {
      throw .conflict("--corpus and --resize both say where tokens come from; use one of them")
    }
    if forms.contains(.npy) && elementType == .bf16 {
      throw .conflict("numpy has no bf16; give --dtype f32 or f16, or no --also npy")
    }
  }

  func run(on console: Console) throws(Failure) {
    let tokenizer = try ModelFile.load(model, pattern: pattern, console)
    let files = try ModelFile.files(of: model, pattern: pattern)
    let matrix = try resized.map { (path) throws(Failure) in try TensorChoice(path, tensor).matrix()
    }
    let plan = try plan(for: tokenizer, matrix, console)
    warn(of: plan, matrix, console)
    let place = output ?? model.withoutTrailingSlashes + Array("-layer".utf8)
    let directory = try Failure.mapping { () throws(FileError) in
      try AtomicDirectory(
        at: place, existing: replaces ? .replaced(LayerDirectory.signature) : .refused)
    }
    console.showProgress()
    let line = console.progress
    do throws(LayerError) {
      try LayerDirectory.write(
        plan, of: tokenizer, files: files, also: forms, to: directory, threads: threads
      ) { done, total in
        line?.show("writing", work: Double(done), of: Double(total)) {
          "\(Figures.megabytes(done)) of \(Figures.megabytes(total))"
        }
      }
    } catch {
      throw Failure(error)
    }
    console.endProgress()
    try console.print("wrote \(VisibleText.path(place))")
    for line in LayerSummary(plan).lines { try console.print(line) }
    try console.print("next: toktrain embed \(VisibleText.path(place)) 'some text'")
  }

  private func plan(
    for tokenizer: Tokenizer, _ matrix: StoredMatrix?, _ console: Console
  ) throws(Failure) -> LayerPlan {
    let dimension = self.dimension ?? matrix?.dimension ?? 0
    let isTableAlone = resized != nil && self.initialization == nil
    let initialization =
      self.initialization?.drawn
      ?? (isTableAlone ? .drawn(.normal(std: 0.02)) : .preset(.transformer))
    var options = LayerOptions(
      dimension: dimension, initialization: initialization, std: std, truncation: truncation,
      seed: seed, maxLength: maxLength, segmentCount: segmentCount ?? (isTableAlone ? 0 : nil),
      elementType: elementType, paddingMultiple: paddingMultiple, naming: naming)
    let standard = initialization.standardPositions(dimension: dimension)
    do throws(UsageError) {
      options.positions = try positions.positions(
        isTableAlone ? .none : standard, dimension: dimension)
    } catch {
      throw error.failure
    }
    let vectors: TokenVectors
    if let matrix {
      vectors = .resized(matrix)
    } else if corpus.isEmpty {
      vectors = .drawn
    } else {
      vectors = try learned(by: tokenizer, options, console)
    }
    do throws(LayerError) {
      return try LayerPlan(options, for: tokenizer, vectors: vectors, threads: threads)
    } catch {
      throw Failure(error)
    }
  }

  /// Vectors learned from the corpus, as wide as they would be drawn.
  private func learned(
    by tokenizer: Tokenizer, _ options: LayerOptions, _ console: Console
  ) throws(Failure) -> TokenVectors {
    let plan: LayerPlan
    do throws(LayerError) {
      // Finds what cannot be before anything is learned.
      plan = try LayerPlan(options, for: tokenizer, threads: threads)
    } catch {
      throw Failure(error)
    }
    if case .orthogonal = plan.draws.token {
      throw UsageError.conflict(
        "--corpus needs an --init that draws each row by itself; orthogonal does not"
      ).failure
    }
    let std = plan.draws.token.standardDeviation(
      rows: plan.vocabularySize, columns: options.dimension)
    return try LearnedVectors.tokens(
      from: corpus, by: tokenizer, dimension: options.dimension, seed: seed, std: std,
      threads: threads, console)
  }

  /// What should be known of the layer although it can be written.
  private func warn(of plan: LayerPlan, _ matrix: StoredMatrix?, _ console: Console) {
    if let matrix, let kept = plan.resizedRows {
      let new = plan.vocabularySize - kept
      let cut = matrix.rowCount - kept
      console.note(
        "rows: \(Figures.grouped(kept)) from \(VisibleText.path(matrix.file.path))"
          + (new > 0 ? ", \(Figures.grouped(new)) drawn" : "")
          + (cut > 0 ? ", \(Figures.grouped(cut)) of the file cut off" : ""))
    }
    if let drowning = plan.balance?.drowning {
      console.note("warning: " + LayerSummary.text(of: drowning))
    }
  }
}
