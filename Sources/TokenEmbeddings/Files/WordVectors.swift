import Primitives

/// Vectors by word, as word2vec's own program writes them: a line with their number and dimension, then
/// for each its word, a blank, and its numbers in decimal digits with a blank behind each, or as
/// float32; then a line end (`word2vec.c` of 2013, end of `TrainModel`).
public struct WordVectors: Sendable, Equatable {
  public enum Form: String, Sendable, CaseIterable {
    case text = "word2vec"
    case binary = "word2vec-binary"
  }

  /// By row. A word has neither blanks nor line ends.
  public var words: [[UInt8]]
  public var matrix: EmbeddingMatrix

  /// - Precondition: as many words as rows.
  public init(words: [[UInt8]], matrix: EmbeddingMatrix) {
    precondition(words.count == matrix.rowCount)
    self.words = words
    self.matrix = matrix
  }

  /// Reads a file of a form. The bytes that a vector needs are looked for before it gets room.
  public init(reading path: [UInt8], as form: Form) throws(TensorFileError) {
    let bytes: [UInt8]
    do throws(FileError) { bytes = try WholeFile.read(path) } catch { throw .file(error) }
    do throws(TensorFlaw) {
      self = try WordVectors(bytes, as: form)
    } catch {
      throw .malformed(path: path, error)
    }
    if let place = matrix.values.firstIndex(where: { !$0.isFinite }) {
      let (row, column) = place.quotientAndRemainder(dividingBy: matrix.dimension)
      throw .notFinite(
        path: path, tensor: words[row], row: row, column: column, value: matrix.values[place], .f32)
    }
  }

  init(_ bytes: [UInt8], as form: Form) throws(TensorFlaw) {
    var scan = WordVectorScan(bytes)
    let (count, dimension) = try scan.head()
    var words: [[UInt8]] = []
    var values: [Float] = []
    for row in 0..<count {
      guard let word = scan.word() else { throw .wordsMissing(expected: count, found: row) }
      switch form {
      case .text: try scan.decimals(dimension, line: row + 2, to: &values)
      case .binary:
        guard scan.numbers(dimension, to: &values) else {
          throw .wordsMissing(expected: count, found: row)
        }
      }
      words.append(word)
    }
    self.init(
      words: words,
      matrix: EmbeddingMatrix(rowCount: count, dimension: dimension, values: values))
  }
}

/// A place in the bytes of such a file.
private struct WordVectorScan {
  private let bytes: [UInt8]
  private var place = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The first line. Each vector takes a byte a number at least, so that sizes which the file cannot
  /// have are told here.
  mutating func head() throws(TensorFlaw) -> (count: Int, dimension: Int) {
    let end = bytes.firstIndex(of: UInt8(ascii: "\n")) ?? bytes.endIndex
    let parts = bytes[..<end].split(separator: UInt8(ascii: " "))
    let numbers = parts.compactMap { Int(String(decoding: $0, as: UTF8.self)) }
    guard parts.count == 2, numbers.count == 2, numbers[0] >= 0, numbers[1] > 0 else {
      throw .line(1, expected: "the number of vectors and their dimension")
    }
    let (total, overflows) = numbers[0].multipliedReportingOverflow(by: numbers[1])
    if overflows || total > bytes.count { throw .wordsMissing(expected: numbers[0], found: 0) }
    place = min(end + 1, bytes.count)
    return (numbers[0], numbers[1])
  }

  /// The bytes up to the next blank, behind line ends; `nil` where the file ends before.
  mutating func word() -> [UInt8]? {
    while place < bytes.count, bytes[place] == UInt8(ascii: "\n") { place += 1 }
    guard let end = bytes[place...].firstIndex(of: UInt8(ascii: " ")) else { return nil }
    defer { place = end + 1 }
    return Array(bytes[place..<end])
  }

  mutating func numbers(_ count: Int, to values: inout [Float]) -> Bool {
    guard bytes.count - place >= 4 * count else { return false }
    bytes.withUnsafeBytes { bytes in
      for index in 0..<count {
        let bits = bytes.loadUnaligned(fromByteOffset: place + 4 * index, as: UInt32.self)
        values.append(Float(bitPattern: UInt32(littleEndian: bits)))
      }
    }
    place += 4 * count
    return true
  }

  mutating func decimals(
    _ count: Int, line: Int, to values: inout [Float]
  ) throws(TensorFlaw) {
    let end = bytes[place...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.endIndex
    let parts = bytes[place..<end].split(separator: UInt8(ascii: " "))
    let numbers = parts.compactMap { Float(String(decoding: $0, as: UTF8.self)) }
    guard parts.count == count, numbers.count == count else {
      throw .line(line, expected: "a word and \(count) numbers")
    }
    values += numbers
    place = end
  }
}
