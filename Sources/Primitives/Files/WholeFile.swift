/// A file that is needed whole, such as a model.
public enum WholeFile {
  /// All bytes of a file, a pipe included.
  /// - Throws: `FileError.system`; a directory is one (`EISDIR`).
  public static func read(_ path: [UInt8]) throws(FileError) -> [UInt8] {
    let file = try ReadableFile(opening: path)
    var bytes: [UInt8] = []
    // One more than there are, so that the first reading finds the end.
    var wanted = max(1 << 16, try file.size() + 1)
    while try file.read(upTo: wanted, appendingTo: &bytes) > 0 { wanted = 1 << 16 }
    return bytes
  }
}
