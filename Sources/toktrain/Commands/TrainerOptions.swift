import Primitives
import Tokenization
import TokenizerTraining

extension ValueKind where Value == [Int] {
  /// Different numbers of tokens, joined by commas; k is a thousand.
  fileprivate static var sizes: ValueKind {
    ValueKind("LIST", expected: "different numbers of tokens joined by commas: 8k,16k,32000") {
      word in
      var sizes: [Int] = []
      for part in (word.text ?? "").split(separator: ",", omittingEmptySubsequences: false) {
        let isThousands = part.hasSuffix("k")
        let digits = isThousands ? part.dropLast() : part
        guard digits.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(digits),
          number > 0, number <= Int(Int32.max) / (isThousands ? 1000 : 1)
        else { return nil }
        let size = isThousands ? 1000 * number : number
        if sizes.contains(size) { return nil }
        sizes.append(size)
      }
      return sizes
    }
  }
}

extension Positional where C: TrainerCommand {
  static var corpus: Positional {
    .many(
      "INPUT", \.choices.inputs, required: false,
      "text files, directories, '-' for standard input, or @LIST, a file that names one input "
        + "on each line; .gz, .zst and .jsonl are understood")
  }
}

extension Option where C: TrainerCommand {
  static var counts: Option {
    .optional(
      "counts", \.choices.counts, .path("FILE"), "learn from counts instead of text",
      detail: "What toktrain count wrote with the same options, or a table: a word, a tab, its "
        + "count."
    ).detailed
  }

  /// What a training is held to.
  static var bounds: [Option] {
    [
      maximumMemory,
      .optional(
        "min-word-count", \.choices.leastWordCount, .number(1...Int.max),
        "leave out words that occur less often",
        detail: "Words, not pairs. It is said how much of the text they are."
      ).detailed,
    ]
  }

  static var maximumMemory: Option {
    .optional(
      "max-memory", \.choices.memory, .memory, "do with so much memory: 4G, 500MB",
      detail: "Words that have no room go to the disk beside the output; the result is the same. "
        + "If training itself needs more, it is said before it begins."
    ).detailed
  }

  /// How many tokens, `standard` if nothing is said, and from which counts on.
  ///
  /// - Parameter mustReachSize: whether fewer are an error anyway.
  static func size(
    _ standard: Int, countedToo: String, mustReachSize: Bool = false
  ) -> [Option] {
    let shortage =
      mustReachSize
      ? "the run ends and says how many it can."
      : "the run says how many it could make and writes those."
    let options: [Option] = [
      .optional(
        "vocab-size", short: "v", \.choices.vocabularySize, .number(1...Int(Int32.max)),
        "tokens in all (default \(standard))",
        detail: "Special tokens and \(countedToo) count. If the corpus cannot give as many, "
          + shortage),
      .optional(
        "vocab-sizes", \.choices.vocabularySizes, .sizes,
        "several vocabularies from one run: 8k,16k,32k",
        detail: "Each is what a run of its own would give, in a directory whose name ends with "
          + "the number."
      ).detailed,
      .flag(
        "exact-size", \.choices.mustReachSize,
        "fail if the corpus cannot give that many tokens"),
    ]
    return mustReachSize ? Array(options.dropLast()) : options
  }

  static var minimumFrequency: Option {
    .optional(
      "min-frequency", \.choices.minimumFrequency, .number(0...Int.max),
      "merge only pairs that occur this often (default 2)")
  }

  static func specialToken(_ order: String) -> Option {
    .list(
      "special-token", short: "s", \.choices.specialTokens, .utf8("TEXT"),
      "a token with a meaning of its own (repeatable)",
      detail: "\(order) Where one occurs in the corpus, it ends the text before it and is not "
        + "counted.")
  }

  static func normalization(_ standard: String, detail: String) -> [Option] {
    [
      .optional(
        "normalization", short: "n", \.choices.normalization, .normalization,
        "what happens to text first (default \(standard))",
        detail: "Several are joined by commas and go in that order: nfkc,lower. A normalizer as "
          + "tokenizer.json has it is taken too: '{\"type\": ...}'. \(detail)"),
      .value(
        "unicode", \.choices.unicode, .choice("DATA"), "whose characters normalization knows",
        detail: UnicodeHelp.detail),
    ]
  }

  /// How the corpus is read. `policies`: those for bytes that are not UTF-8.
  static func reading(documents standard: String, policies: [InvalidUTF8Policy]) -> [Option] {
    let kept = policies.contains(.bytes) ? "; bytes: learn from them as they are." : "."
    return [
      .optional(
        "documents", \.choices.documents, .documents,
        "what no token can span: file, line, separator:TEXT",
        detail: "The default is \(standard). A JSONL record is always a document. Use 'line' to "
          + "compare with the tokenizers library, which reads line by line."),
      .value(
        "invalid-utf8", \.choices.invalidUTF8,
        .choice("HOW", policies.map { ($0.rawValue, $0) }),
        "what to do with bytes that are not UTF-8",
        detail: "error (default): stop and say where; replace: take U+FFFD for them\(kept)"),
      .optional(
        "jsonl-field", \.choices.jsonlField, .jsonField,
        "JSONL field that holds the text (default text)",
        detail: "a.b names a field in a field. With this option standard input is JSONL too."),
      .optional(
        "sample", \.choices.sampleSize, .sampleSize,
        "learn from a part of the text: 1GB, 1000000lines",
        detail: "At most so much, drawn by chance from the documents of all files, which are lines "
          + "unless --documents says otherwise. The same seed draws the same with any number of "
          + "threads."
      ).detailed,
      .optional(
        "seed", \.choices.sampleSeed, .number(0...Int.max), "another number draws other documents"
      ).detailed,
      .list(
        "weight", \.choices.weights, .weight,
        "count files as if they stood there so often: 'de/*.txt=2' (repeatable)",
        detail: "From 1 to 1000. The pattern is one for the path, or its end behind a slash; of "
          + "several that fit the last one holds."
      ).detailed,
    ]
  }

  /// - Parameter family: what ends the name of the directory.
  static func output(_ family: String) -> [Option] {
    [
      .optional(
        "output", short: "o", \.choices.output, .path("DIR"),
        "where to write (default Vocab/NAME-\(family))",
        detail: "NAME is that of the first input without its suffixes, or stdin."),
      .flag(
        "force", short: "f", \.choices.replaces, "replace what toktrain wrote there before",
        detail: "Only an empty directory or one that toktrain wrote is ever replaced."),
      .optional(
        "report", \.choices.report, .path("FILE"), "say as JSON how the run went",
        detail: "How long each part took, the peak of memory, and of unigram the loss of each "
          + "round."
      ).detailed,
    ]
  }
}
