import Primitives

/// A file of word vectors that is being written, row after row.
public struct WordVectorOutput: ~Copyable {
  private var file: FileOutput
  private let form: WordVectors.Form
  private let words: [[UInt8]]
  private let dimension: Int
  private var row = 0

  /// - Parameter words: without blanks and line ends, all different.
  public init(
    _ form: WordVectors.Form, words: [[UInt8]], dimension: Int, to file: consuming FileOutput
  ) throws(TensorFileError) {
    self.form = form
    self.words = words
    self.dimension = dimension
    self.file = try Self.begun(file, words, dimension)
  }

  /// The file with its first line.
  private static func begun(
    _ file: consuming FileOutput, _ words: [[UInt8]], _ dimension: Int
  ) throws(TensorFileError) -> FileOutput {
    try checkWords(words)
    do throws(FileError) {
      try file.write("\(words.count) \(dimension)\n".utf8)
    } catch {
      throw .file(error)
    }
    return file
  }

  private static func checkWords(_ words: [[UInt8]]) throws(TensorFileError) {
    let order = words.indices.sorted { first, second in
      words[first] == words[second]
        ? first < second : words[first].lexicographicallyPrecedes(words[second])
    }
    for (first, second) in zip(order, order.dropFirst()) where words[first] == words[second] {
      throw .duplicateWord(word: words[first], first: first, second: second)
    }
  }

  /// Writes the next rows.
  /// - Precondition: `values` are whole rows, of which so many are still to come.
  public mutating func append(_ values: UnsafeBufferPointer<Float>) throws(TensorFileError) {
    precondition(dimension > 0 && values.count % dimension == 0)
    var text: [UInt8] = []
    for start in stride(from: 0, to: values.count, by: dimension) {
      text.removeAll(keepingCapacity: true)
      text += words[row]
      text.append(UInt8(ascii: " "))
      for column in 0..<dimension {
        let value = values[start + column]
        if !value.isFinite {
          throw .notFinite(
            path: file.path, tensor: words[row], row: row, column: column, value: value, .f32)
        }
        switch form {
        // The fewest digits that read back as the same number.
        case .text:
          text += value.description.utf8
          text.append(UInt8(ascii: " "))
        case .binary:
          withUnsafeBytes(of: value.bitPattern.littleEndian) { text.append(contentsOf: $0) }
        }
      }
      text.append(UInt8(ascii: "\n"))
      try write(text)
      row += 1
    }
  }

  /// Waits until all is on the disk.
  /// - Precondition: all rows were written.
  public mutating func finish() throws(TensorFileError) {
    precondition(row == words.count)
    do throws(FileError) { try file.flushToDisk() } catch { throw .file(error) }
  }

  private mutating func write(_ bytes: [UInt8]) throws(TensorFileError) {
    do throws(FileError) { try file.write(bytes) } catch { throw .file(error) }
  }
}
