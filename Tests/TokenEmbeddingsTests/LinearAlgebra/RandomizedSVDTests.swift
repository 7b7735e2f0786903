import Primitives
import Testing

@testable import TokenEmbeddings

@Suite("Singular values from random vectors")
struct RandomizedSVDTests {
  private static func decomposition(
    of matrix: SmallMatrix, rank: Int, iterations: Int = 8, threads: Int = 2, seed: UInt64 = 0
  ) throws -> RandomizedSVD {
    let made = RandomizedSVD(
      of: TallMatrixTests.sparse(matrix), transposed: TallMatrixTests.sparse(matrix.transposed),
      rank: rank, oversampling: 8, powerIterations: iterations, seed: seed, threads: threads)
    guard let made else { throw CorpusVectorError.outOfMemory }
    return made
  }

  @Test("Values are the roots of the eigenvalues of M Mᵀ, and vectors belong to them")
  func random() throws {
    let matrix = TallMatrixTests.whole(rows: 60, columns: 45, seed: 11, density: 0.3)
    let exact = SymmetricEigen(matrix.times(matrix.transposed)).values.map {
      max(0, $0).squareRoot()
    }
    let found = try Self.decomposition(of: matrix, rank: 10)
    #expect(found.singularValues.count == 10)
    for (value, expected) in zip(found.singularValues, exact) {
      #expect(abs(value / expected - 1) < 1e-3)
    }
    let vectors = try TallMatrixTests.made(found.vectors(times: .identity(10), threads: 1))
    let left = TallMatrixTests.small(vectors)
    let inner = left.transposed.times(left)
    let image = matrix.times(matrix.transposed).times(left)
    for column in 0..<10 {
      for other in 0..<10 {
        #expect(abs(inner[column, other] - (column == other ? 1 : 0)) < 1e-4)
      }
      // The last ones are least exact: their neighbours beyond the rank are near.
      guard column < 5 else { continue }
      let square = found.singularValues[column] * found.singularValues[column]
      for row in 0..<60 {
        #expect(abs(image[row, column] - square * left[row, column]) < 0.01 * square)
      }
    }
  }

  @Test("A matrix of low rank has no more values than its rank; one of zeros has none")
  func lowRank() throws {
    let left = TallMatrixTests.whole(rows: 40, columns: 3, seed: 12)
    let right = TallMatrixTests.whole(rows: 3, columns: 50, seed: 13)
    #expect(try Self.decomposition(of: left.times(right), rank: 20).singularValues.count == 3)
    let zeros = SmallMatrix(rowCount: 5, columnCount: 5)
    #expect(try Self.decomposition(of: zeros, rank: 2).singularValues.isEmpty)
  }

  @Test("The same bits for any number of threads, others for another seed")
  func threads() throws {
    let matrix = TallMatrixTests.whole(rows: 90, columns: 90, seed: 14, density: 0.2)
    func bits(threads: Int, seed: UInt64) throws -> [UInt64] {
      try Self.decomposition(
        of: matrix, rank: 12, iterations: 1, threads: threads, seed: seed
      ).singularValues.map(\.bitPattern)
    }
    let expected = try bits(threads: 1, seed: 5)
    for threads in [2, 3, 8] { #expect(try bits(threads: threads, seed: 5) == expected) }
    #expect(try bits(threads: 1, seed: 6) != expected)
  }
}
