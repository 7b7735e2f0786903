import NativeBridges

/// A part of the documents of a corpus, drawn by chance: as good as the whole where a vocabulary
/// needs less text than there is.
///
/// Each document has a number that follows from the seed, its source and its place there. The lowest
/// numbers are the sample, so that it does not depend on threads, blocks or compression.
public struct DocumentSample: Sendable, Equatable {
  /// How much is drawn at most; all where there is less.
  public enum Size: Sendable, Equatable {
    case documents(Int)
    /// Bytes of documents, before anything is done to them.
    case bytes(Int)
  }

  public var size: Size
  /// Another seed draws others.
  public var seed: UInt64

  public init(_ size: Size, seed: UInt64 = 0) {
    self.size = size
    self.seed = seed
  }

  /// The number of a document.
  ///
  /// - Parameters:
  ///   - source: number of its file in the corpus.
  ///   - offset: of its first byte there.
  func number(source: Int, offset: Int) -> UInt64 {
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 3) { words in
      words[0] = seed.littleEndian
      words[1] = UInt64(source).littleEndian
      words[2] = UInt64(offset).littleEndian
      return tt_hash64(UnsafeRawPointer(words.baseAddress), 24)
    }
  }

  /// One document is always drawn, however large it is.
  func allows(documents: Int, bytes: Int) -> Bool {
    switch size {
    case .documents(let most): documents <= most
    case .bytes(let most): bytes <= most || documents <= 1
    }
  }
}

/// Finds the greatest number that is in the sample, in two readings: the first tells in which of 65,536
/// equal ranges it lies, the second looks at the numbers in that range.
final class SampleTally {
  private static let rangeCount = 1 << 16

  /// By range: documents and their bytes.
  private var documents = [Int](repeating: 0, count: rangeCount)
  private var bytes = [Int](repeating: 0, count: rangeCount)
  /// The range whose numbers are kept; `nil` in the first reading.
  private let range: Int?
  private var kept: [(number: UInt64, bytes: Int)] = []

  init(range: Int?) { self.range = range }

  func add(_ number: UInt64, bytes count: Int) {
    let own = Int(truncatingIfNeeded: number >> 48)
    documents[own] += 1
    bytes[own] += count
    if own == range { kept.append((number, count)) }
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
      sum += 1
      size += document.bytes
      if !sample.allows(documents: sum, bytes: size) { return document.number }
    }
    return UInt64(range + 1) << 48
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

/// What a sample came to.
public struct SampleSummary: Sendable, Equatable {
  public var documents = 0
  public var bytes = 0
  /// Documents that were not drawn.
  public var leftOut = 0

  mutating func add(_ other: SampleSummary) {
    documents += other.documents
    bytes += other.bytes
    leftOut += other.leftOut
  }
}
