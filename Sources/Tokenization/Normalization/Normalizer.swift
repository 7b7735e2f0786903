/// What happens to text before it is cut into pre-tokens: steps, applied in order.
///
/// `CompiledNormalizer` applies it.
public struct Normalizer: Sendable, Hashable, Codable {
  public enum Step: Sendable, Hashable, Codable {
    case form(NormalizationForm)
    /// Each character becomes its full lower case, whatever its language and its neighbors (there
    /// is no final sigma).
    case lowercase
    /// Each character becomes its full case folding (The Unicode Standard, section 3.13).
    case caseFolding
    /// All combining marks go. Composed characters keep theirs: let a decomposing form come first.
    case stripAccents
    /// White space goes from the ends of the text.
    case strip(left: Bool, right: Bool)
    /// Occurrences become another text, from left to right.
    case replace(Searched, replacement: [UInt8])
    /// A text stands first, unless the text is empty.
    case prepend([UInt8])
    case bert(BERTCleaning)
    /// The cleaning of Hugging Face's `Nmt`: some controls go; tabs, line ends and some characters
    /// that cannot be seen become blanks, the zero-width joiner among them.
    case nmt
    /// Each byte becomes its printable character (`ByteAlphabet`).
    case byteLevel
    /// All that SentencePiece does to a text.
    case sentencePiece(SentencePieceNormalization)
    /// The rules of a charsmap as Hugging Face's `Precompiled` applies them.
    case precompiled(Charsmap)
  }

  /// What `replace` looks for.
  public enum Searched: Sendable, Hashable, Codable {
    case text([UInt8])
    case pattern(SplitPattern)
  }

  /// The cleaning of BERT's tokenizer, in the order of the members.
  public struct BERTCleaning: Sendable, Hashable, Codable {
    /// Controls, format characters and U+FFFD go, white space becomes blanks.
    public var cleansText: Bool
    /// Ideographs get a blank on each side.
    public var spacesIdeographs: Bool
    /// Characters are decomposed, and nonspacing marks go; `nil`: if `lowercases`.
    public var stripsAccents: Bool?
    public var lowercases: Bool

    /// The defaults are those of uncased models.
    public init(
      cleansText: Bool = true, spacesIdeographs: Bool = true, stripsAccents: Bool? = nil,
      lowercases: Bool = true
    ) {
      self.cleansText = cleansText
      self.spacesIdeographs = spacesIdeographs
      self.stripsAccents = stripsAccents
      self.lowercases = lowercases
    }
  }

  public var steps: [Step]
  /// By whose data.
  public var unicode: UnicodeData

  public init(_ steps: [Step] = [], unicode: UnicodeData = .huggingFace) {
    self.steps = steps
    self.unicode = unicode
  }

  /// Text as it is.
  public static let none = Normalizer()
}
