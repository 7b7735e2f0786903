#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A regular file that is read by place: many threads share it, none maps it, and a file that
/// shrinks meanwhile is an error instead of a signal.
final class PlainFile: Sendable {
  let name: String
  /// Bytes when it was opened; what is appended later is not read.
  let size: Int
  private let descriptor: Int32

  /// Opens a file that had `size` bytes when the run was planned.
  init(opening path: [UInt8], size: Int) throws(CorpusError) {
    name = PathText.display(path)
    self.size = size
    let opened = path.withCString { open($0, O_RDONLY | O_CLOEXEC) }
    guard opened >= 0 else { throw CorpusError.io(path: name, action: "open", errno: errno) }
    descriptor = opened
  }

  /// Bytes of a regular file that is not compressed; `nil` for what has to be read from front to
  /// back: a pipe (which is not opened here: its writer would notice), a device, a `.gz`.
  static func size(of path: [UInt8]) throws(CorpusError) -> Int? {
    let name = PathText.display(path)
    var status = stat()
    guard path.withCString({ stat($0, &status) }) == 0 else {
      throw CorpusError.io(path: name, action: "read", errno: errno)
    }
    guard status.st_mode & S_IFMT == S_IFREG else { return nil }
    let file = try PlainFile(opening: path, size: Int(status.st_size))
    var first = [UInt8](repeating: 0, count: 4)
    let count = pread(file.descriptor, &first, 4, 0)
    guard count >= 0 else { throw CorpusError.io(path: name, action: "read", errno: errno) }
    return CorpusSource.Compression(firstBytes: Array(first[..<count])) == nil ? file.size : nil
  }

  deinit { close(descriptor) }

  /// Fills `buffer` from a place in the file; all of it must be there.
  func read(
    _ buffer: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(CorpusError) {
    var done = 0
    while done < buffer.count {
      let count = pread(
        descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done,
        off_t(offset + done))
      if count > 0 {
        done += count
      } else if count == 0 {
        throw CorpusError.shrank(path: name, expected: size, found: offset + done)
      } else if errno != EINTR {
        throw CorpusError.io(path: name, action: "read", errno: errno)
      }
    }
  }
}
