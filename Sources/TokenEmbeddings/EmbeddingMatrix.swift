import Tokenization

/// The first layer of a transformer: one vector for each token of a vocabulary.
///
/// Shape `[rowCount × dimension]`, row-major, float32; row `i` belongs to `TokenID` `i`.
public struct EmbeddingMatrix: Sendable, Equatable {
  public let rowCount: Int
  public let dimension: Int
  public var values: [Float] {
    didSet { precondition(values.count == rowCount * dimension) }
  }

  /// A matrix of zeros.
  public init(rowCount: Int, dimension: Int) {
    self.init(
      rowCount: rowCount, dimension: dimension,
      values: Array(repeating: 0, count: rowCount * dimension))
  }

  /// - Precondition: `values` are `rowCount * dimension`, row after row.
  public init(rowCount: Int, dimension: Int, values: [Float]) {
    precondition(values.count == rowCount * dimension)
    self.rowCount = rowCount
    self.dimension = dimension
    self.values = values
  }

  /// The vector of a token, or `nil` for an id past the table. Complexity: O(1).
  public subscript(id: TokenID) -> ArraySlice<Float>? {
    let row = Int(id)
    guard row < rowCount else { return nil }
    return values[row * dimension..<(row + 1) * dimension]
  }
}
