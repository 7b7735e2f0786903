/// Finds where a sample ends, in two readings: the first tells in which of 65,536 equal ranges of
/// numbers that is, the second looks at the numbers in that range.
final class SampleTally {
  private static let rangeCount = 1 << 16

  /// By range: documents and their bytes.
  private var documents = [Int](repeating: 0, count: rangeCount)
  private var bytes = [Int](repeating: 0, count: rangeCount)
  /// The range whose numbers are kept; `nil` in the first reading.
  private let range: Int?
  private var kept: [(number: UInt64, documents: Int, bytes: Int)] = []

  init(range: Int?) { self.range = range }

  /// - Parameter begun: 1, or 0 for a further part of a document.
  func add(_ number: UInt64, documents begun: Int, bytes count: Int) {
    let own = Int(truncatingIfNeeded: number >> 48)
    documents[own] += begun
    bytes[own] += count
    if own == range { kept.append((number, begun, count)) }
  }

  func add(_ other: SampleTally) {
    for own in documents.indices {
      documents[own] += other.documents[own]
      bytes[own] += other.bytes[own]
    }
    kept += other.kept
  }

  /// The first range that does not go into the sample whole; `nil` if all do.
  func border(_ sample: DocumentSample) -> Int? {
    var (sum, size) = (0, 0)
    for own in documents.indices {
      sum += documents[own]
      size += bytes[own]
      if !sample.allows(documents: sum, bytes: size) { return own }
    }
    return nil
  }

  /// The first number that does not go into the sample.
  func end(_ sample: DocumentSample) -> UInt64 {
    guard let range else { return 0 }
    var (sum, size) = (
      documents[..<range].reduce(0, +), bytes[..<range].reduce(0, +)
    )
    for document in kept.sorted(by: { $0.number < $1.number }) {
      sum += document.documents
      size += document.bytes
      if !sample.allows(documents: sum, bytes: size) { return document.number }
    }
    return UInt64(range) << 48 | (1 << 48 - 1)
  }
}

/// What a reading does with each document.
enum SampleStep {
  /// All are counted.
  case none
  /// Each has its number noted, and none is counted.
  case noting(DocumentSample, SampleTally)
  /// Those below a number are counted.
  case taking(DocumentSample, below: UInt64?)
}
