import Primitives
import Tokenization

/// `toktrain rewrite`: a model as the `tokenizer.json` that toktrain writes for it. In no list: the
/// comparison with other libraries runs it.
struct RewriteCommand: Command {
  var model: [UInt8] = []
  var threads = 1
  var isQuiet = false

  static var schema: Schema<RewriteCommand> {
    Schema(
      "rewrite", "Writes a model to stdout as a tokenizer.json.", examples: [],
      positionals: [.one("MODEL", \.model, "a directory or a tokenizer file")],
      options: Option.common)
  }

  func run(on console: Console) throws(Failure) {
    let tokenizer = try ModelFile.load(model, console)
    let file: [UInt8]
    do throws(FormatError) {
      file = try HuggingFaceTokenizer.write(tokenizer)
    } catch {
      throw Failure(error, in: model)
    }
    try console.write(file)
  }
}
