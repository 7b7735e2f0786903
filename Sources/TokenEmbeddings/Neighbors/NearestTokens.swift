import Primitives
import Tokenization

/// Finds the tokens whose vectors point nearly the same way: the larger the cosine of the angle between
/// two, the nearer they are.
public struct NearestTokens: Sendable {
  /// A token and the cosine of the angle to what was asked for, -1...1.
  public struct Neighbor: Sendable, Equatable {
    public var id: TokenID
    public var cosine: Float
  }

  private let matrix: EmbeddingMatrix
  /// Rows that are tokens; those behind them only fill up the table.
  private let tokenCount: Int
  /// 1 over the length of each row; 0 for a row of zeros, which is near nothing.
  private let inverseLengths: [Float]
  private let threads: Int

  /// - Parameters:
  ///   - tokenCount: ids of the vocabulary.
  ///   - threads: at most; results are the same for any number.
  /// - Throws: `NeighborError.tooFewRows`, `.notFinite`, `.tooLarge`.
  /// - Complexity: O(rows × dimension).
  public init(
    _ matrix: EmbeddingMatrix, tokenCount: Int, threads: Int = Threads.available
  ) throws(NeighborError) {
    guard matrix.rowCount >= tokenCount else {
      throw .tooFewRows(rows: matrix.rowCount, tokens: tokenCount)
    }
    self.matrix = matrix
    self.tokenCount = tokenCount
    self.threads = threads
    let squares = Self.perRow(of: matrix, tokenCount, threads) { row in row.dot(row) }
    // What is no number makes none of the sum.
    if let row = squares.firstIndex(where: { !$0.isFinite }) {
      let start = row * matrix.dimension
      let column = (0..<matrix.dimension).first { !matrix.values[start + $0].isFinite }
      throw column.map { .notFinite(row: row, column: $0) } ?? .tooLarge(row: row)
    }
    inverseLengths = squares.map { $0 > 0 ? 1 / $0.squareRoot() : 0 }
  }

  public var dimension: Int { matrix.dimension }

  /// The mean of some tokens' vectors, each of length 1, itself brought to length 1: what stands for a
  /// word of several tokens.
  ///
  /// - Throws: `NeighborError.noRow`, `.noDirection`.
  public func direction(of ids: [TokenID]) throws(NeighborError) -> [Float] {
    var sum = [Float](repeating: 0, count: dimension)
    for id in ids {
      guard Int(id) < tokenCount, let row = matrix[id] else {
        throw .noRow(id: id, rows: tokenCount)
      }
      let scale = inverseLengths[Int(id)]
      for (column, value) in zip(sum.indices, row) { sum[column] += scale * value }
    }
    return try Self.unit(sum, of: ids)
  }

  /// Where the answer to "*first* is to *second* as *third* is to what?" is looked for
  /// (Mikolov, Yih, Zweig 2013).
  public func analogy(
    _ first: [TokenID], to second: [TokenID], as third: [TokenID]
  ) throws(NeighborError) -> [Float] {
    let parts: [[Float]] = [
      try direction(of: first), try direction(of: second), try direction(of: third),
    ]
    let sum = (0..<dimension).map { parts[1][$0] - parts[0][$0] + parts[2][$0] }
    return try Self.unit(sum, of: first + second + third)
  }

  private static func unit(_ vector: [Float], of ids: [TokenID]) throws(NeighborError) -> [Float] {
    let length = vector.withUnsafeBufferPointer { VectorRow($0).dot(VectorRow($0)) }.squareRoot()
    guard length > 0 else { throw .noDirection(ids: ids) }
    return vector.map { $0 / length }
  }

  /// The cosine of the angle between two directions.
  public func cosine(_ first: [Float], _ second: [Float]) -> Float {
    precondition(first.count == second.count, "vectors of the same space")
    return first.withUnsafeBufferPointer { first in
      second.withUnsafeBufferPointer { VectorRow(first).dot(VectorRow($0)) }
    }
  }

  /// The tokens nearest to a direction, nearest first, of equally near ones the lower id first.
  ///
  /// - Parameter excluded: ids that are passed over, such as those that were asked for.
  /// - Complexity: O(rows × dimension).
  public func nearest(
    to direction: [Float], count: Int, excluding excluded: Set<TokenID> = []
  ) -> [Neighbor] {
    precondition(direction.count == dimension, "a vector of this space")
    let cosines = direction.withUnsafeBufferPointer { direction in
      // Only read, by all threads.
      nonisolated(unsafe) let wanted = VectorRow(direction)
      return Self.perRow(of: matrix, tokenCount, threads) { row in row.dot(wanted) }
    }
    var best = BestNeighbors(count: count)
    for row in 0..<tokenCount where inverseLengths[row] > 0 {
      let cosine = cosines[row] * inverseLengths[row]
      guard best.takes(cosine) else { continue }
      let id = TokenID(truncatingIfNeeded: row)
      if !excluded.contains(id) { best.insert(Neighbor(id: id, cosine: cosine)) }
    }
    return best.neighbors
  }

  /// A number for each token's row.
  private static func perRow(
    of matrix: EmbeddingMatrix, _ rowCount: Int, _ threads: Int,
    _ number: @Sendable (VectorRow) -> Float
  ) -> [Float] {
    let dimension = matrix.dimension
    return Array(unsafeUninitializedCapacity: rowCount) { numbers, count in
      matrix.values.withUnsafeBufferPointer { values in
        // Each thread writes the numbers of its own rows.
        nonisolated(unsafe) let (numbers, values) = (numbers, values)
        Parts(rowCount, size: 2048).run(threads: threads) { rows in
          for row in rows {
            let start = row * dimension
            numbers[row] = number(VectorRow(values.extracting(start..<start + dimension)))
          }
        }
      }
      count = rowCount
    }
  }
}

/// The nearest so far, in order.
private struct BestNeighbors {
  private let count: Int
  private(set) var neighbors: [NearestTokens.Neighbor] = []

  init(count: Int) { self.count = max(0, count) }

  /// Whether one that comes now, with a higher id than all before, belongs to them.
  @inline(__always)
  func takes(_ cosine: Float) -> Bool {
    neighbors.count < count || cosine > (neighbors.last?.cosine ?? .infinity)
  }

  mutating func insert(_ neighbor: NearestTokens.Neighbor) {
    let place = neighbors.firstIndex { $0.cosine < neighbor.cosine } ?? neighbors.count
    neighbors.insert(neighbor, at: place)
    if neighbors.count > count { neighbors.removeLast() }
  }
}
