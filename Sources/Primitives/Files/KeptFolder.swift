#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A folder that stays until it is removed.
public enum KeptFolder {
  /// Makes a folder, and parents that are missing; false if it is there.
  public static func make(at path: [UInt8]) throws(FileError) -> Bool {
    let made = path.withPath { mkdir($0, 0o777) } == 0 ? 0 : errno
    switch made {
    case 0: return true
    case EEXIST: return false
    case ENOENT where path.parentPath != path:
      _ = try make(at: path.parentPath)
      return try make(at: path)
    default: throw .system(operation: "create", path: path, code: made)
    }
  }

  /// Removes files of a folder and the folder itself; what somebody else put there stays.
  public static func remove(_ path: [UInt8], files: [[UInt8]]) throws(FileError) {
    for file in files { try remove(file: path.appendingPath(file)) }
    let removed = path.withPath { rmdir($0) } == 0 ? 0 : errno
    if removed != 0 && removed != ENOENT && removed != ENOTEMPTY {
      throw .system(operation: "remove", path: path, code: removed)
    }
  }

  /// Removes a file; one that is not there is no error.
  public static func remove(file path: [UInt8]) throws(FileError) {
    let removed = path.withPath { unlink($0) } == 0 ? 0 : errno
    if removed != 0 && removed != ENOENT {
      throw .system(operation: "remove", path: path, code: removed)
    }
  }
}
