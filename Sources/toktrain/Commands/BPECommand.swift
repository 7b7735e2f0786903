import Primitives
import Tokenization
import TokenizerTraining

/// `toktrain bpe`: learns a byte-level BPE vocabulary.
struct BPECommand: TrainerCommand {
  static let family = "bpe"

  var choices = TrainerChoices(
    vocabularySize: 32_000, normalization: [.form(.nfc)], documents: .file)
  var maximumTokenLength: Int?
  var initialAlphabet = Array(UInt8.min...UInt8.max)
  var alphabetLimit: Int?
  var tieBreak = BPETrainingOptions.TieBreak.pairIDs
  var pattern: PatternChoice?
  var patternText: String?
  var patternDialect: PatternDialect?
  var breaksWords = false
  var threads = Threads.available
  var isQuiet = false

  static var schema: Schema<BPECommand> {
    Schema(
      "bpe", "Learns a byte-level BPE vocabulary from text.",
      examples: [
        "toktrain bpe corpus.txt",
        "toktrain bpe -v 50000 --special-token '<|endoftext|>' texts/ more.txt.gz",
        "zstd -dc big.jsonl.zst | toktrain bpe --jsonl-field text - -o my-tokenizer",
      ],
      positionals: [.corpus],
      options: vocabularyOptions + textOptions + Option.output + Option.common,
      discussion: [
        "Writes tokenizer.json (for the tokenizers and transformers libraries), vocab.json, "
          + "merges.txt, tokenizer_config.json and training.json, which says what was trained "
          + "from what. The directory appears whole or not at all.",
        "Every choice of merges, ties included, is that of the tokenizers library, so the same "
          + "settings give the same vocabulary.",
      ])
  }

  private static var vocabularyOptions: [Option<BPECommand>] {
    Option.size(32_000, countedToo: "the alphabet") + [
      .minimumFrequency,
      .optional(
        "max-token-length", \.maximumTokenLength, .number(1...Int(Int32.max)),
        "longest token, in bytes (default: no limit)"),
      .specialToken("They get the first ids, in this order."),
      .value(
        "initial-alphabet", \.initialAlphabet, .alphabet,
        "bytes that are tokens anyway: all, none or text:ABC",
        detail:
          "'all' (default): every byte, so that any text can be encoded; 'none': only bytes that "
          + "occur; 'text:ABC': the bytes of that text."),
      .optional(
        "limit-alphabet", \.alphabetLimit, .number(1...256),
        "keep only so many single bytes, the most frequent"),
      .value(
        "tie-break", \.tieBreak, .choice("RULE"), "which of two equally frequent pairs goes first",
        detail: "pair-ids (default): the smaller ids, as the tokenizers library has it; raw-bytes: "
          + "the smaller ids with bytes in their own order, as rustbpe; greatest-bytes: the pair "
          + "that is greater as text, as in teaching material."),
    ]
  }

  private static var textOptions: [Option<BPECommand>] {
    [
      .optional(
        "pattern", short: "p", \.pattern, .choice("NAME"),
        "how text is cut into words (default cl100k)",
        detail: "A named pattern means what its own library does with it; 'none' leaves a "
          + "document whole, 'whitespace' cuts at blanks."),
      .optional(
        "pattern-regex", \.patternText, .text("TEXT"), "a regular expression to cut by instead"),
      .optional(
        "pattern-dialect", \.patternDialect, .choice("NAME"),
        "whose regular expressions those are",
        detail: "huggingface (default): Oniguruma as the tokenizers library has it; tiktoken: "
          + "fancy-regex."),
      .flag(
        "word-breaks", \.breaksWords, "no token spans two words written without a space",
        detail:
          "Thai, Lao, Khmer, Burmese, Chinese and Japanese, by ICU's dictionaries. They bound "
          + "what is learned; the tokenizer does not contain them and cuts as it would without."),
    ]
      + Option.normalization(
        "nfc", detail: "With 'none' every byte string comes back from decoding as it was.")
      + Option.reading(documents: "file", policies: InvalidUTF8Policy.allCases)
  }

  func validate() throws(UsageError) {
    if pattern != nil && patternText != nil {
      throw .conflict("--pattern and --pattern-regex exclude each other; give one of them")
    }
    if patternDialect != nil && patternText == nil {
      throw .conflict("--pattern-dialect says how --pattern-regex is read; give that too")
    }
    try choices.validate()
  }

  func trainingRun() throws(Failure) -> any TrainingRun {
    var options = BPETrainingRun.Options()
    options.training.vocabularySize = choices.vocabularySize
    options.training.minimumFrequency = UInt64(choices.minimumFrequency)
    options.training.maximumTokenLength = maximumTokenLength
    options.training.specialTokens = choices.specialTokens
    options.training.initialAlphabet = initialAlphabet
    options.training.alphabetLimit = alphabetLimit
    options.training.tieBreak = tieBreak
    options.breaksWords = breaksWords
    options.normalizer = try normalizer()
    options.threads = threads
    if let patternText {
      options.pattern = SplitPattern(patternText, dialect: patternDialect ?? .huggingFace)
    } else if let pattern {
      options.pattern = pattern.splitPattern
    }
    let run = try Failure.mapping { () throws(TrainingRunError) in try BPETrainingRun(options) }
    if let pattern = options.pattern, pattern.huggingFaceText == nil {
      // Found here, not when the files are written and the training is done.
      throw UsageError.conflict(
        "--pattern-regex: tokenizer.json can carry no pattern that means the same; "
          + "write it for --pattern-dialect huggingface"
      ).failure
    }
    return run
  }

  private func normalizer() throws(Failure) -> Normalizer {
    let normalizer = try choices.normalizer()
    if normalizer.steps.contains(.byteLevel) {
      throw UsageError.conflict(
        "--normalization: bpe spells bytes by itself; leave byte-level out"
      ).failure
    }
    return normalizer
  }
}

/// Names that `--pattern` takes.
enum PatternChoice: String, CaseIterable {
  case gpt2, cl100k, o200k, llama3, qwen2, none, whitespace

  /// `nil` leaves documents whole.
  var splitPattern: SplitPattern? { NamedPattern(rawValue: rawValue)?.pattern }
}

extension ValueKind where Value == [UInt8] {
  /// `all`, `none` or `text:ABC`, as ascending bytes.
  static var alphabet: ValueKind {
    ValueKind(
      "WHAT", expected: "all, none or text:ABC", choices: ["all", "none", "text:"]
    ) { word in
      if word.bytes == Array("all".utf8) { return Array(UInt8.min...UInt8.max) }
      if word.bytes == Array("none".utf8) { return [] }
      let prefix = Array("text:".utf8)
      guard word.bytes.starts(with: prefix), word.bytes.count > prefix.count else { return nil }
      return Set(word.bytes[prefix.count...]).sorted()
    }
  }
}
