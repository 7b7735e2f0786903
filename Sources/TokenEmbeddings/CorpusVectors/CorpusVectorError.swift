import Tokenization
import TokenizerTraining

/// Why no vectors could be learned from a corpus.
public enum CorpusVectorError: Error, Equatable, Sendable, CustomStringConvertible {
  case outOfRange(option: String, value: String, least: String, most: String)
  case corpus(CorpusError)
  /// - document: its number in the corpus, from 1.
  case encoding(document: Int, TokenizerError)
  case documentTooLong(document: Int, tokens: Int)
  /// No two tokens that are frequent enough stand near each other more often than by chance.
  case nothingToLearn(tokens: Int, minimumCount: Int)
  /// Most ids have no token.
  case sparseIDs(tokens: Int, ids: Int)
  case outOfMemory

  public var description: String {
    switch self {
    case .outOfRange(let option, let value, let least, let most):
      return "\(option) \(value) is not between \(least) and \(most)"
    case .corpus(let error):
      return error.description
    case .encoding(let document, let error):
      return "document \(document): \(error)"
    case .documentTooLong(let document, let tokens):
      return
        "document \(document) has \(tokens) tokens; 4 billion are possible, so cut it, or take "
        + "lines as documents"
    case .nothingToLearn(let tokens, let minimumCount):
      return "\(tokens) tokens of text hold no two that occur \(minimumCount) times and stand near "
        + "each other more often than by chance; give more text, or ask for fewer occurrences"
    case .sparseIDs(let tokens, let ids):
      return
        "\(tokens) tokens have ids up to \(ids - 1): most rows of the table would belong to no "
        + "token; renumber the vocabulary without gaps"
    case .outOfMemory:
      return "not enough memory for the vectors; choose a smaller dimension or rank"
    }
  }
}
