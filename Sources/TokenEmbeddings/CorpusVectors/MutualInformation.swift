import Primitives

/// Positive pointwise mutual information of tokens and their neighbours: how much more often they stand
/// together than chance would have it (Levy, Goldberg 2014, "Neural word embedding as implicit matrix
/// factorization"; smoothed as in Levy, Goldberg, Dagan 2015, section 3.1).
///
/// The entry of token *w* and neighbour *c* is `log(#(w,c) Σ#ᵅ / (#(w) #(c)ᵅ))` where that is positive.
struct MutualInformation: Sendable {
  /// Rows are tokens, columns their neighbours.
  let matrix: SparseMatrix
  /// Rows are neighbours. The counts are symmetric, but smoothing is not.
  let transposed: SparseMatrix

  init(
    of counts: CooccurrenceCounts, contextSmoothing: Double, minimumCount: Int, threads: Int
  ) {
    let isKept = counts.occurrences.map { $0 >= minimumCount }
    let logarithms = counts.rowSums.map { $0 == 0 ? 0 : RealFunctions.log(Double($0)) }
    let powers = ExponentialTable.shared.powers
    let smoothed = logarithms.map { contextSmoothing * $0 }
    var total = 0.0
    for (id, exponent) in smoothed.enumerated() where counts.occurrences[id] > 0 {
      total += ExponentialTable.value(exponent, powers)
    }
    let logOfTotal = RealFunctions.log(total)
    // log(#(w,c)) less what the token and what the neighbour take away.
    let ofTokens = logarithms.map { $0 - logOfTotal }
    matrix = Self.matrix(
      of: counts, isKept, rows: ofTokens, columns: smoothed, threads: threads)
    transposed = Self.matrix(
      of: counts, isKept, rows: smoothed, columns: ofTokens, threads: threads)
  }

  /// Whether something is known of a token: whether its row holds anything.
  var isInformed: [Bool] {
    matrix.blocks.flatMap { block in
      block.rows.indices.map { row in
        block.starts[row - block.rows.lowerBound] < block.starts[row - block.rows.lowerBound + 1]
      }
    }
  }

  private static func matrix(
    of counts: CooccurrenceCounts, _ isKept: [Bool], rows: [Double], columns: [Double],
    threads: Int
  ) -> SparseMatrix {
    let logarithms = WholeLogarithms()
    var blocks = counts.blocks.map { SparseMatrix.Block(rows: $0.rows) }
    blocks.withUnsafeMutableBufferPointer { blocks in
      // Each block is written by one thread.
      nonisolated(unsafe) let blocks = blocks
      Parts(blocks.count, size: 1).run(threads: threads) { part in
        blocks[part.lowerBound].fill(
          from: counts.blocks[part.lowerBound], isKept, rows, columns, logarithms)
      }
    }
    return SparseMatrix(columnCount: counts.idCount, blocks: blocks)
  }
}

extension SparseMatrix.Block {
  fileprivate mutating func fill(
    from counts: CooccurrenceCounts.Block, _ isKept: [Bool], _ rows: [Double],
    _ columns: [Double], _ logarithms: WholeLogarithms
  ) {
    for row in counts.rows {
      let index = row - counts.rows.lowerBound
      if isKept[row] {
        for entry in counts.starts[index]..<counts.starts[index + 1] {
          let column = Int(counts.columns[entry])
          let information =
            logarithms.value(counts.counts[entry]) - rows[row] - columns[column]
          guard information > 0, isKept[column] else { continue }
          self.columns.append(counts.columns[entry])
          values.append(Float(information))
        }
      }
      starts.append(values.count)
    }
  }
}

/// Natural logarithms of whole numbers: those of small ones, which nearly all counts are, from a table.
private struct WholeLogarithms: Sendable {
  private let small: [Double]

  init() { small = (0..<4096).map { RealFunctions.log(Double($0)) } }

  @inline(__always)
  func value(_ number: UInt64) -> Double {
    number < 4096 ? small[Int(number)] : RealFunctions.log(Double(number))
  }
}
