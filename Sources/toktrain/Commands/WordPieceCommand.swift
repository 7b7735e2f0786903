import Primitives
import Tokenization
import TokenizerTraining

/// `toktrain wordpiece`: learns a WordPiece vocabulary.
struct WordPieceCommand: TrainerCommand {
  var choices = TrainerChoices()
  var learning = WordPieceLearning()
  var initialAlphabet: [UInt8] = []
  var alphabetLimit: Int?
  var alphabetOrder: [UInt8]?
  var continuingPrefix = Array("##".utf8)
  var longestWord = 100
  var isCased = false
  var threads = Threads.available
  var isQuiet = false

  var family: String { "wordpiece" }

  var standards: TrainerStandards {
    TrainerStandards(
      vocabularySize: 30_000,
      normalization: [.bert(Normalizer.BERTCleaning(lowercases: !isCased))], documents: .line)
  }

  static var schema: Schema<WordPieceCommand> {
    Schema(
      "wordpiece", "Learns a WordPiece vocabulary from text, as BERT has it.",
      examples: [
        "toktrain wordpiece corpus.txt",
        "toktrain wordpiece -v 20000 --cased texts/ more.txt.gz",
      ],
      positionals: [.corpus],
      options: [.counts] + Option.bounds + vocabularyOptions + Option.learning + textOptions
        + Option.output("wordpiece")
        + Option.common,
      discussion: [
        "Writes tokenizer.json (for the tokenizers and transformers libraries), vocab.txt, "
          + "tokenizer_config.json and training.json, which says what was trained from what. The "
          + "directory appears whole or not at all.",
        "Tokens are those of the tokenizers library for one of the orders that its characters can "
          + "have: it numbers those behind ## in another order in every run, and merges equally "
          + "frequent pairs by these numbers. Here words by falling count, equal ones by their "
          + "bytes, say which character comes first.",
      ])
  }

  private static var vocabularyOptions: [Option<WordPieceCommand>] {
    Option.size(30_000, countedToo: "single characters") + [
      .minimumFrequency,
      .specialToken(
        "They get the first ids behind [PAD], [UNK], [CLS], [SEP] and [MASK], in this order."),
      .value(
        "initial-alphabet", \.initialAlphabet, .characters,
        "characters that are tokens anyway: none or text:ABC",
        detail: "'none' (default): only characters that occur; 'text:ABC': those of that text, too."
      ),
      .optional(
        "limit-alphabet", \.alphabetLimit, .number(1...0x11_0000),
        "keep only so many characters, the most frequent",
        detail: "Others are left out of words. Each takes up to two tokens: one for the start of "
          + "words, and one behind it."),
      .optional(
        "alphabet-order", \.alphabetOrder, .path("FILE"),
        "number characters behind ## as this vocab.txt does",
        detail: "With the vocabulary of a run of the tokenizers library, all tokens are those of "
          + "that run. Characters that the file lacks come after the others."
      ).detailed,
      .value(
        "continuing-prefix", \.continuingPrefix, .utf8("TEXT"),
        "what tokens that continue a word begin with (default ##)"),
      .value(
        "max-input-chars-per-word", \.longestWord, .number(1...Int(Int32.max)),
        "longer words become [UNK], and no token is longer (default 100)"),
    ]
  }

  private static var textOptions: [Option<WordPieceCommand>] {
    [
      .flag(
        "cased", \.isCased, "keep capital letters and accents",
        detail: "The same as --normalization bert-cased.")
    ]
      + Option.normalization(
        "bert", detail: "Then words are cut at blanks and around punctuation.")
      + Option.reading(documents: "line", policies: [.error, .replace])
  }

  func validate() throws(UsageError) {
    if isCased && choices.normalization != nil {
      throw .conflict("--cased and --normalization exclude each other; give one of them")
    }
    try learning.validate([
      ("min-frequency", choices.minimumFrequency != nil, [.frequency, .gain]),
      ("limit-alphabet", alphabetLimit != nil, [.frequency, .likelihood, .gain]),
      ("alphabet-order", alphabetOrder != nil, [.frequency, .likelihood, .gain]),
    ])
    try choices.validate("wordpiece")
  }

  var shortageTip: String? {
    switch learning.score {
    case .frequency, .gain:
      choices.leastFrequency > 1 ? "--min-frequency 1 merges also what occurs once" : nil
    case .likelihood:
      learning.minimumPairCount.map { _ in "without --min-pair-count the highest is found" }
    case .topDown: nil
    }
  }

  func trainingRun() throws(Failure) -> any TrainingRun {
    var options = WordPieceTrainingRun.Options()
    options.training.vocabularySize = vocabularySize
    options.training.minimumFrequency = UInt64(choices.leastFrequency)
    options.training.score = learning.criterion
    options.training.specialTokens += choices.specialTokens
    options.training.continuingPrefix = continuingPrefix
    options.training.longestWord = longestWord
    options.training.initialAlphabet = Self.scalars(of: initialAlphabet)
    options.training.alphabetLimit = alphabetLimit
    if let alphabetOrder {
      let file = try Failure.mapping { () throws(FileError) in
        try WholeFile.read(alphabetOrder)
      }
      options.training.continuingOrder = continuingOrder(in: file)
      options.orderFingerprint = Fingerprint(of: file)
    }
    options.normalizer = try choices.normalizer(standards.normalization)
    options.sample = choices.sample
    options.threads = threads
    return try Failure.mapping { () throws(TrainingRunError) in try WordPieceTrainingRun(options) }
  }

  /// The single characters behind the prefix, in the order of the lines.
  private func continuingOrder(in file: [UInt8]) -> [UInt32] {
    file.split(separator: UInt8(ascii: "\n")).compactMap { line in
      let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
      guard line.starts(with: continuingPrefix) else { return nil }
      let scalars = Self.scalars(of: line.dropFirst(continuingPrefix.count))
      return scalars.count == 1 ? scalars.first : nil
    }
  }

  private static func scalars(of text: some Collection<UInt8>) -> [UInt32] {
    String(decoding: text, as: UTF8.self).unicodeScalars.map(\.value)
  }
}

extension ValueKind where Value == [UInt8] {
  /// `none` or `text:ABC`.
  fileprivate static var characters: ValueKind {
    ValueKind("WHAT", expected: "none or text:ABC in UTF-8", choices: ["none", "text:"]) { word in
      if word.bytes == Array("none".utf8) { return [] }
      let prefix = Array("text:".utf8)
      guard word.text != nil, word.bytes.starts(with: prefix), word.bytes.count > prefix.count
      else { return nil }
      return Array(word.bytes[prefix.count...])
    }
  }
}
