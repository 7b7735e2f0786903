import Tokenization

/// Why rows could not be made for another vocabulary.
public enum TransferError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The table has no row for each token of the old vocabulary.
  case tooFewRows(rows: Int, ids: Int)
  /// The auxiliary table has no row for each token of the new vocabulary.
  case tooFewAuxiliaryRows(rows: Int, ids: Int)
  /// FOCUS needs vectors that say which tokens are used alike.
  case noAuxiliary
  /// No token of both vocabularies has an auxiliary vector.
  case noSharedTokens
  /// Most ids have no token.
  case sparseIDs(tokens: Int, ids: Int)
  case tokenizer(TokenizerError)

  public var description: String {
    switch self {
    case .tooFewRows(let rows, let ids):
      return
        "the table has \(rows) rows, but the old vocabulary has \(ids) ids; give the table and "
        + "the tokenizer of the same model"
    case .tooFewAuxiliaryRows(let rows, let ids):
      return
        "the auxiliary table has \(rows) rows, but the new vocabulary has \(ids) ids; learn it "
        + "with the new tokenizer"
    case .noAuxiliary:
      return "focus needs vectors that say which tokens are used alike; give a corpus or a table"
    case .noSharedTokens:
      return "no token of both vocabularies has an auxiliary vector; give more text"
    case .sparseIDs(let tokens, let ids):
      return
        "\(tokens) tokens have ids up to \(ids - 1): most rows of the table would belong to no "
        + "token; renumber the vocabulary without gaps"
    case .tokenizer(let error):
      return error.description
    }
  }
}
