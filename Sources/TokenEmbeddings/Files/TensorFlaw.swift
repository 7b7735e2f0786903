import Primitives

/// What is wrong with the header of a file of tensors, in bytes from its start where there is a place.
public enum TensorFlaw: Error, Sendable, Equatable {
  /// Too short to be such a file.
  case tooShort(size: Int, least: Int)
  /// The header is longer than the file, or than any header may be.
  case headerTooLong(length: UInt64, limit: Int)
  case json(JSONError)
  /// A member of the header is not what it must be. `tensor`: whose member it is; empty for the header
  /// itself.
  case member(tensor: [UInt8], name: String, expected: String)
  case duplicateName(tensor: [UInt8])
  /// A tensor does not begin where the one before it ends (for the first: where the header ends).
  case notContiguous(tensor: [UInt8], begin: Int, expected: Int)
  /// The tensors end before or behind the end of the file.
  case dataSizeDiffers(expected: Int, found: Int)
  /// A shape takes another number of bytes than the tensor has.
  case shapeDiffers(tensor: [UInt8], shape: [Int], bytes: Int)
  /// The header of a `.npy` file is not Python's text of a dictionary with these three members.
  case numpyHeader(expected: String, offset: Int)
  case numpyVersion(major: UInt8, minor: UInt8)
  /// Columns stand together, not rows.
  case fortranOrder
  /// A line of word vectors. `line`: from 1.
  case line(Int, expected: String)
  /// A file of word vectors ends before the last.
  case wordsMissing(expected: Int, found: Int)
}

extension TensorFlaw: CustomStringConvertible {
  public var description: String {
    switch self {
    case .tooShort(let size, let least):
      "has \(size) bytes, and needs at least \(least); it may be cut short"
    case .headerTooLong(let length, let limit):
      "says that its header has \(length) bytes, of \(limit) at most; it may be cut short or be no "
        + "such file"
    case .json(let error): "header: \(error)"
    case .member(let tensor, let name, let expected):
      (tensor.isEmpty ? "header" : "tensor \(Self.shown(tensor))")
        + ": \(name) must be \(expected); write the file anew"
    case .duplicateName(let tensor):
      "two tensors are called \(Self.shown(tensor)); write the file anew"
    case .notContiguous(let tensor, let begin, let expected):
      "tensor \(Self.shown(tensor)) begins at byte \(begin) of the data, not at \(expected): tensors "
        + "must neither overlap nor leave gaps; write the file anew"
    case .dataSizeDiffers(let expected, let found):
      "the tensors take \(expected) bytes, but \(found) are there; it may be cut short"
    case .shapeDiffers(let tensor, let shape, let bytes):
      (tensor.isEmpty ? "" : "tensor \(Self.shown(tensor)): ")
        + "shape \(shape) does not take the \(bytes) bytes that are there; it may be cut short"
    case .numpyHeader(let expected, let offset):
      "header, byte \(offset): expected \(expected); save the array with numpy.save"
    case .numpyVersion(let major, let minor):
      "format \(major).\(minor) of numpy; save the array with numpy.save, which writes 1.0 to 3.0"
    case .fortranOrder:
      "columns stand together; save numpy.ascontiguousarray of the array"
    case .line(let line, let expected): "line \(line): expected \(expected)"
    case .wordsMissing(let expected, let found):
      "says that it has \(expected) vectors, but has \(found); it may be cut short"
    }
  }

  static func shown(_ name: [UInt8]) -> String { "'\(VisibleText.path(name))'" }
}
