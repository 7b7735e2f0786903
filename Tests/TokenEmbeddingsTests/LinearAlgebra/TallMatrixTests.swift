import Primitives
import Testing

@testable import TokenEmbeddings

@Suite("Tall and sparse matrices")
struct TallMatrixTests {
  /// Small whole numbers, so that every order of summing gives the same.
  static func whole(rows: Int, columns: Int, seed: UInt64, density: Double = 1) -> SmallMatrix {
    var numbers = RandomSequence(seed: seed, place: 0)
    var matrix = SmallMatrix(rowCount: rows, columnCount: columns)
    for index in matrix.values.indices {
      let isThere = numbers.unit() < density
      matrix.values[index] = isThere ? Double(numbers.next() % 17) - 8 : 0
    }
    return matrix
  }

  /// A matrix that there was memory for.
  static func made(_ matrix: consuming TallMatrix?) throws -> TallMatrix {
    guard let matrix else { throw CorpusVectorError.outOfMemory }
    return matrix
  }

  static func tall(_ matrix: SmallMatrix) throws -> TallMatrix {
    let tall = try made(
      TallMatrix(rowCount: matrix.rowCount, columnCount: matrix.columnCount))
    for row in 0..<matrix.rowCount {
      for column in 0..<matrix.columnCount { tall[row, column] = Float(matrix[row, column]) }
    }
    return tall
  }

  static func small(_ matrix: borrowing TallMatrix) -> SmallMatrix {
    var small = SmallMatrix(rowCount: matrix.rowCount, columnCount: matrix.columnCount)
    for row in 0..<matrix.rowCount {
      for column in 0..<matrix.columnCount { small[row, column] = Double(matrix[row, column]) }
    }
    return small
  }

  static func sparse(_ matrix: SmallMatrix, blockSize: Int = 3) -> SparseMatrix {
    let blocks = stride(from: 0, to: matrix.rowCount, by: blockSize).map { start in
      var block = SparseMatrix.Block(rows: start..<min(matrix.rowCount, start + blockSize))
      for row in block.rows {
        for column in 0..<matrix.columnCount where matrix[row, column] != 0 {
          block.columns.append(UInt32(column))
          block.values.append(Float(matrix[row, column]))
        }
        block.starts.append(block.values.count)
      }
      return block
    }
    return SparseMatrix(columnCount: matrix.columnCount, blocks: blocks)
  }

  @Test("Products are those of the definition", arguments: [(1, 1, 1), (70, 16, 3), (131, 21, 40)])
  func products(rows: Int, inner: Int, columns: Int) throws {
    let left = Self.whole(rows: rows, columns: inner, seed: 1)
    let right = Self.whole(rows: inner, columns: columns, seed: 2)
    let expected = left.times(right)
    for threads in [1, 2, 3, 8] {
      let product = try Self.made(try Self.tall(left).times(right, threads: threads))
      #expect(Self.small(product) == expected)
      let thin = Self.whole(rows: rows, columns: inner, seed: 3, density: 0.2)
      let sparse = try Self.made(
        Self.sparse(thin).times(try Self.tall(right), threads: threads))
      #expect(Self.small(sparse) == thin.times(right))
    }
  }

  @Test("Inner products of columns, over more rows than a part has")
  func gram() throws {
    let matrix = Self.whole(rows: 1500, columns: 19, seed: 4)
    let expected = matrix.transposed.times(matrix)
    for threads in [1, 2, 3] {
      #expect(try Self.tall(matrix).gram(threads: threads) == expected)
    }
  }

  @Test("Wanted rows get mean 0 and the deviation that was asked for; others stay")
  func standardized() throws {
    let matrix = Self.whole(rows: 50, columns: 18, seed: 5)
    let tall = try Self.tall(matrix)
    let isWanted = (0..<50).map { $0 % 5 != 0 }
    tall.standardize(where: isWanted, to: 0.02)
    let after = Self.small(tall)
    var squares = 0.0
    for column in 0..<18 {
      var sum = 0.0
      for row in 0..<50 {
        if !isWanted[row] {
          #expect(after[row, column] == matrix[row, column])
          continue
        }
        sum += after[row, column]
        squares += after[row, column] * after[row, column]
      }
      #expect(abs(sum) < 1e-6)
    }
    #expect(abs((squares / (40 * 18)).squareRoot() - 0.02) < 1e-8)
    // Equal rows have no deviation; nothing is divided by it.
    let flat = try Self.tall(SmallMatrix(rowCount: 4, columnCount: 2))
    flat.standardize(where: [true, true, true, true], to: 1)
    #expect(Self.small(flat).values.allSatisfy { $0 == 0 })
  }

  @Test("Rows come out as they went in")
  func rows() throws {
    let matrix = Self.whole(rows: 5, columns: 35, seed: 6)
    let tall = try Self.tall(matrix)
    var row = [Float](repeating: .nan, count: 35)
    row.withUnsafeMutableBufferPointer { tall.copyRow(3, to: $0) }
    #expect(row.map(Double.init) == Array(matrix.values[105..<140]))
  }

  @Test("Rows that Gram and Schmidt made are orthonormal and keep the first direction")
  func orthonormalRows() {
    let random = Self.whole(rows: 12, columns: 12, seed: 7)
    let rows = random.orthonormalizingRows()
    let inner = rows.times(rows.transposed)
    for row in 0..<12 {
      for column in 0..<12 {
        #expect(abs(inner[row, column] - (row == column ? 1 : 0)) < 1e-12)
      }
    }
    #expect(
      rows[0, 0] * random[0, 1] == rows[0, 1] * random[0, 0]
        || abs(rows[0, 0] * random[0, 1] - rows[0, 1] * random[0, 0]) < 1e-13)
  }
}
