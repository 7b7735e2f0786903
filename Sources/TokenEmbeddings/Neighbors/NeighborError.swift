import Tokenization

/// Why vectors could not be compared.
public enum NeighborError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The table has no row for each token.
  case tooFewRows(rows: Int, tokens: Int)
  case notFinite(row: Int, column: Int)
  /// Squares of the row's numbers are beyond single precision.
  case tooLarge(row: Int)
  /// Other tokens than those of the table.
  case noRow(id: TokenID, rows: Int)
  /// All numbers of the vector are zero, as those of padding are.
  case noDirection(ids: [TokenID])

  public var description: String {
    switch self {
    case .tooFewRows(let rows, let tokens):
      return "the table has \(rows) rows, but the vocabulary has \(tokens) ids; give the table and "
        + "the vocabulary of the same model"
    case .notFinite(let row, let column):
      return "row \(row) has no number in column \(column); such vectors cannot be compared"
    case .tooLarge(let row):
      return
        "row \(row) has numbers above 10^19, of which squares cannot be summed; scale the table"
    case .noRow(let id, let rows):
      return "id \(id) has no row in a table of \(rows)"
    case .noDirection(let ids):
      let names = ids.map(String.init).joined(separator: ", ")
      return "the vector of \(ids.count == 1 ? "id" : "ids") \(names) is zero, so that nothing is "
        + "near it; padding and tokens that a corpus did not have may be so"
    }
  }
}
