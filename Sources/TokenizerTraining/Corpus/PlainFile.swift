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

  /// `nil` for what cannot be read by place, or is compressed: a pipe, a device, a `.gz`.
  init?(opening path: [UInt8]) throws(CorpusError) {
    name = PathText.display(path)
    let opened = path.withCString { open($0, O_RDONLY | O_CLOEXEC) }
    guard opened >= 0 else { throw CorpusError.io(path: name, action: "open", errno: errno) }
    descriptor = opened
    var status = stat()
    guard fstat(opened, &status) == 0 else {
      throw CorpusError.io(path: name, action: "inspect", errno: errno)
    }
    size = Int(status.st_size)
    guard status.st_mode & S_IFMT == S_IFREG else { return nil }
    var first = [UInt8](repeating: 0, count: 4)
    let count = pread(opened, &first, 4, 0)
    guard count >= 0 else { throw CorpusError.io(path: name, action: "read", errno: errno) }
    guard CorpusSource.Compression(firstBytes: Array(first[..<count])) == nil else { return nil }
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
