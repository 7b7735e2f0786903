import Tokenization

/// Where the row of a token comes from.
public enum RowOrigin: Sendable, Equatable {
  /// The same token of the old vocabulary.
  case copied(TokenID)
  /// The mean of the rows of these tokens.
  case pieces([TokenID])
  /// A sum of rows with weights that are positive and sum up to 1.
  case weighted([WeightedRow])
  /// The mean of all old rows.
  case mean
  /// A draw about the mean of all old rows, each column by itself or all together.
  case drawn
  /// The new vocabulary has no token here; zeros.
  case absent
}

/// A row of the old table and its share of a new one.
public struct WeightedRow: Sendable, Equatable {
  public var id: TokenID
  public var weight: Float

  public init(id: TokenID, weight: Float) {
    self.id = id
    self.weight = weight
  }
}
