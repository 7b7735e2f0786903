import Primitives

/// Why vectors could not be read from a file or written to one.
public enum TensorFileError: Error, Sendable, Equatable {
  case file(FileError)
  /// Neither safetensors nor `.npy`.
  case unrecognized(path: [UInt8])
  case malformed(path: [UInt8], TensorFlaw)
  /// No tensor has that name. `known`: those that there are.
  case absentTensor(path: [UInt8], name: [UInt8], known: [[UInt8]])
  case notMatrix(path: [UInt8], tensor: [UInt8], shape: [Int])
  case unsupportedType(path: [UInt8], tensor: [UInt8], type: [UInt8])
  /// A vector has a number that is none, or none that the type to write can hold. Row and column from
  /// 0.
  case notFinite(path: [UInt8], tensor: [UInt8], row: Int, column: Int, value: Float, ElementType)
  /// More bytes than a file can have.
  case tooLarge(tensor: [UInt8], shape: [Int])
  /// Two rows of word vectors would have the same word.
  case duplicateWord(word: [UInt8], first: Int, second: Int)
}

extension TensorFileError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .file(let error): return "\(error)"
    case .unrecognized(let path):
      return "\(VisibleText.path(path)): is neither a safetensors file nor a .npy file"
    case .malformed(let path, let flaw): return "\(VisibleText.path(path)): \(flaw)"
    case .absentTensor(let path, let name, let known):
      let list = known.prefix(8).map { TensorFlaw.shown($0) }.joined(separator: ", ")
      let rest = known.count > 8 ? " and \(known.count - 8) more" : ""
      return "\(VisibleText.path(path)): has no tensor \(TensorFlaw.shown(name)); "
        + (known.isEmpty ? "it has none at all" : "it has \(list)\(rest)")
    case .notMatrix(let path, let tensor, let shape):
      return
        "\(VisibleText.path(path)): tensor \(TensorFlaw.shown(tensor)) has the shape \(shape); "
        + "vectors are the rows of a tensor of two dimensions"
    case .unsupportedType(let path, let tensor, let type):
      return "\(VisibleText.path(path)): tensor \(TensorFlaw.shown(tensor)) has numbers of type "
        + "\(TensorFlaw.shown(type)); convert them to f32, f16 or bf16"
    case .notFinite(let path, let tensor, let row, let column, let value, let type):
      let reason =
        value.isFinite
        ? "is too large for \(type.rawValue); write another type, or smaller numbers"
        : "is no number to compute with; repair the row"
      return "\(VisibleText.path(path)): tensor \(TensorFlaw.shown(tensor)), row \(row), column "
        + "\(column): \(value) \(reason)"
    case .tooLarge(let tensor, let shape):
      return
        "tensor \(TensorFlaw.shown(tensor)) of shape \(shape) takes more bytes than a file can "
        + "have; choose smaller sizes"
    case .duplicateWord(let word, let first, let second):
      return "rows \(first) and \(second) are both called \(TensorFlaw.shown(word)), which word "
        + "vectors cannot keep apart; write safetensors or .npy"
    }
  }
}
