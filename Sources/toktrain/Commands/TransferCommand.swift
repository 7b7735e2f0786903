import Primitives
import TokenEmbeddings
import Tokenization
import TokenizerTraining

/// `toktrain transfer`: rows for a new vocabulary from the tables of a model with an old one.
struct TransferCommand: Command {
  var source: [UInt8]?
  var oldModel: [UInt8]?
  var newModel: [UInt8]?
  var method = TransferMethod.subwordMean
  var tensors: [[UInt8]] = []
  var corpus: [[UInt8]] = []
  var auxiliary: [UInt8]?
  var output: [UInt8]?
  var replaces = false
  var report: [UInt8]?
  var elementType: ElementType?
  var paddingMultiple = 1
  var seed: UInt64 = 42
  var threads = Threads.available
  var isQuiet = false

  static var schema: Schema<TransferCommand> {
    Schema(
      "transfer", "Makes rows for a new vocabulary from an old model's tables.",
      examples: [
        "toktrain transfer --from model.safetensors --from-tokenizer old \\\n"
          + "      --to-tokenizer new -o new.safetensors",
        "toktrain transfer --from model.safetensors --from-tokenizer old \\\n"
          + "      --to-tokenizer new --method focus --corpus texts -o new.safetensors",
      ],
      positionals: [],
      options: [
        .optional("from", \.source, .path("FILE"), "the old tables: safetensors or .npy"),
        .optional("from-tokenizer", \.oldModel, .path("MODEL"), "whose ids their rows are"),
        .optional("to-tokenizer", \.newModel, .path("MODEL"), "whose ids the new rows shall be"),
        .value(
          "method", short: "m", \.method, .choice("HOW"),
          "how rows of new tokens are made (default subword-mean)",
          detail:
            "subword-mean: the mean of the old tokens that its text becomes. mean: the mean of "
            + "all old rows. sampled-mean: draws about it, as Hugging Face's resizing. focus: few "
            + "shared tokens that are used alike in --corpus, weighted by how much."),
        .optional(
          "output", short: "o", \.output, .path("FILE"),
          "where to write: safetensors, or .npy for a single table"),
        .flag("force", short: "f", \.replaces, "replace the output and the report"),
        .list(
          "tensor", \.tensors, .utf8("NAME"), "a table to transfer; repeatable",
          detail: "Without it, the tables of tokens and of outputs that have usual names."),
        .list("corpus", \.corpus, .path("FILE"), "for focus: texts in which the tokens are used"),
        .optional(
          "aux", \.auxiliary, .path("FILE"), "for focus: a vector for each new token instead"
        ).detailed,
        .optional("report", \.report, .path("FILE"), "say where each row comes from, as JSON"),
        .optional("dtype", \.elementType, .choice("TYPE"), "type of numbers (default: the old)"),
        .value(
          "pad-vocab", \.paddingMultiple, .number(1...65536),
          "fill up rows to a multiple of N, with zeros"),
        .value("seed", \.seed, .seed, "seed of what is drawn (default 42)"),
      ] + Option.common,
      discussion: [
        "Tokens that both vocabularies have keep their rows, also if one writes \u{120}word and the "
          + "other \u{2581}word. Special tokens are the same if their names are.",
        "The other tensors of the model are not written: load these over them.",
      ])
  }

  func validate() throws(UsageError) {
    for (value, name) in [
      (source, "--from"), (oldModel, "--from-tokenizer"), (newModel, "--to-tokenizer"),
      (output, "-o"),
    ] where value == nil {
      throw .conflict("\(name) is missing: give it a path")
    }
    let hints = !corpus.isEmpty || auxiliary != nil
    if method == .focus && !hints {
      throw .conflict("focus needs texts in which the new tokens are used: --corpus FILE")
    }
    if method != .focus && hints {
      throw .conflict("--corpus and --aux are for --method focus")
    }
    if !corpus.isEmpty && auxiliary != nil {
      throw .conflict("--corpus and --aux both say how tokens are used; use one of them")
    }
  }

  func run(on console: Console) throws(Failure) {
    guard let source, let oldModel, let newModel, let output else { return }
    let old = try ModelFile.load(oldModel, console)
    let new = try ModelFile.load(newModel, console)
    let tables = try tables(of: source)
    var target = try CommandOutput(
      to: output, replaces: replaces, inputs: [source] + corpus + (auxiliary.map { [$0] } ?? []),
      console: console)
    var account = try report.map { (path) throws(Failure) in
      try CommandOutput(to: path, replaces: replaces, inputs: [source, output], console: console)
    }
    let auxiliary = try auxiliaryVectors(of: new, console)
    let transfer = try Failure.mapping { () throws(TransferError) in
      try VocabularyTransfer(
        from: old, to: new, method: method, auxiliary: auxiliary, threads: threads)
    }
    let rowCount =
      (transfer.origins.count + paddingMultiple - 1) / paddingMultiple * paddingMultiple
    let writer = try TableWriter(
      tables, rowCount: rowCount, type: elementType, to: output, source: source)
    try target.write(writer.header)
    for index in writer.order {
      let rows = try rows(of: tables[index], by: transfer, rowCount: rowCount)
      try writer.write(rows, of: index, to: &target)
    }
    let listing = TransferReport(transfer: transfer, tokenizer: new)
    try account?.write(listing.json)
    try account?.finish()
    try target.finish()
    for line in listing.lines { console.note(line) }
    console.note("wrote \(VisibleText.path(output))")
  }

  /// What is to be transferred.
  private func tables(of path: [UInt8]) throws(Failure) -> [StoredMatrix] {
    do throws(TensorFileError) {
      let file = try TensorFile(opening: path)
      if !tensors.isEmpty {
        return try tensors.map { (name) throws(TensorFileError) in try file.matrix(named: name) }
      }
      let output = try file.outputMatrix()
      if let tokens = try file.tokenMatrix(), tokens.tensor != output?.tensor {
        return [tokens] + (output.map { [$0] } ?? [])
      }
      if let output { return [output] }
    } catch {
      throw Failure(error)
    }
    // Says which tensors there are.
    return [try TensorChoice(path, nil).matrix()]
  }

  private func rows(
    of table: StoredMatrix, by transfer: VocabularyTransfer, rowCount: Int
  ) throws(Failure) -> EmbeddingMatrix {
    let matrix: EmbeddingMatrix
    do throws(TensorFileError) { matrix = try table.matrix() } catch { throw Failure(error) }
    return try Failure.mapping { () throws(TransferError) in
      try transfer.rows(from: matrix, rowCount: rowCount, seed: seed, threads: threads)
    }
  }

  private func auxiliaryVectors(
    of tokenizer: Tokenizer, _ console: Console
  ) throws(Failure) -> EmbeddingMatrix? {
    if let auxiliary {
      let stored = try TensorChoice(auxiliary, nil).matrix()
      do throws(TensorFileError) { return try stored.matrix() } catch { throw Failure(error) }
    }
    if corpus.isEmpty { return nil }
    // As FOCUS has them: vectors of 100 numbers for tokens that occur ten times.
    let options: CorpusVectorOptions
    do throws(CorpusVectorError) {
      options = try CorpusVectorOptions(dimension: 100, minimumCount: 10, seed: seed)
    } catch {
      throw Failure(error)
    }
    return try LearnedVectors.learn(
      from: corpus, by: tokenizer, options, threads: threads, console
    ).matrix
  }
}

extension Failure {
  init(_ error: TransferError) {
    if case .noAuxiliary = error {
      self.init(.usage, "\(error)")
    } else {
      self.init(.badData, "\(error)")
    }
  }

  fileprivate static func mapping<Value>(
    _ body: () throws(TransferError) -> Value
  ) throws(Failure) -> Value {
    do { return try body() } catch { throw Failure(error) }
  }
}
