#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What stands at a path.
public struct FileStatus: Sendable {
  public enum Kind: Sendable { case regular, directory, link, other }

  public let kind: Kind
  /// Bytes of a regular file.
  public let size: Int
  /// When its content changed last, in nanoseconds since 1970.
  public let modified: Int64
  private let device: UInt64
  private let inode: UInt64

  /// - Throws: `FileError.system`; where nothing stands, its code is `ENOENT`.
  public init(of path: [UInt8], followingLinks: Bool = true) throws(FileError) {
    var status = stat()
    _ = try SystemCall.retrying("look at", path) {
      path.withPath { followingLinks ? stat($0, &status) : lstat($0, &status) }
    }
    kind =
      switch status.st_mode & S_IFMT {
      case S_IFREG: .regular
      case S_IFDIR: .directory
      case S_IFLNK: .link
      default: .other
      }
    size = Int(status.st_size)
    #if canImport(Darwin)
      let time = status.st_mtimespec
    #else
      let time = status.st_mtim
    #endif
    modified = Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    device = UInt64(truncatingIfNeeded: status.st_dev)
    inode = UInt64(truncatingIfNeeded: status.st_ino)
  }

  /// Whether both are one regular file, whatever the spelling of their paths.
  public func isSameFile(as other: FileStatus) -> Bool {
    kind == .regular && other.kind == .regular && device == other.device && inode == other.inode
  }
}
