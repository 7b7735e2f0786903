import Primitives

/// A safetensors file that is being written: rows of its tensors in any order, by any threads at the
/// same time, each once. Nothing is kept in memory.
public struct TensorOutput: ~Copyable, Sendable {
  public let layout: SafetensorsLayout
  private let file: PlacedOutput

  /// Makes a file of a directory to come.
  public init(
    _ layout: SafetensorsLayout, named name: String, in directory: borrowing AtomicDirectory
  ) throws(TensorFileError) {
    self.layout = layout
    do throws(FileError) {
      file = try Self.begun(layout, directory.placedFile(name, size: layout.byteCount))
    } catch {
      throw .file(error)
    }
  }

  /// The file with its header.
  private static func begun(
    _ layout: SafetensorsLayout, _ file: consuming PlacedOutput
  ) throws(FileError) -> PlacedOutput {
    try layout.header.withUnsafeBufferPointer { (bytes) throws(FileError) in
      try file.write(UnsafeRawBufferPointer(bytes), at: 0)
    }
    return file
  }

  /// Writes some numbers of a tensor.
  ///
  /// - Parameters:
  ///   - start: of all numbers of the tensor, the first.
  ///   - scratch: where bytes are put meanwhile; one for each thread.
  /// - Precondition: the tensor has these numbers.
  /// - Throws: `TensorFileError.notFinite` for a number that the tensor's type cannot hold; `.file`.
  public func write(
    _ values: UnsafeBufferPointer<Float>, of tensor: Int, from start: Int,
    scratch: inout [UInt8]
  ) throws(TensorFileError) {
    let stored = layout.tensors[tensor]
    guard let type = stored.elementType else { return }
    let size = values.count * type.byteCount
    precondition(start >= 0 && start * type.byteCount <= stored.range.count - size)
    if scratch.count < size { scratch = [UInt8](repeating: 0, count: size) }
    let flaw = scratch.withUnsafeMutableBytes { type.encode(values, to: $0) }
    if let flaw {
      let columns = max(1, stored.shape.dropFirst().reduce(1, *))
      let (row, column) = (start + flaw).quotientAndRemainder(dividingBy: columns)
      throw .notFinite(
        path: file.path, tensor: stored.name, row: row, column: column, value: values[flaw], type)
    }
    do throws(FileError) {
      try scratch.withUnsafeBufferPointer { (bytes) throws(FileError) in
        try file.write(
          UnsafeRawBufferPointer(bytes.extracting(..<size)),
          at: stored.range.lowerBound + start * type.byteCount)
      }
    } catch {
      throw .file(error)
    }
  }

  /// Writes a whole tensor.
  public func write(_ values: [Float], of tensor: Int) throws(TensorFileError) {
    var scratch: [UInt8] = []
    try values.withUnsafeBufferPointer { (values) throws(TensorFileError) in
      try write(values, of: tensor, from: 0, scratch: &scratch)
    }
  }

  /// Waits until all is on the disk; belongs before the directory's `commit()`.
  /// - Throws: `.file`, also if not all rows were written.
  public func finish() throws(TensorFileError) {
    do throws(FileError) { try file.finish() } catch { throw .file(error) }
  }
}
