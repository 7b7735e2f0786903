/// Why a file could not be read or written. Paths are bytes, as the system has them.
public enum FileError: Error, Sendable, Equatable {
  /// A system call failed; `code` is its `errno`.
  case system(operation: String, path: [UInt8], code: Int32)
  /// The target is there and nobody allowed replacing it.
  case exists(path: [UInt8])
  /// The target is not empty and does not hold the file that marks it as a result of ours.
  case notOurs(path: [UInt8], marker: String)
  /// The target is a result of ours, but somebody put a file of their own into it.
  case holdsForeignFile(path: [UInt8], name: [UInt8])
  /// The file has another size than was written to it.
  case sizeDiffers(path: [UInt8], expected: Int, found: Int)
  /// A signal has removed all pending outputs; nothing may be written any more.
  case interrupted

  /// The path that the error is about; empty for an interruption.
  public var path: [UInt8] {
    switch self {
    case .system(_, let path, _), .exists(let path), .notOurs(let path, _),
      .holdsForeignFile(let path, _), .sizeDiffers(let path, _, _):
      return path
    case .interrupted: return []
    }
  }
}

extension FileError: CustomStringConvertible {
  public var description: String {
    let path = VisibleText.path(path)
    switch self {
    case .system(let operation, _, let code):
      return "\(path): cannot \(operation): \(SystemCall.message(code))"
    case .exists:
      return "\(path): exists already; remove it or allow replacing it"
    case .notOurs(_, let marker):
      return "\(path): is not empty and has no \(marker) of toktrain; choose another place"
    case .holdsForeignFile(_, let name):
      return "\(path): holds \(VisibleText.path(name)), which toktrain did not write; "
        + "move it away or choose another place"
    case .sizeDiffers(_, let expected, let found):
      return "\(path): wrote \(expected) bytes, but the file has \(found); check the disk"
    case .interrupted:
      return "interrupted; nothing was written"
    }
  }
}
