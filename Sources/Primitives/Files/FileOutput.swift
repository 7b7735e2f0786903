#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A buffered writer over a file descriptor that never loses an error: `print` ignores all of them.
///
/// What is not flushed when it goes out of scope is lost: call `flush()` and look at its error.
public struct FileOutput: ~Copyable {
  /// How errors name the target.
  public let path: [UInt8]
  /// Bytes handed over so far, buffered ones included.
  public private(set) var byteCount = 0

  private let descriptor: Int32
  private let closesDescriptor: Bool
  private var buffer: [UInt8] = []
  private let capacity: Int

  /// A writer over a descriptor that somebody else opened and closes.
  public init(descriptor: Int32, path: [UInt8], capacity: Int = 1 << 16) {
    self.init(descriptor: descriptor, path: path, capacity: capacity, closing: false)
  }

  init(descriptor: Int32, path: [UInt8], capacity: Int = 1 << 16, closing: Bool) {
    self.path = path
    self.descriptor = descriptor
    self.capacity = capacity
    closesDescriptor = closing
  }

  deinit {
    if closesDescriptor { close(descriptor) }
  }

  public mutating func write(_ bytes: some Collection<UInt8>) throws(FileError) {
    buffer.append(contentsOf: bytes)
    byteCount += bytes.count
    if buffer.count >= capacity { try flush() }
  }

  /// Hands everything to the system.
  public mutating func flush() throws(FileError) {
    var start = 0
    while start < buffer.count {
      let written = try SystemCall.retrying("write", path) {
        buffer.withUnsafeBytes { bytes in
          #if canImport(Glibc)
            Glibc.write(descriptor, bytes.baseAddress.map { $0 + start }, bytes.count - start)
          #else
            Darwin.write(descriptor, bytes.baseAddress.map { $0 + start }, bytes.count - start)
          #endif
        }
      }
      start += written
    }
    buffer.removeAll(keepingCapacity: true)
  }

  /// Replaces what stands at the start of a file. Fails where there is no way back, as in a pipe.
  mutating func overwrite(_ bytes: [UInt8]) throws(FileError) {
    try flush()
    var start = 0
    while start < bytes.count {
      start += try SystemCall.retrying("write the start of", path) {
        bytes.withUnsafeBytes { bytes in
          pwrite(
            descriptor, bytes.baseAddress.map { $0 + start }, bytes.count - start, off_t(start))
        }
      }
    }
  }

  /// Flushes, compares the size of the file with what was written, and waits for the disk.
  public mutating func flushToDisk() throws(FileError) {
    try flush()
    var status = stat()
    _ = try SystemCall.retrying("check", path) { fstat(descriptor, &status) }
    if Int(status.st_size) != byteCount {
      throw .sizeDiffers(path: path, expected: byteCount, found: Int(status.st_size))
    }
    _ = try SystemCall.retrying("sync", path) { fsync(descriptor) }
  }
}
