import Primitives

/// A matrix of which most entries are zero, in blocks of rows that are made and used by one thread each.
struct SparseMatrix: Sendable {
  /// The entries of some rows that follow one another.
  struct Block: Sendable {
    var rows: Range<Int>
    /// Entries `starts[i]..<starts[i + 1]` are those of row `rows.lowerBound + i`.
    var starts: [Int] = [0]
    /// Ascending within a row, below the matrix's `columnCount`.
    var columns: [UInt32] = []
    var values: [Float] = []
  }

  let columnCount: Int
  /// In the order of their rows, without a gap, from row 0.
  let blocks: [Block]

  var rowCount: Int { blocks.last?.rows.upperBound ?? 0 }
  var entryCount: Int { blocks.reduce(0) { $0 + $1.columns.count } }

  /// The product with a tall matrix. Each entry is a sum in the order of this matrix's columns.
  ///
  /// Complexity: O(entries × columns of the other). `nil` where there is no memory for it.
  func times(_ factor: borrowing TallMatrix, threads: Int) -> TallMatrix? {
    precondition(columnCount == factor.rowCount, "matrices of other shapes")
    guard let product = TallMatrix(rowCount: rowCount, columnCount: factor.columnCount) else {
      return nil
    }
    // Panel after panel: one of the factor fits the cache, all of it would not.
    Parts(blocks.count * factor.panelCount, size: 1).run(threads: threads) { part in
      let (panel, block) = part.lowerBound.quotientAndRemainder(dividingBy: blocks.count)
      factor.withPanel(panel) { source in
        product.withPanel(panel) { target in blocks[block].multiply(source, into: target) }
      }
    }
    return product
  }
}

extension SparseMatrix.Block {
  /// - Parameters:
  ///   - source: rows by this matrix's columns.
  ///   - target: rows by this matrix's rows.
  fileprivate func multiply(
    _ source: UnsafePointer<TallMatrix.Lanes>, into target: UnsafeMutablePointer<TallMatrix.Lanes>
  ) {
    columns.withUnsafeBufferPointer { columns in
      values.withUnsafeBufferPointer { values in
        for index in rows.indices {
          var sum = TallMatrix.Lanes()
          for entry in starts[index - rows.lowerBound]..<starts[index - rows.lowerBound + 1] {
            sum += source[Int(columns[entry])] * values[entry]
          }
          target[index] = sum
        }
      }
    }
  }
}
