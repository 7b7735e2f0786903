import Primitives
import Tokenization
import TokenizerTraining

/// `toktrain unigram-pieces`: what Unigram training makes of a corpus with SentencePiece's defaults, a
/// piece and the bits of its score a line. In no list: comparisons with other libraries run it.
struct UnigramPiecesCommand: Command {
  var inputs: [[UInt8]] = []
  var vocabularySize = 8000
  var lanes: Int?
  var threads = 1
  var isQuiet = false

  static var schema: Schema<UnigramPiecesCommand> {
    Schema(
      "unigram-pieces", "Prints pieces and the bits of their scores.", examples: [],
      positionals: [.many("CORPUS", \.inputs, required: true, "texts, a sentence a line")],
      options: [
        .value("vocab-size", short: "v", \.vocabularySize, .number(1...10_000_000), "pieces"),
        .optional(
          "lanes", \.lanes, .number(1...1024), "bit for bit as SentencePiece with so many threads"),
      ] + Option.common)
  }

  func run(on console: Console) throws(Failure) {
    var options = SentencePieceOptions()
    options.vocabularySize = vocabularySize
    options.skipsReservedCharacter = true
    var training = UnigramTrainingOptions()
    if let lanes { training.kernel = .sentencePiece(threads: lanes) }
    var reading = CorpusOptions()
    reading.documents = .line
    let corpus = try Failure.mapping { () throws(CorpusError) in
      try Corpus(inputs: inputs, options: reading)
    }
    let results = try Failure.mapping { () throws(TrainingRunError) in
      try UnigramRun(options, training, threads: threads).results(on: corpus)
    }
    var output: [UInt8] = []
    for result in results {
      for round in result.rounds {
        console.note("\(round.pieces) pieces, \(round.objective) nats, \(round.tokens) tokens")
      }
      for piece in result.pieces {
        output += piece.text
        output.append(UInt8(ascii: "\t"))
        output.appendDecimal(UInt64(piece.score.bitPattern))
        output.append(UInt8(ascii: "\n"))
      }
    }
    try console.write(output)
  }
}
