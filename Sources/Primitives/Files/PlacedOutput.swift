import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file of a size that is known beforehand. Its parts are written in any order and by any threads at
/// the same time, each byte once; `finish()` tells whether all of them were.
public struct PlacedOutput: ~Copyable, Sendable {
  /// How errors name the target.
  public let path: [UInt8]
  /// Bytes of the whole file.
  public let size: Int

  private let descriptor: Int32
  private let written = Atomic<Int>(0)

  /// Takes a descriptor over, and asks for the room: a disk that is too full is told at once.
  init(descriptor: Int32, path: [UInt8], size: Int) throws(FileError) {
    self.descriptor = descriptor
    self.path = path
    self.size = size
    try Self.reserve(size, descriptor, path)
  }

  deinit { close(descriptor) }

  private static func reserve(
    _ size: Int, _ descriptor: Int32, _ path: [UInt8]
  ) throws(FileError) {
    #if canImport(Glibc)
      var code = size > 0 ? posix_fallocate(descriptor, 0, off_t(size)) : 0
      while code == EINTR { code = posix_fallocate(descriptor, 0, off_t(size)) }
      // File systems that cannot promise room tell when it is missing.
      if code != 0 && code != EOPNOTSUPP && code != EINVAL {
        throw .system(operation: "make room for", path: path, code: code)
      }
    #endif
    _ = try SystemCall.retrying("make room for", path) { ftruncate(descriptor, off_t(size)) }
  }

  /// Writes a part.
  /// - Precondition: it lies inside the file, and nobody else writes there.
  public func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(FileError) {
    precondition(offset >= 0 && bytes.count <= size && offset <= size - bytes.count)
    var done = 0
    while done < bytes.count {
      done += try SystemCall.retrying("write", path) {
        pwrite(
          descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done,
          off_t(offset + done))
      }
    }
    written.add(bytes.count, ordering: .relaxed)
  }

  /// Compares what was written with the size of the file, and waits for the disk. Called once all
  /// threads are done.
  public func finish() throws(FileError) {
    let total = written.load(ordering: .relaxed)
    var status = stat()
    _ = try SystemCall.retrying("check", path) { fstat(descriptor, &status) }
    if total != size || Int(status.st_size) != size {
      let found = total != size ? total : Int(status.st_size)
      throw .sizeDiffers(path: path, expected: size, found: found)
    }
    _ = try SystemCall.retrying("sync", path) { fsync(descriptor) }
  }
}
