import TokenEmbeddings

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Files of vectors: what is read is finite, and lies inside the file.
enum TensorTargets {
  private static let path: String = {
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    return "\(folder)/fuzz-tensors-\(getpid())"
  }()

  /// A safetensors or `.npy` file.
  static func tensors(_ input: Fuzz.Input) {
    write(input)
    guard let file = try? TensorFile(opening: Array(path.utf8)) else { return }
    _ = try? file.tokenMatrix()
    for tensor in file.tensors {
      precondition(tensor.range.lowerBound >= 0 && tensor.range.upperBound <= input.count)
      guard let matrix = try? StoredMatrix(tensor, in: file),
        let values = try? matrix.matrix().values
      else { continue }
      precondition(values.count == matrix.rowCount * matrix.dimension)
      precondition(values.allSatisfy(\.isFinite), "a number that is none was read")
      if matrix.rowCount > 0 {
        let last = try? matrix.rows(matrix.rowCount - 1..<matrix.rowCount)
        precondition(last == Array(values.suffix(matrix.dimension)))
      }
    }
  }

  /// Word vectors in both forms.
  static func wordVectors(_ input: Fuzz.Input) {
    write(input)
    for form in WordVectors.Form.allCases {
      guard let vectors = try? WordVectors(reading: Array(path.utf8), as: form) else { continue }
      precondition(vectors.matrix.values.allSatisfy(\.isFinite))
    }
  }

  /// A `layer.json`.
  static func layerRecord(_ input: Fuzz.Input) {
    _ = try? LayerRecord(reading: Array(input), path: Array(path.utf8))
  }

  private static func write(_ bytes: Fuzz.Input) {
    guard let file = fopen(path, "w") else { preconditionFailure("cannot write \(path)") }
    fwrite(bytes.baseAddress, 1, bytes.count, file)
    fclose(file)
  }
}
