import Primitives

/// A regular file that is read by place: many threads share it, none maps it, and a file that
/// shrinks meanwhile is an error instead of a signal.
final class PlainFile: Sendable {
  let name: String
  /// Bytes when it was opened; what is appended later is not read.
  let size: Int
  private let file: ReadableFile

  /// Opens a file that had `size` bytes when the run was planned.
  init(opening path: [UInt8], size: Int) throws(CorpusError) {
    name = VisibleText.path(path)
    self.size = size
    file = try CorpusError.mapping { () throws(FileError) in try ReadableFile(opening: path) }
  }

  /// Bytes of a regular file that is not compressed; `nil` for what has to be read from front to
  /// back: a pipe (which is not opened here: its writer would notice), a device, a `.gz`.
  static func size(of path: [UInt8]) throws(CorpusError) -> Int? {
    try CorpusError.mapping { () throws(FileError) in
      let status = try FileStatus(of: path)
      guard status.kind == .regular else { return nil }
      let first = try ReadableFile(opening: path).prefix(4)
      return CorpusSource.Compression(firstBytes: first) == nil ? status.size : nil
    }
  }

  /// Fills `buffer` from a place in the file; all of it must be there.
  func read(
    _ buffer: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(CorpusError) {
    let count = try CorpusError.mapping { () throws(FileError) in
      try file.read(into: buffer, at: offset)
    }
    if count < buffer.count {
      throw CorpusError.shrank(path: name, expected: size, found: offset + count)
    }
  }
}
