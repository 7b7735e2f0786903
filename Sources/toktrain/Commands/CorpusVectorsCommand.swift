import Primitives
import TokenEmbeddings
import Tokenization
import TokenizerTraining

/// `toktrain corpus-vectors`: vectors learned from a corpus as a `.npy` file, and what they were made
/// from as JSON. In no list: benchmarks and comparisons run it; `export --init corpus` is for users.
struct CorpusVectorsCommand: Command {
  var model: [UInt8] = []
  var inputs: [[UInt8]] = []
  var output: [UInt8]?
  var dimension = 256
  var window = 5
  var minimumCount = 5
  var singularPower = 0.5
  var powerIterations = 2
  var oversampling = 16
  var rank: Int?
  var seed: UInt64 = 0
  var documents = DocumentBoundary.line
  var threads = Threads.available
  var isQuiet = false

  static var schema: Schema<CorpusVectorsCommand> {
    Schema(
      "corpus-vectors", "Learns vectors of tokens from a corpus.", examples: [],
      positionals: [
        .one("MODEL", \.model, "a directory that toktrain wrote, or a tokenizer file"),
        .many("FILE", \.inputs, required: true, "text to learn from"),
      ],
      options: [
        .optional("output", short: "o", \.output, .path("FILE"), "where the vectors go, as .npy"),
        .value("dim", \.dimension, .number(1...65536), "numbers in each vector"),
        .value("window", \.window, .number(1...1000), "tokens on each side"),
        .value("min-count", \.minimumCount, .number(1...Int.max), "occurrences of a token"),
        .optional("rank", \.rank, .number(1...4096), "singular vectors to use"),
        .value(
          "power", \.singularPower, .number("P", 0...1, "a number from 0 to 1"),
          "power of singular values"),
        .value("iterations", \.powerIterations, .number(0...100), "of the subspace"),
        .value("oversampling", \.oversampling, .number(0...1024), "vectors carried along"),
        .value("seed", \.seed, .seed, "what chance depends on"),
        .value("documents", \.documents, .documents, "what a document is"),
      ] + Option.common)
  }

  func run(on console: Console) throws(Failure) {
    let tokenizer = try ModelFile.load(model, console)
    let start = ContinuousClock.now
    let vectors = try LearnedVectors.learn(
      from: inputs, by: tokenizer, options(), documents: documents, threads: threads, console)
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    if let output { try write(vectors, to: output, console) }
    var writer = JSONWriter(layout: .compact)
    writer.object { object in
      object.key("seconds")
      object.number(seconds)
      object.key("tokens")
      object.integer(vectors.tokenCount)
      object.key("pairs")
      object.integer(vectors.pairCount)
      object.key("learned")
      object.integer(vectors.isLearned.count { $0 })
      object.key("singular_values")
      object.array { list in for value in vectors.singularValues { list.number(value) } }
    }
    try console.write(writer.bytes + [UInt8(ascii: "\n")])
  }

  private func options() throws(Failure) -> CorpusVectorOptions {
    do throws(CorpusVectorError) {
      return try CorpusVectorOptions(
        dimension: dimension, window: window, minimumCount: minimumCount, rank: rank,
        singularPower: singularPower, oversampling: oversampling,
        powerIterations: powerIterations, seed: seed)
    } catch {
      throw Failure(error)
    }
  }

  private func write(
    _ vectors: borrowing CorpusVectors, to path: [UInt8], _ console: Console
  ) throws(Failure) {
    var target = try CommandOutput(to: path, replaces: true, inputs: inputs, console: console)
    let shape = (vectors.isLearned.count, vectors.dimension)
    try target.write(NumpyHeader.bytes(type: "<f4", rows: shape.0, columns: shape.1))
    var row = [Float](repeating: 0, count: vectors.dimension)
    for id in 0..<shape.0 {
      let isLearned = row.withUnsafeMutableBufferPointer {
        vectors.copyVector(of: TokenID(id), to: $0)
      }
      if !isLearned { row = [Float](repeating: 0, count: vectors.dimension) }
      var bytes: [UInt8] = []
      for value in row {
        withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
      }
      try target.write(bytes)
    }
    try target.finish()
  }
}
