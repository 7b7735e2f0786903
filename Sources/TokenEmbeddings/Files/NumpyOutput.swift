import Primitives

/// A `.npy` file that is being written, row after row.
public struct NumpyOutput: ~Copyable {
  private var file: FileOutput
  private let elementType: ElementType
  private let columns: Int
  private var written = 0

  /// - Parameter shape: of one or two dimensions.
  /// - Throws: `TensorFileError.unsupportedType` for bf16, which numpy does not have.
  public init(
    _ elementType: ElementType, shape: [Int], to file: consuming FileOutput
  ) throws(TensorFileError) {
    self.elementType = elementType
    columns = max(1, shape.last ?? 1)
    self.file = try Self.begun(file, elementType, shape)
  }

  /// The file with its header.
  private static func begun(
    _ file: consuming FileOutput, _ type: ElementType, _ shape: [Int]
  ) throws(TensorFileError) -> FileOutput {
    guard let name = type.numpyName else {
      throw .unsupportedType(path: file.path, tensor: [], type: Array(type.rawValue.utf8))
    }
    let header =
      shape.count == 2
      ? NumpyHeader.bytes(type: name, rows: shape[0], columns: shape[1])
      : NumpyHeader.bytes(type: name, count: shape.first ?? 0)
    do throws(FileError) { try file.write(header) } catch { throw .file(error) }
    return file
  }

  /// Writes the next numbers.
  /// - Throws: `TensorFileError.notFinite` for one that the type cannot hold; `.file`.
  public mutating func append(_ values: UnsafeBufferPointer<Float>) throws(TensorFileError) {
    var bytes = [UInt8](repeating: 0, count: values.count * elementType.byteCount)
    let flaw = bytes.withUnsafeMutableBytes { elementType.encode(values, to: $0) }
    if let flaw {
      let (row, column) = (written + flaw).quotientAndRemainder(dividingBy: columns)
      throw .notFinite(
        path: file.path, tensor: [], row: row, column: column, value: values[flaw], elementType)
    }
    do throws(FileError) { try file.write(bytes) } catch { throw .file(error) }
    written += values.count
  }

  /// Waits until all is on the disk.
  public mutating func finish() throws(TensorFileError) {
    do throws(FileError) { try file.flushToDisk() } catch { throw .file(error) }
  }
}
