/// How tokenizers are compared.
public struct ComparisonOptions: Sendable, Equatable {
  public static let mostModels = 26
  public static let mostReplicates = 100_000
  public static let mostSamples = 1000

  /// Of what chance decides: resamplings, and groups of documents.
  public var seed: UInt64 = 0
  /// Resamplings for the intervals; 0: no intervals.
  public private(set) var replicates: Int
  /// Documents that the report shows, those that differ most.
  public private(set) var sampleCount: Int
  /// Bytes of each that it shows at most.
  public var sampleBytes = 2000
  /// Whether documents of equal number in files of different languages say the same.
  public var isParallel = false
  /// Threads at most; reports are equal for any number.
  public var threads = 1

  /// - Throws: `ComparisonError.replicatesOutOfRange`, `.samplesOutOfRange`.
  public init(replicates: Int = 1000, sampleCount: Int = 20) throws(ComparisonError) {
    guard (0...Self.mostReplicates).contains(replicates) else {
      throw .replicatesOutOfRange(replicates)
    }
    guard (0...Self.mostSamples).contains(sampleCount) else {
      throw .samplesOutOfRange(sampleCount)
    }
    self.replicates = replicates
    self.sampleCount = sampleCount
  }
}

/// A file of the corpus, or whatever else holds documents of one language.
public struct ComparedFile: Sendable, Equatable {
  public var name: [UInt8]
  /// What it is written in; by default what its name says.
  public var language: [UInt8]

  public init(name: [UInt8], language: [UInt8]? = nil) {
    self.name = name
    self.language = language ?? LanguageName.of(file: name)
  }
}

/// Some documents that follow one another in a file.
public struct ComparedDocuments: Sendable, Equatable {
  /// Bytes of all of them.
  public var bytes: [UInt8]
  /// End of each in `bytes`; a document starts where the one before it ends.
  public var ends: [Int]
  /// Place of the file in the list that the comparison was given.
  public var file: Int

  public init(bytes: [UInt8], ends: [Int], file: Int = 0) {
    self.bytes = bytes
    self.ends = ends
    self.file = file
  }

  public var count: Int { ends.count }

  /// Where a document stands in `bytes`.
  func range(of index: Int) -> Range<Int> { (index == 0 ? 0 : ends[index - 1])..<ends[index] }

  /// Whether each document stands behind the one before it, up to the end of the bytes.
  var isWellFormed: Bool {
    var last = 0
    for end in ends {
      if end < last { return false }
      last = end
    }
    return last == bytes.count
  }
}
