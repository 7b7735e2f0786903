import Primitives
import Tokenization

/// Mean, deviations and covariance of the rows of a table.
struct RowStatistics {
  /// By column.
  let mean: [Double]
  /// By column, with one row less as the divisor.
  let deviations: [Double]
  private let matrix: EmbeddingMatrix
  private let rowCount: Int

  /// - Parameter rowCount: rows that are tokens; those behind them only fill up the table.
  init(_ matrix: EmbeddingMatrix, rowCount: Int) {
    let dimension = matrix.dimension
    var sums = [Double](repeating: 0, count: dimension)
    var squares = sums
    func forEachRow(_ body: (_ column: Int, _ value: Double) -> Void) {
      matrix.values.withUnsafeBufferPointer { values in
        for row in 0..<rowCount {
          for column in 0..<dimension { body(column, Double(values[row * dimension + column])) }
        }
      }
    }
    forEachRow { sums[$0] += $1 }
    let mean = sums.map { $0 / Double(max(1, rowCount)) }
    forEachRow { squares[$0] += ($1 - mean[$0]) * ($1 - mean[$0]) }
    self.mean = mean
    deviations = squares.map { ($0 / Double(max(1, rowCount - 1))).squareRoot() }
    self.matrix = matrix
    self.rowCount = rowCount
  }

  /// A triangular matrix of which the product with its transpose is the covariance (Cholesky). Where a
  /// column depends on those before it, nothing of it is left, and its column here is zero.
  ///
  /// - Complexity: O(rows × dimension² + dimension³). `nil` where there is no memory for it.
  func covarianceRoot(threads: Int) -> SmallMatrix? {
    let dimension = matrix.dimension
    guard let centred = TallMatrix(rowCount: rowCount, columnCount: dimension) else { return nil }
    for row in 0..<rowCount {
      for column in 0..<dimension {
        centred[row, column] = Float(
          Double(matrix.values[row * dimension + column]) - mean[column])
      }
    }
    return centred.gram(threads: threads).choleskyRoot(dividingBy: Double(max(1, rowCount)))
  }
}

extension SmallMatrix {
  /// The lower triangular matrix L with L Lᵀ = this / divisor, for one without negative eigenvalues.
  fileprivate func choleskyRoot(dividingBy divisor: Double) -> SmallMatrix {
    var root = SmallMatrix(rowCount: rowCount, columnCount: rowCount)
    let largest = (0..<rowCount).reduce(0) { max($0, self[$1, $1]) }
    root.values.withUnsafeMutableBufferPointer { root in
      let size = rowCount
      for row in 0..<size {
        for column in 0...row {
          var rest = self[row, column] / divisor
          for inner in 0..<column { rest -= root[row * size + inner] * root[column * size + inner] }
          if column < row {
            let pivot = root[column * size + column]
            root[row * size + column] = pivot > 0 ? rest / pivot : 0
          } else {
            // What rounding leaves of a column that depends on others.
            root[row * size + row] =
              rest > 1e-12 * largest / divisor ? rest.squareRoot() : 0
          }
        }
      }
    }
    return root
  }
}
