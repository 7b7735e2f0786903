import Primitives
import TokenEmbeddings
import Tokenization

/// `toktrain neighbors`: which tokens have vectors that point nearly the same way.
struct NeighborsCommand: Command {
  var model: [UInt8] = []
  var words: [[UInt8]] = []
  var vectors: [UInt8]?
  var tensor: [UInt8]?
  var count = 10
  var isAnalogy = false
  var plot: [UInt8]?
  var replaces = false
  var writesJSON = false
  var pattern: NamedPattern?
  var threads = Threads.available
  var isQuiet = false

  static var schema: Schema<NeighborsCommand> {
    Schema(
      "neighbors", "Shows the tokens whose vectors are nearest to those of words.",
      examples: [
        "toktrain neighbors Vocab/corpus-bpe-layer apple",
        "toktrain neighbors Vocab/corpus-bpe-layer apple truck --plot map.svg",
        "toktrain neighbors Vocab/corpus-bpe-layer man king woman --analogy",
        "toktrain neighbors Vocab/corpus-bpe --vectors w.safetensors apple --json",
      ],
      positionals: [
        .one("DIR", \.model, "a layer that export wrote, or any model with --vectors"),
        .many("WORD", \.words, required: true, "a word, or several"),
      ],
      options: [
        .value(
          "count", short: "n", \.count, .number(0...1000),
          "how many neighbors to show (default 10)"),
        .flag(
          "analogy", \.isAnalogy,
          "of three words: the first is to the second as the third is to what?"),
        .optional(
          "plot", \.plot, .path("FILE"), "draw the words and their neighbors as an SVG",
          detail: "In the plane in which their directions differ most. 500 points at most."),
        .flag("json", short: "j", \.writesJSON, "a JSON object for each answer"),
        .optional(
          "vectors", \.vectors, .path("FILE"),
          "take the vectors from this safetensors or .npy file",
          detail: "Its rows are the ids of the model. Without it, those of the layer."),
        .optional(
          "tensor", \.tensor, .utf8("NAME"), "which tensor of the file",
          detail:
            "Without it, the usual names of token tables are tried, then a file's only matrix."
        ).detailed,
        .flag("force", short: "f", \.replaces, "replace the picture if it is there"),
        .rankPattern(\.pattern),
      ] + Option.common,
      discussion: [
        "A word is taken as it stands inside a text, behind a blank. If it is several tokens, the mean "
          + "of their directions stands for it. Nearness is the cosine of the angle between two "
          + "vectors: 1 is the same direction, 0 is none in common.",
        "Blanks in tokens show as \u{2423}; what cannot be seen is escaped.",
      ])
  }

  func validate() throws(UsageError) {
    if isAnalogy && words.count != 3 {
      throw .conflict("--analogy takes three words, and \(words.count) were given")
    }
    if plot != nil && words.count * (count + 1) > 500 {
      throw .conflict(
        "--plot shows 500 points, and \(words.count * (count + 1)) were asked for; choose a smaller "
          + "--count")
    }
  }

  func run(on console: Console) throws(Failure) {
    let tokenizer = try ModelFile.load(model, pattern: pattern, console)
    var encoder = try Failure.mapping(of: model) { () throws(TokenizerError) in
      try TokenEncoder(CompiledTokenizer(tokenizer))
    }
    var asked: [WordTokens] = []
    for word in words { asked.append(try WordTokens(word, by: &encoder)) }
    let search = try search(over: tokenizer)
    let answers = try Failure.mapping { () throws(NeighborError) in
      try isAnalogy
        ? [NeighborAnswer(analogy: asked, count: count, in: search)]
        : asked.map { (word) throws(NeighborError) in
          try NeighborAnswer(of: word, count: count, in: search)
        }
    }
    let listing = NeighborListing(tokenizer: tokenizer, search: search)
    if writesJSON {
      for answer in answers { try console.write(listing.json(of: answer)) }
    } else {
      for (number, answer) in answers.enumerated() {
        if number > 0 { try console.print("") }
        for line in listing.lines(of: answer) { try console.print(line) }
      }
    }
    let similarities = isAnalogy ? [] : listing.similarities(between: answers)
    if !writesJSON && !similarities.isEmpty { try console.print("\nsimilarity") }
    for similarity in similarities {
      try console.write(writesJSON ? similarity.json : similarity.line)
    }
    if let plot { try draw(answers, listing, to: plot, console) }
  }

  private func search(over tokenizer: Tokenizer) throws(Failure) -> NearestTokens {
    let path = vectors ?? model.appendingPath(Array("embeddings.safetensors".utf8))
    if vectors == nil, (try? FileStatus(of: path)) == nil {
      throw Failure(
        .resource, "\(VisibleText.path(model)): has no vectors (embeddings.safetensors)",
        tip: "toktrain export makes them; --vectors FILE names another file")
    }
    let stored = try TensorChoice(path, tensor).matrix()
    let matrix: EmbeddingMatrix
    do throws(TensorFileError) { matrix = try stored.matrix() } catch { throw Failure(error) }
    do throws(NeighborError) {
      return try NearestTokens(matrix, tokenCount: tokenizer.idCount, threads: threads)
    } catch {
      throw Failure(.badData, "\(VisibleText.path(path)): \(error)")
    }
  }

  private func draw(
    _ answers: [NeighborAnswer], _ listing: NeighborListing, to path: [UInt8], _ console: Console
  ) throws(Failure) {
    let map = try Failure.mapping { () throws(NeighborError) in try listing.map(of: answers) }
    var output = try CommandOutput(
      to: path, replaces: replaces, inputs: vectors.map { [$0] } ?? [], console: console)
    try output.write(map.svg)
    try output.finish()
    if !output.isStandard { console.note("wrote \(VisibleText.path(path))") }
  }
}

extension Failure {
  init(_ error: NeighborError) { self.init(.badData, "\(error)") }

  fileprivate static func mapping<Value>(
    _ body: () throws(NeighborError) -> Value
  ) throws(Failure) -> Value {
    do { return try body() } catch { throw Failure(error) }
  }
}
