#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file that is needed whole, such as a model.
public enum WholeFile {
  /// All bytes of a file, a pipe included.
  /// - Throws: `FileError.system`; a directory is one (`EISDIR`).
  public static func read(_ path: [UInt8]) throws(FileError) -> [UInt8] {
    let descriptor = try SystemCall.retrying("open", path) {
      path.withPath { open($0, O_RDONLY | O_CLOEXEC) }
    }
    defer { close(descriptor) }
    var status = stat()
    _ = try SystemCall.retrying("look at", path) { fstat(descriptor, &status) }
    var bytes = [UInt8](repeating: 0, count: max(1 << 16, Int(status.st_size) + 1))
    var count = 0
    while true {
      let added = try SystemCall.retrying("read", path) {
        bytes.withUnsafeMutableBytes { buffer in
          #if canImport(Glibc)
            Glibc.read(descriptor, buffer.baseAddress.map { $0 + count }, buffer.count - count)
          #else
            Darwin.read(descriptor, buffer.baseAddress.map { $0 + count }, buffer.count - count)
          #endif
        }
      }
      if added == 0 { break }
      count += added
      if count == bytes.count { bytes.append(contentsOf: repeatElement(0, count: count)) }
    }
    bytes.removeLast(bytes.count - count)
    return bytes
  }

  /// Whether a directory stands at a path, links followed.
  public static func isDirectory(_ path: [UInt8]) -> Bool {
    var status = stat()
    return path.withPath { stat($0, &status) } == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
