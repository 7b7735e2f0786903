/// Eigenvalues and eigenvectors of a symmetric matrix: Householder's reduction to three diagonals,
/// then implicit QR steps with Wilkinson's shift (Golub, Van Loan, "Matrix Computations", 4th edition,
/// algorithms 8.3.1 to 8.3.3).
///
/// Additions, multiplications, divisions and square roots in a fixed order: the same bits on every
/// machine. Errors are some 1e-15 of the largest eigenvalue, also for the small ones.
struct SymmetricEigen: Sendable {
  /// Descending.
  let values: [Double]
  /// Column *i* belongs to value *i*; its entry of largest size (the first of equals) is positive.
  let vectors: SmallMatrix

  /// - Parameter matrix: square, finite; what stands above the diagonal is not read.
  ///
  /// Complexity: O(n³), 0.1 s for n = 272.
  init(_ matrix: SmallMatrix) {
    precondition(matrix.rowCount == matrix.columnCount, "a square matrix")
    var reduction = Tridiagonal(matrix)
    reduction.diagonalize()
    let order = reduction.diagonal.indices.sorted {
      (-reduction.diagonal[$0], $0) < (-reduction.diagonal[$1], $1)
    }
    values = order.map { reduction.diagonal[$0] * reduction.scale }
    var vectors = SmallMatrix(rowCount: matrix.rowCount, columnCount: matrix.rowCount)
    for (column, source) in order.enumerated() {
      let vector = reduction.vector(source)
      var largest = 0.0
      for entry in vector where abs(entry) > abs(largest) { largest = entry }
      for (row, entry) in vector.enumerated() {
        vectors[row, column] = largest < 0 ? -entry : entry
      }
    }
    self.vectors = vectors
  }
}

/// A symmetric matrix on its way to a diagonal one, and the rotations so far.
private struct Tridiagonal {
  private let size: Int
  /// The largest entry, by which all were divided so that squares neither overflow nor vanish.
  let scale: Double
  private(set) var diagonal: [Double]
  /// `sides[i]` stands between the places i and i + 1 of the diagonal.
  private var sides: [Double]
  /// Row *i* is the vector of place *i* of the diagonal: rotations then run along memory.
  private var rows: [Double]

  init(_ matrix: SmallMatrix) {
    let size = matrix.rowCount
    self.size = size
    var lower = matrix.values
    for row in 0..<size {
      for column in row + 1..<size {
        lower[row * size + column] = lower[column * size + row]
      }
    }
    let largest = lower.reduce(0) { max($0, abs($1)) }
    scale = largest > 0 ? largest : 1
    for index in lower.indices { lower[index] /= scale }
    diagonal = Array(repeating: 0, count: size)
    sides = Array(repeating: 0, count: max(0, size - 1))
    rows = Array(repeating: 0, count: size * size)
    for index in 0..<size { rows[index * size + index] = 1 }
    reduce(&lower)
  }

  func vector(_ place: Int) -> ArraySlice<Double> { rows[place * size..<(place + 1) * size] }

  /// Reflects column after column onto its first entry below the diagonal.
  private mutating func reduce(_ matrix: inout [Double]) {
    // `reflectors[k]` acts on the entries behind k: x - factor * (vector · x) * vector.
    var factors = [Double](repeating: 0, count: size)
    for step in 0..<max(0, size - 1) {
      let start = step * size
      var norm = 0.0
      for index in step + 1..<size { norm += matrix[start + index] * matrix[start + index] }
      norm = norm.squareRoot()
      diagonal[step] = matrix[start + step]
      let first = matrix[start + step + 1]
      sides[step] = first > 0 ? -norm : norm
      if norm == 0 { continue }
      // The row becomes the reflector; its sign avoids cancellation.
      let head = first - sides[step]
      matrix[start + step + 1] = head
      factors[step] = 1 / (norm * (norm + abs(first)))
      reflectRest(&matrix, behind: step, factor: factors[step])
    }
    if size > 0 { diagonal[size - 1] = matrix[size * size - 1] }
    accumulate(matrix, factors)
  }

  /// The matrix behind a step, reflected from both sides: a change of rank two.
  private func reflectRest(_ matrix: inout [Double], behind step: Int, factor: Double) {
    var change = [Double](repeating: 0, count: size)
    let start = step * size
    var inner = 0.0
    for row in step + 1..<size {
      var sum = 0.0
      for column in step + 1..<size {
        sum += matrix[row * size + column] * matrix[start + column]
      }
      change[row] = factor * sum
      inner += change[row] * matrix[start + row]
    }
    let half = factor * inner / 2
    for row in step + 1..<size { change[row] -= half * matrix[start + row] }
    for row in step + 1..<size {
      let (reflected, changed) = (matrix[start + row], change[row])
      for column in step + 1..<size {
        matrix[row * size + column] -=
          reflected * change[column] + changed * matrix[start + column]
      }
    }
  }

  /// All reflections, one after the other, last first: then only the corner behind each changes.
  private mutating func accumulate(_ reflectors: [Double], _ factors: [Double]) {
    var sums = [Double](repeating: 0, count: size)
    for step in stride(from: size - 2, through: 0, by: -1) where factors[step] != 0 {
      let start = step * size
      // `rows` is kept transposed, so that a reflector meets its columns.
      for row in step + 1..<size {
        var sum = 0.0
        for column in step + 1..<size {
          sum += rows[row * size + column] * reflectors[start + column]
        }
        sums[row] = factors[step] * sum
      }
      for row in step + 1..<size {
        for column in step + 1..<size {
          rows[row * size + column] -= sums[row] * reflectors[start + column]
        }
      }
    }
  }

  /// Steps until nothing stands beside the diagonal.
  mutating func diagonalize() {
    // Two or three steps a value are usual. The bound only makes sure of an end.
    var stepsLeft = 60 * size
    var upper = size - 1
    while upper > 0, stepsLeft > 0 {
      clearSmallSides(upTo: upper)
      if sides[upper - 1] == 0 {
        upper -= 1
        continue
      }
      var lower = upper - 1
      while lower > 0, sides[lower - 1] != 0 { lower -= 1 }
      step(lower, upper)
      stepsLeft -= 1
    }
  }

  private mutating func clearSmallSides(upTo upper: Int) {
    for index in 0..<upper {
      let neighbours = abs(diagonal[index]) + abs(diagonal[index + 1])
      // Entries are at most 1: what is below 2^-80 changes nothing that was known.
      if abs(sides[index]) <= max(Double.ulpOfOne * neighbours, 0x1p-80) { sides[index] = 0 }
    }
  }

  /// One implicit step on the places `lower...upper`: a bulge is made and chased out.
  private mutating func step(_ lower: Int, _ upper: Int) {
    let side = sides[upper - 1]
    let half = (diagonal[upper - 1] - diagonal[upper]) / 2
    let root = (half * half + side * side).squareRoot()
    let shift = diagonal[upper] - side * side / (half + (half < 0 ? -root : root))
    var kept = diagonal[lower] - shift
    var bulge = sides[lower]
    for place in lower..<upper {
      let length = (kept * kept + bulge * bulge).squareRoot()
      let cosine = length > 0 ? kept / length : 1
      let sine = length > 0 ? bulge / length : 0
      if place > lower { sides[place - 1] = length }
      let (first, second, between) = (diagonal[place], diagonal[place + 1], sides[place])
      let mixed = 2 * cosine * sine * between
      diagonal[place] = cosine * cosine * first + mixed + sine * sine * second
      diagonal[place + 1] = sine * sine * first - mixed + cosine * cosine * second
      sides[place] =
        cosine * sine * (second - first) + (cosine * cosine - sine * sine) * between
      if place + 1 < upper {
        kept = sides[place]
        bulge = sine * sides[place + 1]
        sides[place + 1] *= cosine
      }
      rotate(place, cosine, sine)
    }
  }

  private mutating func rotate(_ place: Int, _ cosine: Double, _ sine: Double) {
    rows.withUnsafeMutableBufferPointer { rows in
      for index in place * size..<(place + 1) * size {
        let (first, second) = (rows[index], rows[index + size])
        rows[index] = cosine * first + sine * second
        rows[index + size] = cosine * second - sine * first
      }
    }
  }
}
