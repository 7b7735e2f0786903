import Primitives

/// The largest singular values of a sparse matrix and their left singular vectors, from products with
/// some random vectors (Halko, Martinsson, Tropp 2011, "Finding structure with randomness", algorithms
/// 4.4 and 5.1).
///
/// Bases are made orthonormal by the eigenvectors of their inner products, which costs a pass over
/// them where a QR decomposition would cost several.
struct RandomizedSVD: ~Copyable, Sendable {
  /// Descending, at most as many as were asked for: those that rounding could have made are left out.
  let singularValues: [Double]
  /// Spans the left singular vectors, approximately orthonormal.
  private let basis: TallMatrix
  /// The left singular vectors in terms of the basis, as many as there are values.
  private let rotation: SmallMatrix

  /// - Parameters:
  ///   - transposed: the same matrix with rows and columns exchanged.
  ///   - rank: how many values are wanted.
  ///   - oversampling: how many vectors more are carried along.
  ///   - powerIterations: how often they are multiplied by the matrix and its transpose; the slower
  ///     the values descend, the more it takes.
  /// - Returns: `nil` where there is no memory for it.
  /// - Complexity: O(entries × vectors × iterations).
  init?(
    of matrix: SparseMatrix, transposed: SparseMatrix, rank: Int, oversampling: Int,
    powerIterations: Int, seed: UInt64, threads: Int,
    progress: (_ productsDone: Int, _ products: Int) -> Void = { _, _ in }
  ) {
    let products = 2 * powerIterations + 2
    let width = min(rank + oversampling, matrix.rowCount, matrix.columnCount)
    progress(0, products)
    guard
      let start = Self.randomVectors(
        rowCount: matrix.columnCount, count: width, seed: seed, threads: threads),
      let first = matrix.times(start, threads: threads),
      var basis = Self.orthonormal(first, threads: threads)
    else { return nil }
    for iteration in 0..<powerIterations {
      progress(2 * iteration + 1, products)
      guard let back = transposed.times(basis, threads: threads),
        let forth = matrix.times(back, threads: threads),
        let better = Self.orthonormal(forth, threads: threads)
      else { return nil }
      basis = better
    }
    progress(products - 1, products)
    guard let projected = transposed.times(basis, threads: threads) else { return nil }
    let eigen = SymmetricEigen(projected.gram(threads: threads))
    let values = eigen.values.prefix(rank).map { max(0, $0).squareRoot() }
    singularValues = Array(values.prefix { $0 > Self.negligible * (values.first ?? 0) })
    rotation = eigen.vectors.prefixColumns(singularValues.count)
    self.basis = basis
    progress(products, products)
  }

  /// Of the largest singular value: what is smaller may be the rounding of single precision.
  private static let negligible = 1e-6

  /// The left singular vectors times a small matrix.
  func vectors(times factor: SmallMatrix, threads: Int) -> TallMatrix? {
    basis.times(rotation.times(factor), threads: threads)
  }

  /// Numbers between -1 and 1 that depend on the seed and their place alone.
  private static func randomVectors(
    rowCount: Int, count: Int, seed: UInt64, threads: Int
  ) -> TallMatrix? {
    guard let vectors = TallMatrix(rowCount: rowCount, columnCount: count) else { return nil }
    Parts(rowCount, size: 256).run(threads: threads) { rows in
      for row in rows {
        var random = RandomSequence(seed: seed, place: UInt64(row))
        for column in 0..<count {
          vectors[row, column] = Float(Int32(bitPattern: random.next()) >> 8) * 0x1p-23
        }
      }
    }
    return vectors
  }

  /// Orthonormal vectors that span the same space; zero where the columns depend on each other.
  private static func orthonormal(_ matrix: borrowing TallMatrix, threads: Int) -> TallMatrix? {
    let eigen = SymmetricEigen(matrix.gram(threads: threads))
    let least = (eigen.values.first ?? 0) * negligible * negligible
    let factors = eigen.values.map { $0 > least ? 1 / $0.squareRoot() : 0 }
    return matrix.times(eigen.vectors.scalingColumns(by: factors), threads: threads)
  }
}
