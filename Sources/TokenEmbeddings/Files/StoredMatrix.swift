import Primitives

/// The rows of a tensor of a file, which are read one by one or many at a time, by any thread.
public struct StoredMatrix: Sendable {
  public let tensor: StoredTensor
  public let elementType: ElementType
  public let rowCount: Int
  public let dimension: Int
  public let file: TensorFile

  /// Bytes that are read at a time.
  private static let blockSize = 1 << 18

  /// - Throws: `TensorFileError.notMatrix`, `.unsupportedType`.
  public init(_ tensor: StoredTensor, in file: TensorFile) throws(TensorFileError) {
    guard tensor.shape.count == 2 else {
      throw .notMatrix(path: file.path, tensor: tensor.name, shape: tensor.shape)
    }
    guard let elementType = tensor.elementType else {
      throw .unsupportedType(path: file.path, tensor: tensor.name, type: tensor.typeName)
    }
    self.tensor = tensor
    self.elementType = elementType
    (rowCount, dimension) = (tensor.shape[0], tensor.shape[1])
    self.file = file
  }

  /// Reads some rows into `values`, one after the other.
  ///
  /// - Precondition: the rows are there, and `values` has as many numbers.
  /// - Throws: `TensorFileError.notFinite` for a number that is none; `.file`.
  public func read(
    _ rows: Range<Int>, into values: UnsafeMutableBufferPointer<Float>
  ) throws(TensorFileError) {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= rowCount)
    precondition(values.count == rows.count * dimension)
    let width = elementType.byteCount
    let first = rows.lowerBound * dimension
    let blockCount = max(1, Self.blockSize / width)
    var block = [UInt8](repeating: 0, count: min(values.count, blockCount) * width)
    var done = 0
    while done < values.count {
      let count = min(blockCount, values.count - done)
      let place = tensor.range.lowerBound + (first + done) * width
      let flaw = try block.withUnsafeMutableBufferPointer {
        (buffer) throws(TensorFileError) -> Int? in
        let bytes = UnsafeMutableRawBufferPointer(buffer.extracting(..<(count * width)))
        try file.read(into: bytes, at: place)
        return elementType.decode(
          UnsafeRawBufferPointer(bytes), to: values.extracting(done..<done + count))
      }
      if let flaw {
        let (row, column) = (first + done + flaw).quotientAndRemainder(dividingBy: dimension)
        throw .notFinite(
          path: file.path, tensor: tensor.name, row: row, column: column,
          value: values[done + flaw], elementType)
      }
      done += count
    }
  }

  /// Some rows, one after the other.
  public func rows(_ rows: Range<Int>) throws(TensorFileError) -> [Float] {
    var values = [Float](repeating: 0, count: rows.count * dimension)
    try values.withUnsafeMutableBufferPointer { (buffer) throws(TensorFileError) in
      try read(rows, into: buffer)
    }
    return values
  }

  /// All rows.
  public func matrix() throws(TensorFileError) -> EmbeddingMatrix {
    EmbeddingMatrix(rowCount: rowCount, dimension: dimension, values: try rows(0..<rowCount))
  }
}
