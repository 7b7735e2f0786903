import Testing
import TokenizerTraining

@testable import toktrain

@Suite("Command-line parsing")
struct ParsingTests {
  private func parse(_ words: String...) throws -> BPECommand {
    let request = try BPECommand.schema.parse(words.map { RawArgument($0) })
    guard case .run(let command) = request else { throw Unexpected.help }
    return command
  }

  private func error(_ words: String...) -> UsageError? {
    do throws(UsageError) {
      _ = try BPECommand.schema.parse(words.map { RawArgument($0) })
      return nil
    } catch {
      return error
    }
  }

  private enum Unexpected: Error { case help }

  @Test("All spellings of a value mean the same")
  func values() throws {
    #expect(try parse("x", "--vocab-size", "300").choices.vocabularySize == 300)
    #expect(try parse("x", "--vocab-size=300").choices.vocabularySize == 300)
    #expect(try parse("x", "-v", "300").choices.vocabularySize == 300)
    #expect(try parse("x", "-v300").choices.vocabularySize == 300)
    #expect(try parse("x", "-qfv300").choices.vocabularySize == 300)
    #expect(try parse("-qfv", "300", "x").choices.replaces)
    #expect(try parse("x", "--special-token=a=b").choices.specialTokens == [Array("a=b".utf8)])
    #expect(try parse("x", "-o", "-dir").choices.output == Array("-dir".utf8))
  }

  @Test("The last value holds; lists collect")
  func repeated() throws {
    let command = try parse("x", "-v", "300", "-s", "b", "-v", "400", "-s", "a")
    #expect(command.choices.vocabularySize == 400)
    #expect(command.choices.specialTokens == [Array("b".utf8), Array("a".utf8)])
  }

  @Test("Operands may stand anywhere; behind -- everything is one; - is one")
  func operands() throws {
    let command = try parse("a", "-q", "-", "--", "-q", "--help")
    #expect(command.choices.inputs == ["a", "-", "-q", "--help"].map { Array($0.utf8) })
  }

  @Test("Where texts stand behind --, only those are texts")
  func behindDashes() throws {
    let words = ["a", "b", "--json", "--", "x", "--ids"].map { RawArgument($0) }
    guard case .run(let command) = try CompareCommand.schema.parse(words) else {
      throw Unexpected.help
    }
    #expect(command.models == ["a", "b"].map { Array($0.utf8) })
    #expect(command.texts == ["x", "--ids"].map { Array($0.utf8) })
    #expect(command.writesJSON && !command.listsIDs)
  }

  @Test("File names are bytes, UTF-8 or not")
  func bytes() throws {
    let name: [UInt8] = [0x63, 0xE9, 0x0A, 0x1B]
    let request = try BPECommand.schema.parse([RawArgument(name)])
    guard case .run(let command) = request else { throw Unexpected.help }
    #expect(command.choices.inputs == [name])
  }

  @Test("Help is found anywhere before --")
  func help() throws {
    for (words, isLong) in [
      (["-h"], false), (["x", "--help"], true), (["--help", "--nope"], true),
    ] {
      switch try BPECommand.schema.parse(words.map { RawArgument($0) }) {
      case .shortHelp: #expect(!isLong)
      case .longHelp: #expect(isLong)
      case .run: Issue.record("\(words) ran")
      }
    }
  }

  @Test("Each way to be wrong has its error")
  func errors() {
    #expect(error() == .missingArgument("INPUT", verb: "bpe"))
    #expect(error("x", "-v") == .missingValue(option: "--vocab-size", placeholder: "N"))
    #expect(error("x", "--force=1") == .unexpectedValue(option: "--force"))
    #expect(
      error("x", "--vocab-sise", "3")
        == .unknownOption("--vocab-sise", verb: "bpe", suggestion: "--vocab-size"))
    #expect(
      error("x", "-force") == .unknownOption("-force", verb: "bpe", suggestion: "--force"))
    #expect(error("x", "-z") == .unknownOption("-z", verb: "bpe", suggestion: nil))
    #expect(error("x", "-qz") == .unknownOption("-z", verb: "bpe", suggestion: nil))
    #expect(error("x", "--") == nil)
    #expect(error("-", "-") != nil)
    #expect(error("x", "--pattern", "gpt2", "--pattern-regex", "a") != nil)
    #expect(error("x", "--pattern-dialect", "tiktoken") != nil)
  }

  @Test("An abbreviated option is not taken, so that scripts never change their meaning")
  func abbreviations() {
    #expect(
      error("x", "--vocab", "3")
        == .unknownOption("--vocab", verb: "bpe", suggestion: "--vocab-size"))
  }
}

@Suite("Values of options")
struct OptionValueTests {
  /// Every option with a value, and values that it must refuse.
  static let badValues: [(verb: String, option: String, values: [String])] =
    otherBadValues
    + ["bpe", "unigram"].flatMap { verb in pieceBadValues.map { (verb, $0.option, $0.values) } }
    + ["bpe", "wordpiece", "unigram"].flatMap { verb in
      trainerBadValues.map { (verb, $0.option, $0.values) }
    }

  private static let trainerBadValues: [(option: String, values: [String])] = [
    ("sample", ["", "5", "0lines", "1.5GB", "-1lines", "1gb", "GB", "9300000TB"]),
    ("seed", ["", "-1", "x"]),
    ("weight", ["", "=2", "a", "a=", "a=0", "a=1001", "a=-1", "a=1.5"]),
    ("max-memory", ["", "1M", "63999KB", "4", "1.5G", "G", "-64M", "10000000T"]),
    ("min-word-count", ["", "0", "-1", "x"]),
  ]

  private static let pieceBadValues: [(option: String, values: [String])] = [
    ("character-coverage", ["", "0.9", "1.1", "all", "nan"]),
    ("max-piece-length", ["", "0", "513"]),
    ("user-symbol", [""]),
    ("control-symbol", [""]),
    ("required-chars", [""]),
    ("unk-id", ["", "-2", "first"]),
    ("bos-id", ["", "-2"]),
    ("eos-id", ["", "1.0"]),
    ("pad-id", ["", "none"]),
    ("unk-piece", [""]),
    ("bos-piece", [""]),
    ("eos-piece", [""]),
    ("pad-piece", [""]),
    ("max-line-bytes", ["", "0"]),
    ("compat", ["", "spm"]),
  ]

  private static let otherBadValues: [(verb: String, option: String, values: [String])] = [
    ("bpe", "vocab-size", ["", "0", "-1", "+5", "3k", "1.5", " 7", "99999999999999999999", "٣"]),
    ("bpe", "vocab-sizes", ["", "8k,", "8k,8000", "0", "8K", "3000000k", "-1", "8k 9k"]),
    ("bpe", "min-frequency", ["", "-1", "x", "18446744073709551616"]),
    ("bpe", "max-token-length", ["", "0", "-3", "4b"]),
    ("bpe", "special-token", [""]),
    ("bpe", "initial-alphabet", ["", "some", "text:", "ALL"]),
    ("bpe", "limit-alphabet", ["", "0", "257"]),
    ("bpe", "tie-break", ["", "random", "pair-id"]),
    ("bpe", "pattern", ["", "gpt3", "GPT2"]),
    ("bpe", "pattern-regex", [""]),
    ("bpe", "pattern-dialect", ["", "pcre"]),
    ("bpe", "normalization", ["", "nfx", "NFC", "nfc,", "nfc,,lower", "none,nfc", "rules:"]),
    ("bpe", "unicode", ["", "9", "old"]),
    ("bpe", "documents", ["", "lines", "separator", "separator:"]),
    ("bpe", "invalid-utf8", ["", "skip"]),
    ("bpe", "jsonl-field", ["", ".", "a..b", "a."]),
    ("bpe", "output", [""]),
    ("bpe", "report", [""]),
    ("bpe", "threads", ["", "0", "-1", "1025", "all"]),
    ("bpe", "style", ["", "chars"]),
    ("bpe", "counts", [""]),
    ("wordpiece", "counts", [""]),
    ("wordpiece", "vocab-size", ["", "0", "3k"]),
    ("wordpiece", "vocab-sizes", ["", "8k,"]),
    ("wordpiece", "min-frequency", ["", "-1"]),
    ("wordpiece", "special-token", [""]),
    ("wordpiece", "initial-alphabet", ["", "all", "text:"]),
    ("wordpiece", "limit-alphabet", ["", "0", "1114113"]),
    ("wordpiece", "alphabet-order", [""]),
    ("wordpiece", "continuing-prefix", [""]),
    ("wordpiece", "max-input-chars-per-word", ["", "0", "-1"]),
    ("wordpiece", "score", ["", "likely"]),
    ("wordpiece", "min-pair-count", ["", "0", "-1", "automatic"]),
    ("wordpiece", "slack", ["", "0.6", "-0.1", "nan"]),
    ("wordpiece", "iterations", ["", "0", "101"]),
    ("wordpiece", "max-characters", ["", "0", "1114113"]),
    ("wordpiece", "compat", ["", "tensorflow"]),
    ("wordpiece", "normalization", ["", "nfx", "bert,"]),
    ("wordpiece", "unicode", ["", "9"]),
    ("wordpiece", "documents", ["", "lines"]),
    ("wordpiece", "invalid-utf8", ["", "bytes"]),
    ("wordpiece", "jsonl-field", ["", ".a"]),
    ("wordpiece", "output", [""]),
    ("wordpiece", "report", [""]),
    ("wordpiece", "threads", ["0"]),
    ("unigram", "counts", [""]),
    ("unigram", "vocab-size", ["", "0"]),
    ("unigram", "vocab-sizes", ["", "8k,0"]),
    ("unigram", "normalization", ["", "nmt_nfx", "lower", "nfkc,nfc", "rules:"]),
    ("unigram", "documents", ["", "lines"]),
    ("unigram", "invalid-utf8", ["", "skip"]),
    ("unigram", "jsonl-field", ["", "."]),
    ("unigram", "seed-size", ["", "0"]),
    ("unigram", "seed-pieces", [""]),
    ("unigram", "shrinking-factor", ["", "0.4", "1"]),
    ("unigram", "sub-iterations", ["", "0", "11"]),
    ("unigram", "compat-threads", ["", "0", "1025"]),
    ("unigram", "output", [""]),
    ("unigram", "report", [""]),
    ("unigram", "threads", ["", "0"]),
    ("encode", "documents", ["", "paragraph"]),
    ("encode", "jsonl-field", ["", ".a"]),
    ("encode", "binary", ["", "u8", "16"]),
    ("encode", "pair", [""]),
    ("encode", "allow-special", [""]),
    ("encode", "special", ["", "ignore"]),
    ("encode", "offset-units", ["", "chars"]),
    ("encode", "max-length", ["", "-1", "x"]),
    ("encode", "truncate", ["", "longest_first"]),
    ("encode", "truncate-side", ["", "both"]),
    ("encode", "stride", ["", "-1"]),
    ("encode", "pad", ["", "-1", "shortest", "268435457"]),
    ("encode", "pad-side", ["", "Left"]),
    ("encode", "pad-multiple", ["", "0"]),
    ("encode", "pad-token", [""]),
    ("encode", "pad-type", ["", "-1", "4294967296"]),
    ("encode", "sampling", ["", "alpha=x", "alpha=-1", "nbest=0", "beta=1", "nbest=2,nbest=3"]),
    ("encode", "dropout", ["", "2", "-1", "x"]),
    ("encode", "seed", ["", "-1", "x"]),
    ("encode", "nbest", ["", "0", "x"]),
    ("encode", "entropy", ["", "-1", "x"]),
    ("encode", "separator-id", [""]),
    ("encode", "index", [""]),
    ("encode", "output", [""]),
    ("encode", "pattern", ["", "gpt3"]),
    ("encode", "threads", ["0", "many"]),
    ("decode", "output", [""]),
    ("decode", "pattern", ["", "gpt3"]),
    ("decode", "threads", ["0"]),
    ("normalize", "model", [""]),
    ("normalize", "normalization", ["", "nfx", "NFC", "nfc,", "none,nfc"]),
    ("normalize", "unicode", ["", "9", "old"]),
    ("normalize", "documents", ["", "paragraph"]),
    ("normalize", "invalid-utf8", ["", "skip"]),
    ("normalize", "jsonl-field", ["", ".a"]),
    ("normalize", "output", [""]),
    ("normalize", "threads", ["0"]),
    ("convert", "to", ["", "gguf"]),
    ("convert", "output", [""]),
    ("convert", "proof", [""]),
    ("convert", "pattern", ["", "gpt3"]),
    ("convert", "threads", ["0"]),
    ("inspect", "page", ["", "0", "last"]),
    ("inspect", "pattern", ["", "gpt3"]),
    ("inspect", "threads", ["0"]),
  ]

  @Test("Every option refuses bad values with its name and what it wants", arguments: badValues)
  func bad(row: (verb: String, option: String, values: [String])) throws {
    for value in row.values {
      let error = Self.parseError(row.verb, ["operand", "--\(row.option)=\(value)"])
      guard case .badValue("--\(row.option)", _, let expected, _) = error else {
        Issue.record("\(row.verb) --\(row.option)='\(value)': \(String(describing: error))")
        continue
      }
      #expect(!expected.isEmpty)
      #expect(error?.failure.status == .usage)
    }
  }

  @Test("The table knows every option that takes a value")
  func complete() {
    let known = Set(Self.badValues.map { "\($0.verb) \($0.option)" })
    #expect(known == Set(Self.optionsWithValue))
  }

  @Test("A value that is not UTF-8 is refused where it must be text")
  func invalidText() {
    let word = RawArgument(Array("--special-token=".utf8) + [0xFF])
    #expect(throws: UsageError.self) { try BPECommand.schema.parse([RawArgument("x"), word]) }
  }

  @Test("Good values of every kind arrive")
  func good() throws {
    let words = [
      "x", "--documents=separator:<|x|>", "--jsonl-field=a.b", "--initial-alphabet=text:ba",
      "--normalization=none", "--pattern=o200k", "--tie-break=raw-bytes", "--limit-alphabet=256",
      "--min-frequency=0", "--invalid-utf8=bytes",
    ]
    guard
      case .run(let command) = try BPECommand.schema.parse(words.map { RawArgument($0) })
    else { throw UsageError.conflict("help") }
    #expect(command.choices.documents == .separator(Array("<|x|>".utf8)))
    #expect(command.choices.jsonlField == ["a", "b"])
    #expect(command.initialAlphabet == Array("ab".utf8))
    #expect(command.choices.normalization == .steps([]))
    #expect(command.cuts.pattern == .o200k)
    #expect(command.tieBreak == .rawBytes)
    #expect(command.choices.invalidUTF8 == .bytes)
  }

  private static func parseError(_ verb: String, _ words: [String]) -> UsageError? {
    let words = words.map { RawArgument($0) }
    do throws(UsageError) {
      switch verb {
      case "bpe": _ = try BPECommand.schema.parse(words)
      case "wordpiece": _ = try WordPieceCommand.schema.parse(words)
      case "unigram": _ = try UnigramCommand.schema.parse(words)
      case "encode": _ = try EncodeCommand.schema.parse(words)
      case "decode": _ = try DecodeCommand.schema.parse(words)
      case "normalize": _ = try NormalizeCommand.schema.parse(words)
      case "convert": _ = try ConvertCommand.schema.parse(words)
      default: _ = try InspectCommand.schema.parse(words)
      }
      return nil
    } catch {
      return error
    }
  }

  private static var optionsWithValue: [String] {
    func names<C>(_ schema: Schema<C>) -> [String] {
      schema.options.filter { $0.placeholder != nil && $0.listing != .nowhere }.map {
        "\(schema.verb) \($0.name)"
      }
    }
    return names(BPECommand.schema) + names(UnigramCommand.schema)
      + names(WordPieceCommand.schema) + names(EncodeCommand.schema) + names(DecodeCommand.schema)
      + names(NormalizeCommand.schema) + names(InspectCommand.schema)
      + names(ConvertCommand.schema)
  }
}
