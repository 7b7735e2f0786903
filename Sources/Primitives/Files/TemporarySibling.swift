import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Where an output grows before it is put in place: a dot-named entry beside the target, on the
/// same file system, named for the process so that two runs never share one.
struct TemporarySibling {
  let path: [UInt8]
  /// Directories that had to be made for the target, the outermost first.
  let madeParents: [[UInt8]]

  private static let counter = Atomic<Int>(0)

  /// Makes missing parents, then tries names until `create` makes an entry of one.
  /// `create` returns 0 or an errno.
  init(of target: [UInt8], create: ([UInt8]) -> Int32) throws(FileError) {
    let parent = target.parentPath
    let made = try Self.makeParents(parent)
    while true {
      let number = Self.counter.add(1, ordering: .relaxed).newValue
      let name = ".".utf8 + target.lastPathName.prefix(200) + ".toktrain-\(getpid())-\(number)".utf8
      let candidate = parent.appendingPath(Array(name))
      let code = create(candidate)
      if code == 0 {
        path = candidate
        madeParents = made
        return
      }
      if code != EEXIST && code != EINTR {
        for parent in made.reversed() { _ = parent.withPath { rmdir($0) } }
        throw .system(operation: "create", path: target, code: code)
      }
    }
  }

  private static func isMissing(_ path: [UInt8]) throws(FileError) -> Bool {
    do throws(FileError) {
      _ = try FileStatus(of: path)
      return false
    } catch .system(_, _, ENOENT) {
      return true
    }
  }

  /// Makes the directories of `path` that are missing and returns those made.
  private static func makeParents(_ path: [UInt8]) throws(FileError) -> [[UInt8]] {
    var missing: [[UInt8]] = []
    var current = path
    while try isMissing(current), current != current.parentPath {
      missing.append(current)
      current = current.parentPath
    }
    var made: [[UInt8]] = []
    for directory in missing.reversed() {
      if directory.withPath({ mkdir($0, 0o777) }) != 0 {
        let code = errno
        if code == EEXIST { continue }
        for parent in made.reversed() { _ = parent.withPath { rmdir($0) } }
        throw .system(operation: "create", path: directory, code: code)
      }
      made.append(directory)
    }
    return made
  }
}

/// Waits until the entries of a directory are on the disk.
func syncDirectory(_ path: [UInt8]) throws(FileError) {
  let descriptor = try SystemCall.retrying("open", path) {
    path.withPath { open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
  }
  defer { close(descriptor) }
  do throws(FileError) {
    _ = try SystemCall.retrying("sync", path) { fsync(descriptor) }
  } catch .system(_, _, EINVAL), .system(_, _, ENOTSUP) {
    // Some file systems have no notion of syncing a directory.
  }
}
