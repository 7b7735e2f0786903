import Tokenization
import TokenizerTraining

/// A command that is told how text is cut into words.
protocol CuttingCommand: TrainerCommand {
  var cuts: CuttingChoices { get set }
}

/// How text is cut into words; `nil`: the trainer's standard.
struct CuttingChoices: Equatable {
  var pattern: PatternChoice?
  var patternText: String?
  var patternDialect: PatternDialect?
  var breaksWords = false

  /// What was asked for; `nil` inside it leaves documents whole.
  var chosen: SplitPattern?? {
    if let patternText {
      return .some(SplitPattern(patternText, dialect: patternDialect ?? .huggingFace))
    }
    return pattern.map { $0.splitPattern }
  }

  func validate() throws(UsageError) {
    if pattern != nil && patternText != nil {
      throw .conflict("--pattern and --pattern-regex exclude each other; give one of them")
    }
    if patternDialect != nil && patternText == nil {
      throw .conflict("--pattern-dialect says how --pattern-regex is read; give that too")
    }
  }
}

extension Option where C: CuttingCommand {
  static var cuts: [Option] {
    [
      .optional(
        "pattern", short: "p", \.cuts.pattern, .choice("NAME"),
        "how text is cut into words (default cl100k)",
        detail: "A named pattern means what its own library does with it; 'none' leaves a "
          + "document whole, 'whitespace' cuts at blanks."),
      .optional(
        "pattern-regex", \.cuts.patternText, .text("TEXT"),
        "a regular expression to cut by instead"),
      .optional(
        "pattern-dialect", \.cuts.patternDialect, .choice("NAME"),
        "whose regular expressions those are",
        detail: "huggingface (default): Oniguruma as the tokenizers library has it; tiktoken: "
          + "fancy-regex."),
      .flag(
        "word-breaks", \.cuts.breaksWords, "no token spans two words written without a space",
        detail:
          "Thai, Lao, Khmer, Burmese, Chinese and Japanese, by ICU's dictionaries. They bound "
          + "what is learned; the tokenizer does not contain them and cuts as it would without."),
    ]
  }
}

/// Names that `--pattern` takes.
enum PatternChoice: String, CaseIterable {
  case gpt2, cl100k, o200k, llama3, qwen2, none, whitespace

  /// `nil` leaves documents whole.
  var splitPattern: SplitPattern? { NamedPattern(rawValue: rawValue)?.pattern }
}
