import Primitives

/// A table whose numbers are drawn independently of each other. Each is a function of the seed, the
/// table, its row and its column, so that rows are filled in any order, by any threads, and stay what
/// they were when a vocabulary grows (with `xavier` up to a factor, which follows the size).
struct RandomTable: Sendable {
  /// How a random word becomes a number.
  private enum Rule: Sendable {
    case zeros
    case normal(std: Double)
    /// A normal draw of which the share `offset + scale * share` of the lower half is looked up, so that
    /// none is beyond -`bound`.
    case truncated(std: Double, scale: Double, offset: Double, bound: Double)
    case uniform(bound: Double)
  }

  private let rule: Rule
  private let words: RandomWords
  private let dimension: Int

  /// - Parameter table: tells the tables of a layer apart.
  /// - Precondition: the distribution is not `orthogonal`.
  init(_ distribution: Distribution, rows: Int, columns: Int, seed: UInt64, table: UInt32) {
    dimension = columns
    words = RandomWords(seed: seed, table: table)
    switch distribution {
    case .zeros, .orthogonal: rule = .zeros
    case .normal(let std, nil): rule = .normal(std: std)
    case .normal(let std, let sigmas?):
      let left = NormalQuantile.share(below: sigmas)
      rule = .truncated(
        std: std, scale: 1 - 2 * left, offset: left * 0x1p32, bound: sigmas * std)
    case .uniform(let bound): rule = .uniform(bound: bound)
    case .xavier:
      rule = .uniform(bound: Distribution.xavierBound(rows: rows, columns: columns))
    }
  }

  /// Fills a buffer with rows, one after the other.
  /// - Precondition: `values` has room for them.
  func fill(_ rows: Range<Int>, into values: UnsafeMutableBufferPointer<Float>) {
    precondition(values.count == rows.count * dimension)
    guard let start = values.baseAddress else { return }
    for (place, row) in rows.enumerated() { fill(row, into: start + place * dimension) }
  }

  private func fill(_ row: Int, into values: UnsafeMutablePointer<Float>) {
    switch rule {
    case .zeros: values.update(repeating: 0, count: dimension)
    case .uniform(let bound):
      let step = bound * 0x1p-31
      draw(row, into: values) { word in
        Float((Double(Int64(truncatingIfNeeded: word)) + 0.5) * step - bound)
      }
    case .normal(let std):
      let rows = NormalTable.shared.rows
      draw(row, into: values) { word in
        Self.signed(Float(NormalTable.value(Self.share(word), rows) * std), word)
      }
    case .truncated(let std, let scale, let offset, let bound):
      let rows = NormalTable.shared.rows
      draw(row, into: values) { word in
        let value = NormalTable.value(Self.share(word) * scale + offset, rows) * std
        return Self.signed(Float(value < -bound ? -bound : value), word)
      }
    }
  }

  /// The lowest 31 bits of a word choose from the lower half of all draws, in numbers of 2^-32.
  @inline(__always)
  private static func share(_ word: UInt64) -> Double {
    Double(Int64(truncatingIfNeeded: word & 0x7FFF_FFFF)) + 0.5
  }

  /// Bit 31 of a word chooses the half.
  @inline(__always)
  private static func signed(_ value: Float, _ word: UInt64) -> Float {
    Float(bitPattern: value.bitPattern ^ (UInt32(truncatingIfNeeded: word) & 0x8000_0000))
  }

  /// Draws a row, sixteen columns at a time.
  @inline(__always)
  private func draw(
    _ row: Int, into values: UnsafeMutablePointer<Float>, _ value: (UInt64) -> Float
  ) {
    withUnsafeTemporaryAllocation(of: SIMD4<UInt64>.self, capacity: 4) { lanes in
      guard let lanes = lanes.baseAddress else { return }
      let drawn = UnsafeRawPointer(lanes).assumingMemoryBound(to: UInt64.self)
      for column in stride(from: 0, to: dimension, by: RandomWords.step) {
        words.fill(lanes, row: UInt64(row), column: column)
        let target = values + column
        // Word `place % 4` of block `place / 4`. Four at a time, since each is a long chain of steps
        // that wait for each other.
        if dimension - column >= RandomWords.step {
          for block in 0..<4 {
            let first = value(drawn[block])
            let second = value(drawn[block &+ 4])
            let third = value(drawn[block &+ 8])
            let fourth = value(drawn[block &+ 12])
            target[4 &* block] = first
            target[4 &* block &+ 1] = second
            target[4 &* block &+ 2] = third
            target[4 &* block &+ 3] = fourth
          }
        } else {
          for place in 0..<dimension - column {
            target[place] = value(drawn[(place & 3) &* 4 &+ place &>> 2])
          }
        }
      }
    }
  }
}
