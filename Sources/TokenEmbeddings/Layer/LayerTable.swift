/// One table of a layer: what it is for, its shape, and where its rows come from.
public struct LayerTable: Sendable {
  public let role: TableRole
  /// In the file.
  public let name: String
  public let rowCount: Int
  /// Numbers of a row.
  public let columnCount: Int
  let rows: Rows
  /// Rows from here on are zeros.
  let zerosFrom: Int
  /// Another row of zeros.
  let zeroRow: Int?

  /// Where rows come from.
  enum Rows: Sendable {
    case drawn(RandomTable)
    case orthogonal(OrthogonalTable)
    case sinusoids(SinusoidalPositions, frequencies: [Double])
    case angles(RotaryPositions, RotaryPositions.Part, frequencies: [Double])
    case numbers([Float])
    /// Those of a file, then drawn ones.
    case stored(StoredMatrix, then: RandomTable)
  }

  init(
    _ role: TableRole, _ name: String, _ rowCount: Int, _ columnCount: Int, _ rows: Rows,
    zerosFrom: Int? = nil, zeroRow: Int? = nil
  ) {
    self.role = role
    self.name = name
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.rows = rows
    self.zerosFrom = zerosFrom ?? rowCount
    self.zeroRow = zeroRow
  }

  /// In a file: slopes are a list.
  var shape: [Int] { role == .biasSlopes ? [columnCount] : [rowCount, columnCount] }

  /// Rows that are made together: about half a megabyte, which the cache of a core holds.
  var blockRowCount: Int { max(1, (1 << 17) / max(1, columnCount)) }

  /// Lends the first rows, block after block.
  func forEachBlock(
    of rowCount: Int, _ body: (UnsafeBufferPointer<Float>) throws(TensorFileError) -> Void
  ) throws(TensorFileError) {
    var values = [Float](repeating: 0, count: min(rowCount, blockRowCount) * columnCount)
    for start in stride(from: 0, to: rowCount, by: blockRowCount) {
      let range = start..<min(rowCount, start + blockRowCount)
      try values.withUnsafeMutableBufferPointer { (values) throws(TensorFileError) in
        let block = values.extracting(..<(range.count * columnCount))
        try fill(range, into: block)
        try body(UnsafeBufferPointer(block))
      }
    }
  }

  /// Fills a buffer with rows, one after the other.
  ///
  /// - Precondition: the table has them, and `values` has room for them.
  /// - Throws: what reading a file throws.
  func fill(
    _ range: Range<Int>, into values: UnsafeMutableBufferPointer<Float>
  ) throws(TensorFileError) {
    precondition(range.upperBound <= rowCount && values.count == range.count * columnCount)
    let made = range.clamped(to: 0..<zerosFrom)
    let count = made.count * columnCount
    try make(made, into: values.extracting(..<count))
    values.extracting(count...).update(repeating: 0)
    if let zeroRow, made.contains(zeroRow) {
      let start = (zeroRow - made.lowerBound) * columnCount
      values.extracting(start..<start + columnCount).update(repeating: 0)
    }
  }

  private func make(
    _ range: Range<Int>, into values: UnsafeMutableBufferPointer<Float>
  ) throws(TensorFileError) {
    switch rows {
    case .drawn(let table): table.fill(range, into: values)
    case .orthogonal(let table): table.fill(range, into: values)
    case .sinusoids(let positions, let frequencies):
      eachRow(of: range, values) { positions.fill($0, frequencies, into: $1) }
    case .angles(let positions, let part, let frequencies):
      eachRow(of: range, values) { positions.fill($0, part, frequencies, into: $1) }
    case .numbers(let numbers):
      let start = range.lowerBound * columnCount
      _ = values.update(fromContentsOf: numbers[start..<start + values.count])
    case .stored(let matrix, let drawn):
      let kept = range.clamped(to: 0..<matrix.rowCount)
      let count = kept.count * columnCount
      try matrix.read(kept, into: values.extracting(..<count))
      let left = range.clamped(to: max(range.lowerBound, matrix.rowCount)..<Int.max)
      drawn.fill(left, into: values.extracting(count...))
    }
  }

  private func eachRow(
    of range: Range<Int>, _ values: UnsafeMutableBufferPointer<Float>,
    _ body: (Int, UnsafeMutableBufferPointer<Float>) -> Void
  ) {
    for row in range {
      let start = (row - range.lowerBound) * columnCount
      body(row, values.extracting(start..<start + columnCount))
    }
  }
}
