import Primitives
import Tokenization

/// A layer that was written to a directory: looks up what a transformer takes for the tokens of a text.
public struct EmbeddingLayer: Sendable {
  public let record: LayerRecord
  private let tokens: StoredMatrix
  private let positions: StoredMatrix?
  private let segments: StoredMatrix?

  /// - Parameter path: a directory with `layer.json` and `embeddings.safetensors`.
  public init(contentsOf path: [UInt8]) throws(LayerError) {
    let recordPath = path.appendingPath(Array(LayerRecord.fileName.utf8))
    let bytes: [UInt8]
    do throws(FileError) { bytes = try WholeFile.read(recordPath) } catch { throw .file(error) }
    record = try LayerRecord(reading: bytes, path: recordPath)
    do throws(TensorFileError) {
      let tensorPath = path.appendingPath(Array(LayerPlan.tensorFileName.utf8))
      let file = try TensorFile(opening: tensorPath)
      tokens = try file.matrix(named: record.tokenTensor)
      positions = try Self.matrix(record.positionTensor, in: file)
      segments = try Self.matrix(record.segmentTensor, in: file)
    } catch {
      throw .tensors(error)
    }
    for (matrix, rows) in [
      (tokens, record.paddedSize), (positions, record.maxLength), (segments, record.segmentCount),
    ] as [(StoredMatrix?, Int)] {
      guard let matrix, matrix.tensor.shape != [rows, record.dimension] else { continue }
      throw .tableDiffers(
        path: matrix.file.path, tensor: matrix.tensor.name, found: matrix.tensor.shape,
        expected: [rows, record.dimension])
    }
  }

  private static func matrix(
    _ name: [UInt8]?, in file: TensorFile
  ) throws(TensorFileError) -> StoredMatrix? {
    guard let name else { return nil }
    return try file.matrix(named: name)
  }

  /// What is added up for the tokens of a text, each part [tokens × dimension].
  public struct Parts: Sendable {
    /// Vectors of tokens, multiplied by the layer's scale.
    public var tokens: EmbeddingMatrix
    /// `nil`: none are added.
    public var positions: EmbeddingMatrix?
    public var segments: EmbeddingMatrix?

    /// What enters the transformer: token, segment and position, added up in this order, which is
    /// BERT's; rounding makes other orders differ.
    public var sum: EmbeddingMatrix {
      var sum = tokens
      for part in [segments, positions] {
        guard let part else { continue }
        sum.values = zip(sum.values, part.values).map { $0 + $1 }
      }
      return sum
    }
  }

  /// Looks up the tokens of a text.
  ///
  /// - Parameter firstPosition: of the first token.
  /// - Throws: `LayerError` for an id, a type or a position without a row.
  public func parts(
    of encoding: Encoding, firstPosition: Int = 0
  ) throws(LayerError) -> Parts {
    let ids = encoding.ids.map { Int($0) }
    for id in encoding.ids where Int(id) >= record.vocabularySize || Int(id) >= tokens.rowCount {
      throw .idBeyondTable(id: id, rows: record.vocabularySize)
    }
    var parts = Parts(tokens: try rows(ids, of: tokens))
    if record.tokenScale != 1 {
      let scale = Float(record.tokenScale)
      parts.tokens.values = parts.tokens.values.map { $0 * scale }
    }
    if let segments {
      for type in encoding.typeIDs where Int(type) >= segments.rowCount {
        throw .typeBeyondTable(type: type, segments: segments.rowCount)
      }
      parts.segments = try rows(encoding.typeIDs.map { Int($0) }, of: segments)
    }
    if let positions {
      let (end, overflows) = firstPosition.addingReportingOverflow(ids.count)
      guard firstPosition >= 0, !overflows, end <= positions.rowCount else {
        throw .positionBeyondTable(
          position: overflows ? .max : max(firstPosition, end - 1), length: positions.rowCount)
      }
      parts.positions = try rows(Array(firstPosition..<end), of: positions)
    }
    return parts
  }

  private func rows(_ rows: [Int], of matrix: StoredMatrix) throws(LayerError) -> EmbeddingMatrix {
    var values: [Float] = []
    values.reserveCapacity(rows.count * matrix.dimension)
    do throws(TensorFileError) {
      for row in rows { values += try matrix.rows(row..<row + 1) }
    } catch {
      throw .tensors(error)
    }
    return EmbeddingMatrix(rowCount: rows.count, dimension: matrix.dimension, values: values)
  }
}
