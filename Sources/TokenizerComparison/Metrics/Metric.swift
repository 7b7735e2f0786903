/// What is measured of a tokenizer on a corpus. The raw value is its name in tables, JSON and on the
/// command line.
public enum Metric: String, Sendable, Hashable, Codable, CaseIterable {
  case roundTrip = "round-trip"
  case tokens = "tokens"
  case bytesPerToken = "bytes/token"
  case tokensPerWord = "tokens/word"
  case tokensPerCharacter = "tokens/character"
  case sequenceLength = "length"
  case wholeWords = "whole-words"
  case unknown = "unknown"
  case byteFallback = "byte-fallback"
  case vocabularyUsed = "vocabulary-used"
  case renyi = "renyi"
  case shannon = "shannon"
  case boundaryAgreement = "boundaries"
  case vocabularyOverlap = "vocabulary-overlap"
  case digitGrouping = "digit-grouping"
  case wholeCharacters = "whole-characters"
  case splitCharacters = "split-characters"
  case languageGini = "language-gini"

  /// What a reader of a number must know to read it.
  public enum Unit: String, Sendable, Codable {
    /// A whole number.
    case count
    /// One quantity for each of another.
    case ratio
    /// A part of a whole, 0...1; shown in percent.
    case share
    /// A number in 0...1 that is no part of anything.
    case index
  }

  /// Which way it is usually wanted. No sum is made of several metrics, and nobody wins.
  public enum Direction: String, Sendable, Codable {
    case higher, lower, neither
  }

  public var unit: Unit {
    switch self {
    case .tokens: .count
    case .bytesPerToken, .tokensPerWord, .tokensPerCharacter, .sequenceLength: .ratio
    case .roundTrip, .wholeWords, .unknown, .byteFallback, .vocabularyUsed, .wholeCharacters,
      .splitCharacters:
      .share
    case .renyi, .shannon, .boundaryAgreement, .vocabularyOverlap, .digitGrouping, .languageGini:
      .index
    }
  }

  public var direction: Direction {
    switch self {
    case .roundTrip, .bytesPerToken, .wholeWords, .vocabularyUsed, .renyi, .shannon,
      .digitGrouping, .wholeCharacters:
      .higher
    case .tokens, .tokensPerWord, .tokensPerCharacter, .sequenceLength, .unknown, .byteFallback,
      .splitCharacters, .languageGini:
      .lower
    case .boundaryAgreement, .vocabularyOverlap: .neither
    }
  }

  /// Whether it says something of a model and the first one together; the first one has no value.
  public var isOfPair: Bool { self == .boundaryAgreement || self == .vocabularyOverlap }

  /// How it is computed, with its source where it has one; one paragraph without line ends.
  public var definition: String {
    switch self {
    case .roundTrip:
      "Documents that decoding gives back byte for byte, of all documents."
    case .tokens:
      "Tokens of all documents, without special tokens around them. A larger vocabulary needs fewer."
    case .bytesPerToken:
      "Bytes of the text as it was given, before normalization, for each token."
    case .tokensPerWord:
      "Tokens for each word (fertility; Rust et al. 2021). Words are ICU's: what its word breaks "
        + "bound, if it has a letter, a digit, a kana or an ideograph; dictionaries cut scripts that "
        + "are written without blanks."
    case .tokensPerCharacter:
      "Tokens for each character, which is a Unicode scalar. In text that is not UTF-8, each byte "
        + "that is none of 80 to BF (hexadecimal) counts as one."
    case .sequenceLength:
      "Tokens for each token of the first model (normalized sequence length; Dagan et al. 2024)."
    case .wholeWords:
      "Words (see tokens/word) that no token border cuts and no unknown token stands for, of all words."
    case .unknown:
      "Unknown tokens, of all tokens. What they stand for is lost."
    case .byteFallback:
      "Tokens that stand for single bytes of characters without a token, of all tokens. Byte-level "
        + "models have none: their bytes are tokens like others."
    case .vocabularyUsed:
      "Tokens that occur at least once, of all tokens of the vocabulary, special ones included. It "
        + "grows with the corpus."
    case .renyi:
      "Rényi entropy of order 2.5 of the distribution of tokens, divided by the logarithm of the size "
        + "of the whole vocabulary (Zouhar et al. 2023). tokenization-scorer divides by that of the "
        + "number of tokens that occur."
    case .shannon:
      "Shannon entropy of the distribution of tokens, divided by the logarithm of the size of the whole "
        + "vocabulary."
    case .boundaryAgreement:
      "Token borders inside documents that a model and the first one share, of those that either has "
        + "(Jaccard index). A border is a place in the bytes of the text where a token begins or ends."
    case .vocabularyOverlap:
      "Token texts that a model and the first one share, of those that either has (Jaccard index): "
        + "what a token decodes to behind others, special tokens left out, each text once."
    case .digitGrouping:
      "How well borders inside runs of the digits 0 to 9 are those of groups of three from the right "
        + "(F1; Singh and Strouse 2024)."
    case .wholeCharacters:
      "Tokens that begin and end between characters, of all tokens."
    case .splitCharacters:
      "Characters that a token border cuts, of all characters of more than one byte."
    case .languageGini:
      "How unequal languages are in tokens for each byte, or for each document of a parallel corpus "
        + "(Gini coefficient over languages): 0 where they are equal."
    }
  }
}
