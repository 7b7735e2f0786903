/// What cuts normalized text into pre-tokens: steps, applied in order, each to the pieces of the one
/// before. They are those of `tokenizer.json`, with its defaults where it has some.
public struct PreTokenizer: Sendable, Hashable, Codable {
  public enum Step: Sendable, Hashable, Codable {
    /// Cuts at the matches of a pattern or text; `inverts`: the stretches between them count as
    /// matches, and matches as stretches.
    case split(SplitDelimiter, SplitBehavior, inverts: Bool)
    /// Spells bytes as printable characters, after the cuts of GPT-2 if wanted.
    case byteLevel(ByteLevelSettings)
    /// Replaces blanks by a visible character and cuts before it.
    case metaspace(MetaspaceSettings)
    /// Drops whitespace, isolates punctuation.
    case bert
    /// Keeps runs of word characters, and runs of what is neither word nor whitespace.
    case whitespace
    /// Keeps what stands between whitespace.
    case whitespaceSplit
    case punctuation(SplitBehavior)
    /// Numeric characters, each by itself or in runs.
    case digits(individually: Bool)
    /// Cuts where the script changes.
    case unicodeScripts
    /// Keeps what stands between occurrences of a character (a Unicode scalar).
    case characterDelimiter(UInt32)
    /// Pieces of so many characters (Unicode scalars).
    case fixedLength(Int)
    /// Cuts where no piece of SentencePiece's trainers can reach across. In no `tokenizer.json`.
    case sentencePiece(SentencePieceCuts)

    /// Pieces are the matches of a pattern and the stretches between them.
    public static func split(_ pattern: SplitPattern) -> Step {
      .split(.pattern(pattern), .isolated, inverts: false)
    }
  }

  public var steps: [Step]

  public init(_ steps: [Step] = []) { self.steps = steps }

  /// Pieces are the matches of a pattern and the stretches between them; without one, documents.
  public init(_ pattern: SplitPattern?) { steps = pattern.map { [.split($0)] } ?? [] }

  /// A document is one pre-token.
  public static let none = PreTokenizer()

  /// Whether a step does something else where a text begins.
  var looksAtTextStart: Bool {
    steps.contains {
      if case .metaspace(let settings) = $0 { settings.prependScheme == .first } else { false }
    }
  }

  /// Whether the pieces are bytes in the end, so that a vocabulary of bytes fits.
  public var endsInBytes: Bool {
    if case .byteLevel = steps.last { true } else { false }
  }
}

/// What a split looks for.
public enum SplitDelimiter: Sendable, Hashable, Codable {
  /// A text, UTF-8.
  case text([UInt8])
  case pattern(SplitPattern)
}

/// Settings of the byte-level step, which is a pre-tokenizer, a post-processor and a decoder at once.
public struct ByteLevelSettings: Sendable, Hashable, Codable {
  /// Whether a blank is put before a piece that does not begin with one.
  public var addsPrefixSpace: Bool
  /// Whether the post-processor takes blanks at the ends of tokens out of their offsets.
  public var trimsOffsets: Bool
  /// Whether text is cut by GPT-2's pattern.
  public var usesPattern: Bool

  public init(addsPrefixSpace: Bool, trimsOffsets: Bool = true, usesPattern: Bool) {
    self.addsPrefixSpace = addsPrefixSpace
    self.trimsOffsets = trimsOffsets
    self.usesPattern = usesPattern
  }
}

/// Settings of the metaspace step.
public struct MetaspaceSettings: Sendable, Hashable, Codable {
  /// When the replacement is put before a piece that begins with neither it nor a blank.
  public enum PrependScheme: String, Sendable, Hashable, Codable {
    case always, never
    /// Only where the text begins.
    case first
  }

  /// A Unicode scalar.
  public var replacement: UInt32
  public var prependScheme: PrependScheme
  /// Whether text is cut before each replacement.
  public var splits: Bool

  public init(
    replacement: UInt32 = 0x2581, prependScheme: PrependScheme = .always,
    splits: Bool = true
  ) {
    self.replacement = replacement
    self.prependScheme = prependScheme
    self.splits = splits
  }
}
