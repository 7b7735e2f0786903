import NativeBridges

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file that appears whole or not at all, or a device or pipe that is written as it is.
///
/// A regular file grows under a dot-name beside its target; `commit()` syncs it and renames it.
/// Dropped without a commit, or removed by `PendingOutputs` on a signal, it leaves nothing behind.
public struct AtomicFile: ~Copyable {
  /// The path given, or what a symbolic link there points to.
  public let target: [UInt8]

  private var output: FileOutput
  /// `nil` where the target is no regular file and is written directly.
  private let temporary: Temporary?
  private let replaces: Bool

  private struct Temporary {
    let path: [UInt8]
    let pending: PendingOutputs
    let ticket: Int
  }

  /// Makes the temporary, which proves that the place can be written.
  /// - Parameter replaces: whether a file that stands there may be replaced.
  public init(at path: [UInt8], replaces: Bool = false) throws(FileError) {
    try self.init(at: path, replaces: replaces, pending: .process)
  }

  init(at path: [UInt8], replaces: Bool, pending: PendingOutputs) throws(FileError) {
    self.replaces = replaces
    var status = stat()
    let isThere = path.withPath { stat($0, &status) } == 0
    let kind = status.st_mode & S_IFMT
    if isThere && kind != S_IFREG && kind != S_IFDIR {
      let descriptor = try SystemCall.retrying("open", path) {
        path.withPath { open($0, O_WRONLY | O_CLOEXEC) }
      }
      target = path
      output = FileOutput(descriptor: descriptor, path: path, closing: true)
      temporary = nil
      return
    }
    if isThere && kind == S_IFDIR {
      throw .system(operation: "replace", path: path, code: EISDIR)
    }
    if isThere && !replaces { throw .exists(path: path) }
    let target = Self.resolvingLink(path)
    var descriptor: Int32 = -1
    var temporaryPath: [UInt8] = []
    let ticket = try pending.register { () throws(FileError) in
      let sibling = try TemporarySibling(of: target) { candidate in
        descriptor = candidate.withPath {
          open($0, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        }
        return descriptor >= 0 ? 0 : errno
      }
      temporaryPath = sibling.path
      return PendingOutputs.Entry(path: sibling.path, madeParents: sibling.madeParents)
    }
    self.target = target
    output = FileOutput(descriptor: descriptor, path: target, closing: true)
    temporary = Temporary(path: temporaryPath, pending: pending, ticket: ticket)
  }

  deinit {
    if let temporary { temporary.pending.discard(temporary.ticket) }
  }

  public mutating func write(_ bytes: some Collection<UInt8>) throws(FileError) {
    try output.write(bytes)
  }

  /// Replaces what stands at the start, which must be there.
  public mutating func overwrite(_ bytes: [UInt8]) throws(FileError) {
    try output.overwrite(bytes)
  }

  /// Puts the file in place.
  public mutating func commit() throws(FileError) {
    guard let temporary else { return try output.flush() }
    try output.flushToDisk()
    let (target, replaces) = (target, replaces)
    try temporary.pending.finish(temporary.ticket) { () throws(FileError) in
      let code = temporary.path.withPath { from in
        target.withPath { to in
          if !replaces { return tt_rename_exclusive(from, to) }
          return rename(from, to) == 0 ? 0 : errno
        }
      }
      if code == EEXIST { throw .exists(path: target) }
      if code != 0 { throw .system(operation: "put in place", path: target, code: code) }
      return nil
    }
    try syncDirectory(target.parentPath)
  }

  private static func resolvingLink(_ path: [UInt8]) -> [UInt8] {
    guard let resolved = path.withPath({ realpath($0, nil) }) else { return path }
    defer { free(resolved) }
    return UnsafeBufferPointer(start: resolved, count: strlen(resolved)).map {
      UInt8(bitPattern: $0)
    }
  }
}
