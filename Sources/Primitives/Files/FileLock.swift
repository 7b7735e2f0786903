#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file that one process at a time holds: the system lets go of it when the process ends, however
/// that comes about.
public struct FileLock: ~Copyable, Sendable {
  private let descriptor: Int32

  /// - Returns: `nil` where another process holds it.
  public init?(at path: [UInt8]) throws(FileError) {
    let descriptor = try SystemCall.retrying("open", path) {
      path.withPath { open($0, O_RDWR | O_CREAT | O_CLOEXEC, 0o666) }
    }
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      let code = errno
      close(descriptor)
      if code == EWOULDBLOCK { return nil }
      throw .system(operation: "lock", path: path, code: code)
    }
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }
}
