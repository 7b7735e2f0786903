/// A matrix of some hundred rows and columns, in double precision, row-major: what is left of a tall
/// one once its rows are summed up.
struct SmallMatrix: Sendable, Equatable {
  let rowCount: Int
  let columnCount: Int
  /// `[rowCount × columnCount]`.
  var values: [Double]

  /// A matrix of zeros.
  init(rowCount: Int, columnCount: Int) {
    self.rowCount = rowCount
    self.columnCount = columnCount
    values = Array(repeating: 0, count: rowCount * columnCount)
  }

  subscript(row: Int, column: Int) -> Double {
    get { values[row * columnCount + column] }
    set { values[row * columnCount + column] = newValue }
  }

  /// The product with another matrix. Complexity: O(rows × columns × columns of the other).
  func times(_ other: SmallMatrix) -> SmallMatrix {
    precondition(columnCount == other.rowCount, "matrices of other shapes")
    var product = SmallMatrix(rowCount: rowCount, columnCount: other.columnCount)
    for row in 0..<rowCount {
      for inner in 0..<columnCount {
        let factor = self[row, inner]
        if factor == 0 { continue }
        for column in 0..<other.columnCount {
          product[row, column] += factor * other[inner, column]
        }
      }
    }
    return product
  }

  /// Rows of length 1 that are orthogonal to each other and span the same space (Gram and Schmidt, with
  /// each row taken out of all that follow it as soon as it is known).
  ///
  /// - Precondition: the rows are independent, as random ones are that are not more than the columns.
  func orthonormalizingRows() -> SmallMatrix {
    var result = self
    let (rowCount, width) = (rowCount, columnCount)
    result.values.withUnsafeMutableBufferPointer { values in
      for row in 0..<rowCount {
        let current = row * width
        var square = 0.0
        for column in 0..<width { square += values[current + column] * values[current + column] }
        let length = square.squareRoot()
        for column in 0..<width { values[current + column] /= length }
        for later in row + 1..<rowCount {
          let start = later * width
          var part = 0.0
          for column in 0..<width { part += values[current + column] * values[start + column] }
          for column in 0..<width { values[start + column] -= part * values[current + column] }
        }
      }
    }
    return result
  }

  /// Columns times numbers, one for each.
  func scalingColumns(by factors: [Double]) -> SmallMatrix {
    precondition(columnCount == factors.count, "a factor for each column")
    var scaled = self
    for row in 0..<rowCount {
      for column in 0..<columnCount { scaled[row, column] *= factors[column] }
    }
    return scaled
  }

  /// The first columns alone.
  func prefixColumns(_ count: Int) -> SmallMatrix {
    var prefix = SmallMatrix(rowCount: rowCount, columnCount: min(count, columnCount))
    for row in 0..<rowCount {
      for column in 0..<prefix.columnCount { prefix[row, column] = self[row, column] }
    }
    return prefix
  }
}
