#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What makes two paths the same regular file, whatever their spelling.
public struct FileIdentity: Equatable, Sendable {
  private let device: UInt64
  private let inode: UInt64

  /// `nil` where no regular file stands.
  public init?(of path: [UInt8]) {
    var status = stat()
    guard path.withPath({ stat($0, &status) }) == 0, status.st_mode & S_IFMT == S_IFREG else {
      return nil
    }
    device = UInt64(truncatingIfNeeded: status.st_dev)
    inode = UInt64(truncatingIfNeeded: status.st_ino)
  }
}
