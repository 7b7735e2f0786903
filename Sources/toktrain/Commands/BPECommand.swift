import Primitives
import Tokenization
import TokenizerTraining

/// `toktrain bpe`: learns a BPE vocabulary, of bytes or as SentencePiece does it.
struct BPECommand: PieceTrainerCommand, CuttingCommand {
  /// Who merges what.
  enum Style: String, CaseIterable {
    case bytes, sentencepiece
  }

  var style = Style.bytes
  var choices = TrainerChoices()
  var pieces = SentencePieceChoices()
  var maximumTokenLength: Int?
  var initialAlphabet = Array(UInt8.min...UInt8.max)
  var alphabetLimit: Int?
  var tieBreak = BPETrainingOptions.TieBreak.pairIDs
  var cuts = CuttingChoices()
  var threads = Threads.available
  var isQuiet = false

  var family: String { style == .bytes ? "bpe" : "spbpe" }

  var standards: TrainerStandards {
    switch style {
    case .bytes:
      TrainerStandards(
        vocabularySize: 32_000, normalization: [.form(.nfc)], documents: .file)
    case .sentencepiece:
      TrainerStandards(
        vocabularySize: 8000, normalization: [.sentencePiece(.rulesOnly(.named(.nmtNFKC)))],
        documents: .line)
    }
  }

  static var schema: Schema<BPECommand> {
    Schema(
      "bpe", "Learns a BPE vocabulary from text.",
      examples: [
        "toktrain bpe corpus.txt",
        "toktrain bpe --style sentencepiece -v 8000 --byte-fallback corpus.txt",
        "toktrain bpe -v 50000 --special-token '<|endoftext|>' texts/ more.txt.gz",
        "zstd -dc big.jsonl.zst | toktrain bpe --jsonl-field text - -o my-tokenizer",
      ],
      positionals: [.corpus],
      options: [styleOption, .counts] + Option.bounds + vocabularyOptions + textOptions
        + Option.pieces.map(\.detailed)
        + Option.output("bpe") + Option.common,
      discussion: [
        "Writes tokenizer.json (for the tokenizers and transformers libraries), vocab.json, "
          + "merges.txt, tokenizer_config.json and training.json, which says what was trained "
          + "from what. The directory appears whole or not at all.",
        "Every choice of merges, ties included, is that of the tokenizers library, so the same "
          + "settings give the same vocabulary.",
      ])
  }

  private static var styleOption: Option<BPECommand> {
    .value(
      "style", \.style, .choice("STYLE"), "what is merged, and by whose rules",
      detail: "bytes (default): byte-level BPE; sentencepiece: characters, by the rules of "
        + "SentencePiece, with its files: 8000 pieces, a document a line, nmt_nfkc. The options "
        + "from --character-coverage on are for that style.")
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
        "bytes that are tokens anyway: all, none, text:ABC",
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
    Option.cuts
      + Option.normalization(
        "nfc", detail: "With 'none' every byte string comes back from decoding as it was.")
      + Option.reading(documents: "file", policies: InvalidUTF8Policy.allCases)
  }

  func validate() throws(UsageError) {
    try cuts.validate()
    switch style {
    case .bytes:
      if pieces != SentencePieceChoices() {
        throw .conflict(
          "options of pieces, such as --character-coverage or --user-symbol, need "
            + "--style sentencepiece")
      }
    case .sentencepiece: try refuseOptionsOfBytes()
    }
    try choices.validate("bpe")
  }

  private func refuseOptionsOfBytes() throws(UsageError) {
    let standard = BPECommand()
    let refused: [(String, Bool)] = [
      ("pattern", cuts.pattern != nil), ("pattern-regex", cuts.patternText != nil),
      ("word-breaks", cuts.breaksWords), ("limit-alphabet", alphabetLimit != nil),
      ("initial-alphabet", initialAlphabet != standard.initialAlphabet),
      ("max-token-length", maximumTokenLength != nil),
      ("tie-break", tieBreak != standard.tieBreak),
      ("min-frequency", choices.minimumFrequency != nil),
      ("special-token", !choices.specialTokens.isEmpty),
    ]
    for (name, isGiven) in refused where isGiven {
      throw .conflict("--\(name) is for byte-level BPE; leave it out with --style sentencepiece")
    }
  }

  func trainingRun() throws(Failure) -> any TrainingRun {
    switch style {
    case .bytes: return try byteRun()
    case .sentencepiece:
      let options = try pieces.options(
        vocabularySize: vocabularySize, choices)
      return try Failure.mapping { () throws(TrainingRunError) in
        try SentencePieceBPERun(options, threads: threads)
      }
    }
  }

  private func byteRun() throws(Failure) -> BPETrainingRun {
    var options = BPETrainingRun.Options()
    options.training.vocabularySize = vocabularySize
    options.training.minimumFrequency = UInt64(choices.leastFrequency)
    options.training.maximumTokenLength = maximumTokenLength
    options.training.specialTokens = choices.specialTokens
    options.training.initialAlphabet = initialAlphabet
    options.training.alphabetLimit = alphabetLimit
    options.training.tieBreak = tieBreak
    options.breaksWords = cuts.breaksWords
    options.sample = choices.sample
    options.normalizer = try normalizer()
    options.threads = threads
    if let pattern = cuts.chosen { options.pattern = pattern }
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
    let normalizer = try choices.normalizer(standards.normalization)
    if normalizer.steps.contains(.byteLevel) {
      throw UsageError.conflict(
        "--normalization: bpe spells bytes by itself; leave byte-level out"
      ).failure
    }
    return normalizer
  }
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
