import Primitives
import Testing

@testable import TokenEmbeddings

@Suite("Eigenvalues of symmetric matrices")
struct SymmetricEigenTests {
  /// Values, vectors and matrix belong together, and vectors are orthonormal, all within 1e-13 of the
  /// largest entry.
  private static func check(
    _ matrix: SmallMatrix, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let eigen = SymmetricEigen(matrix)
    let size = matrix.rowCount
    let bound = 1e-13 * Double(size) * max(1e-300, matrix.values.reduce(0) { max($0, abs($1)) })
    let image = matrix.times(eigen.vectors)
    let inner = eigen.vectors.transposed.times(eigen.vectors)
    for row in 0..<size {
      for column in 0..<size {
        let expected = eigen.values[column] * eigen.vectors[row, column]
        #expect(abs(image[row, column] - expected) <= bound, sourceLocation: sourceLocation)
        let unit = row == column ? 1.0 : 0
        #expect(
          abs(inner[row, column] - unit) <= 1e-13 * Double(size), sourceLocation: sourceLocation)
      }
    }
    #expect(eigen.values == eigen.values.sorted(by: >), sourceLocation: sourceLocation)
  }

  @Test("Known answers")
  func known() {
    let eigen = SymmetricEigen(SmallMatrix(rows: [[2, 1], [1, 2]]))
    #expect(abs(eigen.values[0] - 3) < 1e-15 && abs(eigen.values[1] - 1) < 1e-15)
    #expect(abs(eigen.vectors[0, 0] - 0.5.squareRoot()) < 1e-15)
    // The second difference of five places: 2 - 2 cos(k π / 6).
    var second = SmallMatrix(rowCount: 5, columnCount: 5)
    for place in 0..<5 {
      second[place, place] = 2
      if place > 0 { (second[place, place - 1], second[place - 1, place]) = (-1, -1) }
    }
    let expected = [2 + 3.0.squareRoot(), 3, 2, 1, 2 - 3.0.squareRoot()]
    for (value, known) in zip(SymmetricEigen(second).values, expected) {
      #expect(abs(value - known) < 1e-14)
    }
  }

  @Test("Random matrices of all sizes", arguments: [1, 2, 3, 4, 5, 8, 13, 24])
  func random(size: Int) {
    for round in 0..<3 {
      var numbers = RandomSequence(seed: 17, place: UInt64(size * 10 + round))
      var matrix = SmallMatrix(rowCount: size, columnCount: size)
      for row in 0..<size {
        for column in 0...row {
          matrix[row, column] = 2 * numbers.unit() - 1
          matrix[column, row] = matrix[row, column]
        }
      }
      Self.check(matrix)
    }
  }

  @Test("Nothing, zeros, equal values, low rank, huge and tiny numbers")
  func degenerate() {
    #expect(SymmetricEigen(SmallMatrix(rowCount: 0, columnCount: 0)).values.isEmpty)
    Self.check(SmallMatrix(rowCount: 6, columnCount: 6))
    Self.check(.identity(7))
    var ones = SmallMatrix(rowCount: 9, columnCount: 9)
    for index in ones.values.indices { ones.values[index] = 1 }
    Self.check(ones)
    for index in ones.values.indices { ones.values[index] = 1e300 }
    Self.check(ones)
    for index in ones.values.indices { ones.values[index] = 1e-300 }
    #expect(abs(SymmetricEigen(ones).values[0] / 9e-300 - 1) < 1e-14)
    // Hilbert's matrix: values over 13 orders of magnitude.
    var hilbert = SmallMatrix(rowCount: 10, columnCount: 10)
    for row in 0..<10 {
      for column in 0..<10 { hilbert[row, column] = 1 / Double(row + column + 1) }
    }
    Self.check(hilbert)
  }
}

extension SmallMatrix {
  init(rows: [[Double]]) {
    self.init(rowCount: rows.count, columnCount: rows.first?.count ?? 0)
    values = rows.flatMap { $0 }
  }

  static func identity(_ size: Int) -> SmallMatrix {
    var matrix = SmallMatrix(rowCount: size, columnCount: size)
    for index in 0..<size { matrix[index, index] = 1 }
    return matrix
  }

  var transposed: SmallMatrix {
    var matrix = SmallMatrix(rowCount: columnCount, columnCount: rowCount)
    for row in 0..<rowCount {
      for column in 0..<columnCount { matrix[column, row] = self[row, column] }
    }
    return matrix
  }
}
