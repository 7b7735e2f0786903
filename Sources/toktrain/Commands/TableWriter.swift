import Primitives
import TokenEmbeddings

/// Writes tables one after the other: as safetensors, or a single one as `.npy`.
struct TableWriter {
  let header: [UInt8]
  /// The tables in the order of their bytes in the file.
  let order: [Int]
  private let types: [ElementType]
  private let names: [[UInt8]]
  private let path: [UInt8]

  /// - Parameters:
  ///   - tables: whose names, widths and types the new ones have.
  ///   - type: in place of theirs.
  init(
    _ tables: [StoredMatrix], rowCount: Int, type: ElementType?, to path: [UInt8], source: [UInt8]
  ) throws(Failure) {
    self.path = path
    // A .npy file has no names.
    let names = tables.map {
      $0.tensor.name.isEmpty ? Array("token_embedding.weight".utf8) : $0.tensor.name
    }
    let types = tables.map { type ?? $0.elementType }
    (self.names, self.types) = (names, types)
    if PackedOutput.isNumpy(path) {
      guard let table = tables.first, tables.count == 1, let type = types.first?.numpyName else {
        throw UsageError.conflict(
          "a .npy file holds one table of f32 or f16, not \(tables.count) of "
            + types.map(\.rawValue).joined(separator: ", ") + "; write .safetensors"
        ).failure
      }
      header = NumpyHeader.bytes(type: type, rows: rowCount, columns: table.dimension)
      order = [0]
      return
    }
    do throws(TensorFileError) {
      let layout = try SafetensorsLayout(
        tables.indices.map { index in
          SafetensorsLayout.Entry(
            String(decoding: names[index], as: UTF8.self), types[index],
            shape: [rowCount, tables[index].dimension])
        })
      header = layout.header
      order = layout.tensors.indices.sorted {
        layout.tensors[$0].range.lowerBound < layout.tensors[$1].range.lowerBound
      }
    } catch {
      throw Failure(error)
    }
  }

  func write(
    _ rows: EmbeddingMatrix, of index: Int, to output: inout CommandOutput
  ) throws(Failure) {
    let type = types[index]
    let blockSize = max(1, (1 << 20) / max(1, rows.dimension))
    var first = 0
    while first < rows.rowCount {
      let block = first..<min(rows.rowCount, first + blockSize)
      var bytes = [UInt8](repeating: 0, count: block.count * rows.dimension * type.byteCount)
      let flaw = rows.values.withUnsafeBufferPointer { values in
        bytes.withUnsafeMutableBytes { bytes in
          type.encode(
            values.extracting(
              block.lowerBound * rows.dimension..<block.upperBound * rows.dimension), to: bytes)
        }
      }
      if let flaw {
        let place = block.lowerBound * rows.dimension + flaw
        let (row, column) = place.quotientAndRemainder(dividingBy: rows.dimension)
        throw Failure(
          TensorFileError.notFinite(
            path: path, tensor: names[index], row: row, column: column,
            value: rows.values[place], type))
      }
      try output.write(bytes)
      first = block.upperBound
    }
  }
}
