#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file, pipe or device that is open for reading; closed when it goes out of scope.
public struct ReadableFile: ~Copyable, Sendable {
  /// How errors name it.
  public let path: [UInt8]
  private let descriptor: Int32

  /// - Parameter waits: whether to wait for the writer of a pipe.
  public init(opening path: [UInt8], waits: Bool = true) throws(FileError) {
    self.path = path
    let flags = O_RDONLY | O_CLOEXEC | (waits ? 0 : O_NONBLOCK)
    descriptor = try SystemCall.retrying("open", path) { path.withPath { open($0, flags) } }
  }

  /// The standard input of the process, which stays open.
  public static var standardInput: ReadableFile {
    ReadableFile(descriptor: STDIN_FILENO, path: Array("standard input".utf8))
  }

  private init(descriptor: Int32, path: [UInt8]) {
    self.descriptor = descriptor
    self.path = path
  }

  deinit {
    if descriptor != STDIN_FILENO { close(descriptor) }
  }

  /// Bytes of a regular file now; 0 for a pipe.
  public func size() throws(FileError) -> Int {
    var status = stat()
    _ = try SystemCall.retrying("look at", path) { fstat(descriptor, &status) }
    return Int(status.st_size)
  }

  /// Reads on: up to `buffer.count` bytes, 0 at the end.
  public func read(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
    try SystemCall.retrying("read", path) {
      #if canImport(Glibc)
        Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      #else
        Darwin.read(descriptor, buffer.baseAddress, buffer.count)
      #endif
    }
  }

  /// Reads on and appends up to `count` bytes; returns how many there were, 0 at the end.
  public func read(upTo count: Int, appendingTo bytes: inout [UInt8]) throws(FileError) -> Int {
    let known = bytes.count
    bytes.append(contentsOf: repeatElement(0, count: count))
    let added = try bytes.withUnsafeMutableBufferPointer { buffer throws(FileError) in
      try read(into: UnsafeMutableRawBufferPointer(buffer.extracting(known...)))
    }
    bytes.removeLast(count - added)
    return added
  }

  /// The first bytes of a regular file, as many of `count` as it has.
  public func prefix(_ count: Int) throws(FileError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let found = try bytes.withUnsafeMutableBufferPointer { buffer throws(FileError) in
      try read(into: UnsafeMutableRawBufferPointer(buffer), at: 0)
    }
    bytes.removeLast(count - found)
    return bytes
  }

  /// Reads from a place, whichever thread reads elsewhere meanwhile: as many bytes of
  /// `buffer.count` as the file has there.
  public func read(
    into buffer: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(FileError) -> Int {
    var done = 0
    while done < buffer.count {
      let count = try SystemCall.retrying("read", path) {
        pread(
          descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done,
          off_t(offset + done))
      }
      if count == 0 { break }
      done += count
    }
    return done
  }
}
