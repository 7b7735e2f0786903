import Primitives
import Tokenization

/// `toktrain decode`: token ids to text.
struct DecodeCommand: Command {
  var model: [UInt8] = []
  var inputs: [[UInt8]] = []
  var output: [UInt8]?
  var replaces = false
  var isRaw = false
  var skipsSpecialTokens = false
  var threads = Threads.available
  var isQuiet = false

  static var schema: Schema<DecodeCommand> {
    Schema(
      "decode", "Turns token ids back into text.",
      examples: [
        "toktrain decode Vocab/corpus-bpe ids.txt",
        "echo '9906 11 1917' | toktrain decode Vocab/corpus-bpe",
      ],
      positionals: [
        .one("MODEL", \.model, "a directory that toktrain wrote, or a tokenizer file"),
        .many(
          "FILE", \.inputs, required: false,
          "ids separated by blanks, one document a line; '-' or nothing: standard input"),
      ],
      options: [
        .flag("raw", short: "r", \.isRaw, "write no line feed behind a document"),
        .flag("skip-special", \.skipsSpecialTokens, "leave special tokens out of the text"),
        .optional(
          "output", short: "o", \.output, .path("FILE"), "write to a file instead of stdout"),
        .flag("force", short: "f", \.replaces, "replace the output if it is there"),
      ] + Option.common)
  }

  func validate() throws(UsageError) {
    if inputs.filter({ $0 == Array("-".utf8) }).count > 1 {
      throw .conflict("'-' is given twice, but standard input can be read only once")
    }
  }

  func run(on console: Console) throws(Failure) {
  }
}
