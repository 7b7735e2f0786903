/// Patterns of well-known tokenizers, and three simple ones.
public enum NamedPattern: String, CaseIterable, Sendable {
  case gpt2, cl100k, o200k, llama3, qwen2
  /// The whole text is one piece.
  case none
  /// Runs of whitespace and runs of other characters; nothing is lost.
  case whitespace

  /// What its own library does: cl100k and o200k in tiktoken's dialect, others in Hugging Face's;
  /// nil for `none`.
  public var pattern: SplitPattern? {
    switch self {
    case .none: nil
    case .gpt2:
      SplitPattern(
        #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#)
    case .cl100k:
      SplitPattern(
        #"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+|"#
          + #" ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s"#, dialect: .tiktoken)
    case .o200k: SplitPattern(Self.o200kText, dialect: .tiktoken)
    case .llama3: SplitPattern(Self.llamaText(digits: #"\p{N}{1,3}"#))
    case .qwen2: SplitPattern(Self.llamaText(digits: #"\p{N}"#))
    case .whitespace: SplitPattern(#"\S+|\s+"#)
    }
  }

  /// The text that Hugging Face's engine reads equally; nil for `none`.
  public var huggingFaceText: String? { pattern?.huggingFaceText }

  private static let o200kText =
    #"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+"#
    + #"(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"#
    + #"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*"#
    + #"(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"#
    + #"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"#

  private static func llamaText(digits: String) -> String {
    #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|"# + digits
      + #"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
  }
}
