/// A part of the corpus: a file, or all files of a language.
public struct TextGroup: Sendable, Equatable, Codable {
  /// A path or the name of a language: foreign text, which renderers must escape.
  public var name: [UInt8]
  public var documents: Int
  public var bytes: Int
  public var characters: Int
  public var words: Int
  /// Tokens by model.
  public var tokens: [Int]
  /// By model; `nil` without tokens.
  public var bytesPerToken: [Double?]
  /// By model; `nil` without words.
  public var tokensPerWord: [Double?]
  /// By model: what the language costs for each token that the language of comparison costs (Petrov et
  /// al. 2023), in tokens for each document of a parallel corpus, for each byte of another; `nil` for
  /// files, and where there is no cost.
  public var parity: [Double?]
  /// Whether this is the language of comparison.
  public var isReference: Bool

  public init(
    name: [UInt8], documents: Int, bytes: Int, characters: Int, words: Int, tokens: [Int],
    bytesPerToken: [Double?], tokensPerWord: [Double?], parity: [Double?],
    isReference: Bool = false
  ) {
    self.name = name
    self.documents = documents
    self.bytes = bytes
    self.characters = characters
    self.words = words
    self.tokens = tokens
    self.bytesPerToken = bytesPerToken
    self.tokensPerWord = tokensPerWord
    self.parity = parity
    self.isReference = isReference
  }
}
