/// A regular expression that cuts text into pre-tokens, and how to read it.
///
/// Pieces are the matches and the stretches between them, as Hugging Face's `Split` with the
/// behavior "isolated" makes them; with patterns that match everywhere both are the same.
public struct SplitPattern: Sendable, Hashable, Codable {
  public var text: String
  public var dialect: PatternDialect

  public init(_ text: String, dialect: PatternDialect = .huggingFace) {
    self.text = text
    self.dialect = dialect
  }
}

/// Whose regular expressions a pattern is written in: the same text can mean different things.
public enum PatternDialect: String, Sendable, Hashable, CaseIterable, Codable {
  /// Oniguruma, as the `tokenizers` library runs it.
  case huggingFace = "huggingface"
  /// Rust's fancy-regex, as `tiktoken` runs it.
  case tiktoken
}
