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

extension SplitPattern {
  /// A text in Hugging Face's dialect that cuts equally, or nil if none is known.
  public var huggingFaceText: String? {
    if dialect == .huggingFace { return text }
    if text == NamedPattern.cl100k.pattern?.text {
      return #"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}|"#
        + #" ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++\z|\s*[\r\n]|\s+(?!\S)|\s"#
    }
    // Anchors, possessive intervals and caseless classes differ between the engines.
    let scalars = Array(text.unicodeScalars)
    let differs = scalars.indices.contains { index in
      scalars[index] == "$" || scalars[index] == "^" && (index == 0 || scalars[index - 1] != "[")
        || scalars[index] == "}" && index + 1 < scalars.count && scalars[index + 1] == "+"
          && (index > 0 && (scalars[index - 1] == "," || ("0"..."9").contains(scalars[index - 1])))
    }
    return differs ? nil : text
  }
}
