import Primitives

/// A file of tensors that is open for reading: safetensors or `.npy`, told apart by content. Its header
/// is checked; its numbers are read when they are asked for, by any thread.
public final class TensorFile: Sendable {
  public let path: [UInt8]
  /// In the order of their bytes.
  public let tensors: [StoredTensor]
  private let file: ReadableFile

  /// Opens a file and reads its header.
  public init(opening path: [UInt8]) throws(TensorFileError) {
    self.path = path
    let file = try Self.opened(path)
    tensors = try Self.tensors(of: file)
    self.file = file
  }

  private static func opened(_ path: [UInt8]) throws(TensorFileError) -> ReadableFile {
    do throws(FileError) { return try ReadableFile(opening: path) } catch { throw .file(error) }
  }

  private static func size(of file: borrowing ReadableFile) throws(TensorFileError) -> Int {
    do throws(FileError) { return try file.size() } catch { throw .file(error) }
  }

  private static func tensors(
    of file: borrowing ReadableFile
  ) throws(TensorFileError) -> [StoredTensor] {
    let path = file.path
    let size = try size(of: file)
    let start = try bytes(0..<NumpyArrayHeader.prefixLength, of: file)
    if start.starts(with: NumpyArrayHeader.magic) {
      let end = try checked(path) { () throws(TensorFlaw) in
        try NumpyArrayHeader.dataStart(start)
      }
      let header = try bytes(0..<end, of: file)
      return try checked(path) { () throws(TensorFlaw) in
        [try NumpyArrayHeader(header, fileSize: size).tensor]
      }
    }
    let jsonStart = SafetensorsHeader.prefixLength
    if start.count > jsonStart && start[jsonStart] != UInt8(ascii: "{") {
      throw .unrecognized(path: path)
    }
    let length = try checked(path) { () throws(TensorFlaw) in
      try SafetensorsHeader.length(start, fileSize: size)
    }
    let json = try bytes(jsonStart..<jsonStart + length, of: file)
    return try checked(path) { () throws(TensorFlaw) in
      try SafetensorsHeader(json: json, fileSize: size).tensors
    }
  }

  /// As many of these bytes as the file has.
  private static func bytes(
    _ range: Range<Int>, of file: borrowing ReadableFile
  ) throws(TensorFileError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: range.count)
    do throws(FileError) {
      let found = try bytes.withUnsafeMutableBufferPointer { (buffer) throws(FileError) in
        try file.read(into: UnsafeMutableRawBufferPointer(buffer), at: range.lowerBound)
      }
      bytes.removeLast(bytes.count - found)
    } catch {
      throw .file(error)
    }
    return bytes
  }

  private static func checked<Value>(
    _ path: [UInt8], _ body: () throws(TensorFlaw) -> Value
  ) throws(TensorFileError) -> Value {
    do { return try body() } catch { throw .malformed(path: path, error) }
  }

  /// The tensor of a name, as rows of numbers.
  public func matrix(named name: [UInt8]) throws(TensorFileError) -> StoredMatrix {
    guard let tensor = tensors.first(where: { $0.name == name }) else {
      throw .absentTensor(path: path, name: name, known: tensors.map(\.name))
    }
    return try StoredMatrix(tensor, in: self)
  }

  /// Fills a buffer with the bytes at a place of the file.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(TensorFileError) {
    let found: Int
    do throws(FileError) {
      found = try file.read(into: buffer, at: offset)
    } catch {
      throw .file(error)
    }
    // It was longer when it was opened.
    if found != buffer.count {
      throw .file(.sizeDiffers(path: path, expected: offset + buffer.count, found: offset + found))
    }
  }
}
