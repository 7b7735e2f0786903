import NativeBridges

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A directory of files that appears whole or not at all.
///
/// It grows under a dot-name beside its target; `commit()` syncs it and puts it in place with one
/// atomic rename or exchange. Dropped without a commit, or removed by `PendingOutputs` on a
/// signal, it leaves nothing behind, parents that it had to make included.
public struct AtomicDirectory: ~Copyable {
  /// What may stand at the target already.
  public enum Existing: Sendable, Equatable {
    /// Nothing.
    case refused
    /// An empty directory, or one that `Signature` recognizes.
    case replaced(Signature)
  }

  /// How a result of ours is told from a directory that belongs to somebody else.
  public struct Signature: Sendable, Equatable {
    /// File that every result holds.
    public var marker: String
    /// How the bytes of that file begin.
    public var markerPrefix: [UInt8]
    /// Names of all files that a result may hold.
    public var fileNames: [String]

    public init(marker: String, markerPrefix: [UInt8], fileNames: [String]) {
      self.marker = marker
      self.markerPrefix = markerPrefix
      self.fileNames = fileNames
    }
  }

  /// Where it will appear: the path given, or what a symbolic link there points to.
  public let target: [UInt8]

  private let existing: Existing
  private let temporary: [UInt8]
  private let pending: PendingOutputs
  private let ticket: Int

  /// Looks at the target and makes the temporary, which proves that the place can be written.
  public init(at path: [UInt8], existing: Existing = .refused) throws(FileError) {
    try self.init(at: path, existing: existing, pending: .process)
  }

  init(at path: [UInt8], existing: Existing, pending: PendingOutputs) throws(FileError) {
    let target = Self.resolvingLink(path.withoutTrailingSlashes)
    _ = try Self.standing(at: target, existing)
    var temporary: [UInt8] = []
    ticket = try pending.register { () throws(FileError) in
      let sibling = try TemporarySibling(of: target) { candidate in
        candidate.withPath { mkdir($0, 0o777) } == 0 ? 0 : errno
      }
      temporary = sibling.path
      return PendingOutputs.Entry(path: sibling.path, madeParents: sibling.madeParents)
    }
    self.target = target
    self.existing = existing
    self.temporary = temporary
    self.pending = pending
  }

  deinit { pending.discard(ticket) }

  /// Writes one file of the directory and waits until it is on the disk.
  public func write(_ bytes: some Collection<UInt8>, to name: String) throws(FileError) {
    var file = try streamedFile(name)
    try file.write(bytes)
    try file.flushToDisk()
  }

  /// Makes one file of the directory that is written from its start to its end; its `flushToDisk()`
  /// belongs before `commit()`.
  public func streamedFile(_ name: String) throws(FileError) -> FileOutput {
    let (descriptor, shown) = try create(name)
    return FileOutput(descriptor: descriptor, path: shown, closing: true)
  }

  /// Makes one file of the directory whose parts come in any order; its `finish()` belongs before
  /// `commit()`.
  public func placedFile(_ name: String, size: Int) throws(FileError) -> PlacedOutput {
    let (descriptor, shown) = try create(name)
    return try PlacedOutput(descriptor: descriptor, path: shown, size: size)
  }

  /// An empty file of the directory, and how errors name it.
  private func create(_ name: String) throws(FileError) -> (descriptor: Int32, shown: [UInt8]) {
    let path = temporary.appendingPath(Array(name.utf8))
    let shown = target.appendingPath(Array(name.utf8))
    let descriptor = try pending.step { () throws(FileError) in
      try SystemCall.retrying("create", shown) {
        path.withPath { open($0, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666) }
      }
    }
    return (descriptor, shown)
  }

  /// Puts the directory in place. What stood at the target is looked at again: it may have
  /// changed since `init`.
  public func commit() throws(FileError) {
    try syncDirectory(temporary)
    try pending.finish(ticket) { () throws(FileError) in
      switch try Self.standing(at: target, existing) {
      case .nothing:
        try rename(tt_rename_exclusive)
        return nil
      case .emptyDirectory:
        try rename { Self.code(Self.portableRename($0, $1)) }
        return nil
      case .result:
        try exchange()
        return PendingOutputs.Entry(path: temporary)
      }
    }
    pending.discard(ticket)
    try syncDirectory(target.parentPath)
  }

  private enum Standing { case nothing, emptyDirectory, result }

  private static func standing(
    at target: [UInt8], _ existing: Existing
  ) throws(FileError) -> Standing {
    var status = stat()
    if target.withPath({ lstat($0, &status) }) != 0 {
      if errno == ENOENT { return .nothing }
      throw .system(operation: "look at", path: target, code: errno)
    }
    guard case .replaced(let signature) = existing else { throw .exists(path: target) }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw .system(operation: "replace", path: target, code: ENOTDIR)
    }
    let names = try DirectoryListing.names(in: target)
    if names.isEmpty { return .emptyDirectory }
    let marker = Array(signature.marker.utf8)
    guard names.contains(marker),
      try fileStarts(target.appendingPath(marker), with: signature.markerPrefix)
    else {
      throw .notOurs(path: target, marker: signature.marker)
    }
    let ours = signature.fileNames.map { Array($0.utf8) }
    if let foreign = names.first(where: { !ours.contains($0) }) {
      throw .holdsForeignFile(path: target, name: foreign)
    }
    return .result
  }

  private static func fileStarts(
    _ path: [UInt8], with prefix: [UInt8]
  ) throws(FileError) -> Bool {
    try ReadableFile(opening: path, waits: false).prefix(prefix.count) == prefix
  }

  private static func resolvingLink(_ path: [UInt8]) -> [UInt8] {
    // "." and ".." cannot be renamed over, and a link shall stay what it is.
    let isDots = path.lastPathName == Array(".".utf8) || path.lastPathName == Array("..".utf8)
    var status = stat()
    guard path.withPath({ lstat($0, &status) }) == 0,
      isDots || status.st_mode & S_IFMT == S_IFLNK,
      let resolved = path.withPath({ realpath($0, nil) })
    else { return path }
    defer { free(resolved) }
    return UnsafeBufferPointer(start: resolved, count: strlen(resolved)).map {
      UInt8(bitPattern: $0)
    }
  }

  private func rename(
    _ call: (UnsafePointer<CChar>, UnsafePointer<CChar>) -> Int32
  ) throws(FileError) {
    let code = temporary.withPath { from in target.withPath { to in call(from, to) } }
    if code == EEXIST || code == ENOTEMPTY { throw .exists(path: target) }
    if code != 0 { throw .system(operation: "put in place", path: target, code: code) }
  }

  /// One atomic swap; where the file system has none, the old directory steps aside first and
  /// comes back if the new one cannot take its place.
  private func exchange() throws(FileError) {
    let code = temporary.withPath { new in target.withPath { old in tt_rename_exchange(new, old) } }
    if code == 0 { return }
    guard code == EINVAL || code == ENOTSUP || code == ENOSYS else {
      throw .system(operation: "replace", path: target, code: code)
    }
    let aside = temporary + Array(".old".utf8)
    let moved = target.withPath { old in
      aside.withPath { Self.code(Self.portableRename(old, $0)) }
    }
    if moved != 0 { throw .system(operation: "replace", path: target, code: moved) }
    do {
      try rename(tt_rename_exclusive)
    } catch {
      _ = aside.withPath { from in target.withPath { Self.portableRename(from, $0) } }
      throw error
    }
    _ = aside.withPath { from in temporary.withPath { Self.portableRename(from, $0) } }
  }

  private static func portableRename(
    _ from: UnsafePointer<CChar>, _ to: UnsafePointer<CChar>
  ) -> Int32 {
    #if canImport(Glibc)
      Glibc.rename(from, to)
    #else
      Darwin.rename(from, to)
    #endif
  }

  private static func code(_ result: Int32) -> Int32 { result == 0 ? 0 : errno }
}
