/// A file that is needed whole, such as a model.
public enum WholeFile {
  /// Room behind the end: one byte by which the first reading finds that end, and what readers need
  /// who look at many bytes at once (64: `JSONDocument`).
  private static let slack = 65

  /// All bytes of a file, a pipe included.
  /// - Throws: `FileError.system`; a directory is one (`EISDIR`).
  public static func read(_ path: [UInt8]) throws(FileError) -> [UInt8] {
    let file = try ReadableFile(opening: path)
    let room = max(1 << 16, try file.size() + 1)
    var failure: FileError?
    var bytes = [UInt8](unsafeUninitializedCapacity: room + slack) { buffer, count in
      do throws(FileError) {
        while count < room {
          let more = try file.read(
            into: UnsafeMutableRawBufferPointer(buffer.extracting(count..<room)))
          if more == 0 { break }
          count += more
        }
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    guard bytes.count == room else { return bytes }
    // A pipe, or a file that has grown.
    while try file.read(upTo: max(1 << 16, bytes.count), appendingTo: &bytes) > 0 {}
    return bytes
  }
}
