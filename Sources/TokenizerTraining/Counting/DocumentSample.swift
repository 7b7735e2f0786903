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
