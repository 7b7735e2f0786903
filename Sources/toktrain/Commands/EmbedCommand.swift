import Primitives
import TokenEmbeddings
import Tokenization

/// `toktrain embed`: what enters a transformer for a text.
struct EmbedCommand: Command {
  var layer: [UInt8] = []
  var text: [UInt8] = []
  var pairedText: [UInt8]?
  var firstPosition = 0
  var addsSpecialTokens = false
  var allowedSpecialTokens: [[UInt8]] = []
  var writesJSON = false
  var array: [UInt8]?
  var replaces = false
  var threads = Threads.available
  var isQuiet = false

  static var schema: Schema<EmbedCommand> {
    Schema(
      "embed", "Shows the vectors that enter a transformer for a text.",
      examples: [
        "toktrain embed Vocab/corpus-bpe-layer 'How are you?'",
        "toktrain embed Vocab/corpus-wordpiece-layer Who? --pair They. --add-special",
        "toktrain embed Vocab/corpus-bpe-layer 'How are you?' --npy input.npy",
      ],
      positionals: [
        .one("DIR", \.layer, "a layer that export wrote"),
        .one("TEXT", \.text, "the text"),
      ],
      options: [
        .optional(
          "pair", \.pairedText, .utf8("TEXT"), "a second text, such as the answer to a question",
          detail: "Its tokens have the segment that the model says."),
        .flag(
          "add-special", \.addsSpecialTokens,
          "add the special tokens that the model puts around"),
        .list(
          "allow-special", \.allowedSpecialTokens, .utf8("TOKEN"),
          "take this special token, or all, from the text"
        ).detailed,
        .value(
          "position-offset", \.firstPosition, .number(0...LayerOptions.greatestLength),
          "position of the first token (default 0)"),
        .flag(
          "json", short: "j", \.writesJSON, "all numbers of all vectors, as a JSON object",
          detail:
            "'ids', 'tokens', 'type_ids'; 'token', 'segment', 'position' and 'sum', a list of "
            + "numbers for each token, null where nothing is added."),
        .optional(
          "npy", \.array, .path("FILE"), "write the sums for numpy, [tokens \u{D7} dimension]"),
        .flag("force", short: "f", \.replaces, "replace that file if it is there"),
      ] + Option.common,
      discussion: [
        "For each token: its vector, times the layer's scale; that of its segment; that of its "
          + "position; and their sum, which is what the first block of a transformer takes. The first "
          + "numbers and the length (the root of the sum of squares) are shown.",
        "With rope or alibi positions nothing is added for them: they act on queries, keys and scores "
          + "inside the transformer.",
      ])
  }

  func run(on console: Console) throws(Failure) {
    let layer: EmbeddingLayer
    do throws(LayerError) {
      layer = try EmbeddingLayer(contentsOf: self.layer)
    } catch {
      throw Failure(error)
    }
    let tokenizer = try ModelFile.load(self.layer, console)
    let encoding = try encoding(by: tokenizer)
    let parts: EmbeddingLayer.Parts
    do throws(LayerError) {
      parts = try layer.parts(of: encoding, firstPosition: firstPosition)
    } catch {
      throw Failure(error)
    }
    if let array { try write(parts.sum, to: array, console) }
    if writesJSON {
      try console.write(EmbeddingJSON(tokenizer: tokenizer).written(encoding, parts))
    } else if array == nil {
      let listing = EmbeddingListing(tokenizer: tokenizer, layer: layer)
      for line in listing.lines(of: encoding, parts, firstPosition: firstPosition) {
        try console.print(line)
      }
    }
  }

  private func encoding(by tokenizer: Tokenizer) throws(Failure) -> Encoding {
    var options = EncodingOptions()
    options.addsSpecialTokens = addsSpecialTokens
    if allowedSpecialTokens.contains(Array("all".utf8)) {
      options.allowedSpecialTokens = .all
    } else if !allowedSpecialTokens.isEmpty {
      options.allowedSpecialTokens = .named(allowedSpecialTokens)
    }
    return try Failure.mapping(of: layer) { () throws(TokenizerError) in
      var encoder = try TokenEncoder(CompiledTokenizer(tokenizer), options: options)
      guard let pairedText else { return try encoder.encode(text) }
      return try encoder.encode(text, pairedText)
    }
  }

  private func write(
    _ sum: EmbeddingMatrix, to path: [UInt8], _ console: Console
  ) throws(Failure) {
    var bytes = NumpyHeader.bytes(type: "<f4", rows: sum.rowCount, columns: sum.dimension)
    bytes += sum.values.flatMap { value in
      withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
    }
    var output = try CommandOutput(to: path, replaces: replaces, inputs: [], console: console)
    try output.write(bytes)
    try output.finish()
  }
}
