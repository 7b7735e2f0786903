import Primitives

/// A matrix of many rows and some hundred columns, in single precision, in panels of 16 columns: a row
/// of a panel is one line of the processor's cache, and the loops over it need no rest.
///
/// Columns that fill up the last panel are zero. Results are the same for any number of threads: rows
/// belong to one thread each, and sums over rows are taken in parts of fixed size, in order.
struct TallMatrix: ~Copyable, @unchecked Sendable {
  /// A row of a panel.
  typealias Lanes = SIMD16<Float>
  static let panelWidth = 16

  let rowCount: Int
  let columnCount: Int
  /// Panel after panel, each `[rowCount]`.
  private let lanes: PageBuffer<Lanes>

  /// A matrix of zeros; `nil` where the system has no memory for it.
  init?(rowCount: Int, columnCount: Int) {
    let panels = (columnCount + Self.panelWidth - 1) / Self.panelWidth
    let (count, overflows) = rowCount.multipliedReportingOverflow(by: panels)
    guard !overflows, let lanes = PageBuffer<Lanes>(count: count) else { return nil }
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.lanes = lanes
  }

  var panelCount: Int { (columnCount + Self.panelWidth - 1) / Self.panelWidth }

  subscript(row: Int, column: Int) -> Float {
    get { lanes[place(row, column)][column % Self.panelWidth] }
    nonmutating set { lanes[place(row, column)][column % Self.panelWidth] = newValue }
  }

  private func place(_ row: Int, _ column: Int) -> Int {
    assert(row < rowCount && column < columnCount)
    return column / Self.panelWidth * rowCount + row
  }

  /// The rows of a panel. The pointer is valid within `body`; threads may write different rows.
  @inline(__always)
  func withPanel<Result>(
    _ panel: Int, _ body: (UnsafeMutablePointer<Lanes>) -> Result
  ) -> Result {
    assert(panel < panelCount)
    return body(lanes.base + panel * rowCount)
  }

  /// Copies a row.
  /// - Parameter target: as many numbers as there are columns.
  func copyRow(_ row: Int, to target: UnsafeMutableBufferPointer<Float>) {
    precondition(row < rowCount && target.count == columnCount, "a row of this matrix")
    for panel in 0..<panelCount {
      let values = lanes[panel * rowCount + row]
      let start = panel * Self.panelWidth
      for lane in 0..<min(Self.panelWidth, columnCount - start) {
        target[start + lane] = values[lane]
      }
    }
  }

  // MARK: - Products

  /// The product with a small matrix. Complexity: O(rows × columns × columns of the other).
  func times(_ factor: SmallMatrix, threads: Int) -> TallMatrix? {
    precondition(columnCount == factor.rowCount, "matrices of other shapes")
    guard let product = TallMatrix(rowCount: rowCount, columnCount: factor.columnCount) else {
      return nil
    }
    let weights = Self.lanes(of: factor)
    // Rows of all panels of a part stay in the cache.
    Parts(rowCount, size: 64).run(threads: threads) { rows in
      weights.withUnsafeBufferPointer { weights in
        for panel in 0..<product.panelCount {
          product.withPanel(panel) { target in
            for row in rows {
              target[row] = dot(row, weights, stride: product.panelCount, panel: panel)
            }
          }
        }
      }
    }
    return product
  }

  /// A row of a panel of the product.
  @inline(__always)
  private func dot(
    _ row: Int, _ weights: UnsafeBufferPointer<Lanes>, stride: Int, panel: Int
  ) -> Lanes {
    var sum = Lanes()
    var place = panel
    for inner in 0..<panelCount {
      let values = lanes[inner * rowCount + row]
      for lane in 0..<min(Self.panelWidth, columnCount - inner * Self.panelWidth) {
        sum += weights[place] * values[lane]
        place += stride
      }
    }
    return sum
  }

  /// The rows of a small matrix, filled up to whole panels and rounded to single precision.
  private static func lanes(of matrix: SmallMatrix) -> [Lanes] {
    let panels = (matrix.columnCount + panelWidth - 1) / panelWidth
    var lanes = [Lanes](repeating: Lanes(), count: matrix.rowCount * panels)
    for row in 0..<matrix.rowCount {
      for column in 0..<matrix.columnCount {
        lanes[row * panels + column / panelWidth][column % panelWidth] = Float(matrix[row, column])
      }
    }
    return lanes
  }

  /// Inner products of all columns with each other, in double precision.
  /// Complexity: O(rows × columns²).
  func gram(threads: Int) -> SmallMatrix {
    let width = Self.panelWidth
    // Some dozens of parts: their sums lie side by side until all are there, in 300 MB at most.
    let most = max(1, min(64, (1 << 17) / max(1, panelCount * panelCount)))
    let parts = Parts(rowCount, size: max(1024, (rowCount + most - 1) / most))
    let partCount = (rowCount + parts.size - 1) / parts.size
    let sums = GramSums(partCount: partCount, panelCount: panelCount)
    parts.run(threads: threads) { rows in
      var block = rows.lowerBound
      while block < rows.upperBound {
        let end = min(rows.upperBound, block + GramSums.blockSize)
        for right in 0..<panelCount {
          withPanel(right) { rightPanel in
            for left in 0...right {
              withPanel(left) { leftPanel in
                sums.add(
                  part: rows.lowerBound / parts.size, left, right, leftPanel + block,
                  rightPanel + block, count: end - block)
              }
            }
          }
        }
        block = end
      }
    }
    var gram = SmallMatrix(rowCount: columnCount, columnCount: columnCount)
    for row in 0..<columnCount {
      for column in row..<columnCount {
        var sum = 0.0
        for part in 0..<partCount {
          sum += sums.value(
            part: part, row / width, column / width, row % width, column % width)
        }
        gram[row, column] = sum
        gram[column, row] = sum
      }
    }
    return gram
  }

  /// Moves rows so that each column's mean is 0, and scales them so that the root of the mean square of
  /// their numbers is `deviation`.
  ///
  /// - Parameter isWanted: the rows that take part; others stay as they are.
  func standardize(where isWanted: [Bool], to deviation: Double) {
    let wanted = (0..<rowCount).filter { isWanted[$0] }
    var squares = 0.0
    for panel in 0..<panelCount {
      squares += withPanel(panel) { rows in
        var sum = SIMD16<Double>()
        for row in wanted { sum += SIMD16<Double>(rows[row]) }
        let mean = sum / Double(max(1, wanted.count))
        var squares = SIMD16<Double>()
        for row in wanted {
          let centred = SIMD16<Double>(rows[row]) - mean
          squares += centred * centred
          rows[row] = Lanes(centred)
        }
        return squares.sum()
      }
    }
    guard squares > 0 else { return }
    let count = Double(wanted.count) * Double(columnCount)
    let scale = Float(deviation / (squares / count).squareRoot())
    for panel in 0..<panelCount {
      withPanel(panel) { rows in for row in wanted { rows[row] *= scale } }
    }
  }
}

/// Inner products of panels, apart for each part of the rows.
private struct GramSums: ~Copyable, @unchecked Sendable {
  /// Rows that are summed up in registers.
  static let blockSize = 128

  private let panelCount: Int
  /// `[part × left panel × right panel × left column]`, right columns in the lanes.
  private let sums: UnsafeMutableBufferPointer<SIMD16<Double>>

  init(partCount: Int, panelCount: Int) {
    self.panelCount = panelCount
    sums = .allocate(capacity: partCount * panelCount * panelCount * TallMatrix.panelWidth)
    sums.initialize(repeating: SIMD16())
  }

  deinit { sums.deallocate() }

  private func place(_ part: Int, _ left: Int, _ right: Int) -> Int {
    ((part * panelCount + left) * panelCount + right) * TallMatrix.panelWidth
  }

  func value(part: Int, _ left: Int, _ right: Int, _ leftLane: Int, _ rightLane: Int) -> Double {
    sums[place(part, left, right) + leftLane][rightLane]
  }

  /// Adds what some rows give. Each part is written by one thread.
  func add(
    part: Int, _ left: Int, _ right: Int, _ leftRows: UnsafePointer<TallMatrix.Lanes>,
    _ rightRows: UnsafePointer<TallMatrix.Lanes>, count: Int
  ) {
    let start = place(part, left, right)
    for lane in 0..<TallMatrix.panelWidth {
      var sum = sums[start + lane]
      for row in 0..<count {
        sum += SIMD16<Double>(rightRows[row]) * Double(leftRows[row][lane])
      }
      sums[start + lane] = sum
    }
  }
}
