import Primitives

/// A table with columns at right angles, or rows, if there are fewer: the orthogonal part of a table of
/// normal draws, of which the triangular part has a positive diagonal (so that all directions are
/// equally likely: Mezzadri 2007).
///
/// With G = AᵀA = RᵀR (Cholesky), the orthogonal part of A is A R⁻¹: of a long table only R⁻¹ is kept,
/// and any row is made by itself. All sums run in one order, whatever the threads.
struct OrthogonalTable: Sendable {
  /// The smaller side, at most: the time grows with its cube.
  static let greatestSide = 4096

  private let draws: RandomTable
  private let gain: Double
  private let rows: Int
  private let columns: Int
  /// R⁻¹ of a long table, [columns × columns]; L⁻¹ of a wide one, [rows × rows].
  private let factor: [Double]
  private let side: Int

  /// - Precondition: the smaller side is at most `greatestSide`.
  init(gain: Double, rows: Int, columns: Int, seed: UInt64, table: UInt32, threads: Int) {
    self.gain = gain
    self.rows = rows
    self.columns = columns
    side = min(rows, columns)
    draws = RandomTable(
      .normal(std: 1), rows: rows, columns: columns, seed: seed, table: table)
    let gram = GramMatrix(of: draws, rows: rows, columns: columns, threads: threads)
    factor = TriangularFactor(of: gram.values, side: side).inverse
  }

  /// Fills a buffer with rows, one after the other.
  func fill(_ range: Range<Int>, into values: UnsafeMutableBufferPointer<Float>) {
    if rows >= columns { fillLong(range, into: values) } else { fillWide(range, into: values) }
  }

  /// Row of A times R⁻¹.
  private func fillLong(_ range: Range<Int>, into values: UnsafeMutableBufferPointer<Float>) {
    draws.fill(range, into: values)
    var sums = [Double](repeating: 0, count: columns)
    for place in range.indices {
      let start = (place - range.lowerBound) * columns
      for column in 0..<columns { sums[column] = 0 }
      for inner in 0..<columns {
        let value = Double(values[start + inner])
        for column in inner..<columns { sums[column] += value * factor[inner * side + column] }
      }
      for column in 0..<columns { values[start + column] = Float(sums[column] * gain) }
    }
  }

  /// Row of L⁻¹ times A: a sum of the rows up to it.
  private func fillWide(_ range: Range<Int>, into values: UnsafeMutableBufferPointer<Float>) {
    var sums = [Double](repeating: 0, count: columns)
    var row = [Float](repeating: 0, count: columns)
    for place in range {
      for column in 0..<columns { sums[column] = 0 }
      for inner in 0...place {
        row.withUnsafeMutableBufferPointer { draws.fill(inner..<inner + 1, into: $0) }
        // L is the transpose of the R that `TriangularFactor` has.
        let weight = factor[inner * side + place]
        for column in 0..<columns { sums[column] += weight * Double(row[column]) }
      }
      let start = (place - range.lowerBound) * columns
      for column in 0..<columns { values[start + column] = Float(sums[column] * gain) }
    }
  }
}

/// AᵀA of a long table, AAᵀ of a wide one: the upper triangle.
private struct GramMatrix {
  let values: [Double]

  init(of draws: RandomTable, rows: Int, columns: Int, threads: Int) {
    let side = min(rows, columns)
    let buffer = UnsafeMutablePointer<Double>.allocate(capacity: side * side)
    defer { buffer.deallocate() }
    buffer.initialize(repeating: 0, count: side * side)
    nonisolated(unsafe) let sums = buffer
    // Each thread has bands of the result, and draws all rows anew, which costs little beside the sums.
    Parts(side, size: max(1, min(64, side / max(1, threads)))).run(threads: threads) { band in
      if rows >= columns {
        var row = [Float](repeating: 0, count: columns)
        for index in 0..<rows {
          row.withUnsafeMutableBufferPointer { draws.fill(index..<index + 1, into: $0) }
          for i in band {
            let value = Double(row[i])
            for j in i..<side { sums[i * side + j] += value * Double(row[j]) }
          }
        }
      } else {
        var (row, other) = ([Float](repeating: 0, count: columns), [Float]())
        other = row
        for i in band {
          row.withUnsafeMutableBufferPointer { draws.fill(i..<i + 1, into: $0) }
          for j in i..<side {
            other.withUnsafeMutableBufferPointer { draws.fill(j..<j + 1, into: $0) }
            var sum = 0.0
            for column in 0..<columns { sum += Double(row[column]) * Double(other[column]) }
            sums[i * side + j] = sum
          }
        }
      }
    }
    values = Array(UnsafeBufferPointer(start: buffer, count: side * side))
  }
}

/// R of G = RᵀR, upper triangular, with a positive diagonal.
private struct TriangularFactor {
  private var values: [Double]
  private let side: Int

  init(of gram: [Double], side: Int) {
    values = gram
    self.side = side
    for row in 0..<side {
      for inner in 0..<row {
        let factor = values[inner * side + row]
        for column in row..<side {
          values[row * side + column] -= factor * values[inner * side + column]
        }
      }
      // Normal draws are independent; a pivot of 0 would be a table of equal rows.
      let pivot = max(values[row * side + row], .leastNormalMagnitude).squareRoot()
      for column in row..<side { values[row * side + column] /= pivot }
    }
  }

  /// R⁻¹, zeros below its diagonal.
  var inverse: [Double] {
    var inverse = [Double](repeating: 0, count: side * side)
    for row in (0..<side).reversed() {
      let pivot = values[row * side + row]
      inverse[row * side + row] = 1 / pivot
      guard row + 1 < side else { continue }
      for inner in row + 1..<side {
        let factor = values[row * side + inner] / pivot
        for column in inner..<side {
          inverse[row * side + column] -= factor * inverse[inner * side + column]
        }
      }
    }
    return inverse
  }
}
