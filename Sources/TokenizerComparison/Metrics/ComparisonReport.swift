import Tokenization

/// All that a comparison found: a value that renderers show and nobody computes on.
///
/// It depends on the models, the documents, their order and the options alone: not on threads, time or
/// place. Lists by model have the order of `models`, whose first is the one that others are compared
/// with.
public struct ComparisonReport: Sendable, Equatable, Codable {
  public var models: [ComparedModel]
  public var corpus: ComparedCorpus
  /// In the order of `Metric.allCases`.
  public var metrics: [MetricRow]
  /// By name; empty unless there are two or more.
  public var languages: [TextGroup]
  /// In the order in which they were given.
  public var files: [TextGroup]
  /// How each model's vocabulary was used.
  public var vocabularies: [VocabularyUse]
  /// The vocabularies of the second model and of those behind it beside the first one's.
  public var overlaps: [VocabularyOverlap]
  /// The documents whose numbers of tokens differ most first; of equals the earlier one.
  public var samples: [ComparisonSample]
  public var warnings: [ComparisonWarning]
  /// How intervals were made.
  public var resampling: ResamplingSettings
  public var versions: ComparisonVersions

  public init(
    models: [ComparedModel], corpus: ComparedCorpus, metrics: [MetricRow] = [],
    languages: [TextGroup] = [], files: [TextGroup] = [], vocabularies: [VocabularyUse] = [],
    overlaps: [VocabularyOverlap] = [], samples: [ComparisonSample] = [],
    warnings: [ComparisonWarning] = [], resampling: ResamplingSettings = ResamplingSettings(),
    versions: ComparisonVersions = .installed
  ) {
    self.models = models
    self.corpus = corpus
    self.metrics = metrics
    self.languages = languages
    self.files = files
    self.vocabularies = vocabularies
    self.overlaps = overlaps
    self.samples = samples
    self.warnings = warnings
    self.resampling = resampling
    self.versions = versions
  }
}

/// One side of a comparison.
public struct ComparedModel: Sendable, Equatable, Codable {
  /// What people call it, such as the path of its file; foreign text, which renderers must escape.
  public var name: [UInt8]
  /// "BPE", "WordPiece", "Unigram" or "word level".
  public var family: String
  /// Tokens, special ones included: the denominator of what is said of the whole vocabulary.
  public var tokenCount: Int
  /// 32 hexadecimal digits: XXH3-128 of ids, tokens and special tokens. Merges and scores are not in it.
  public var vocabularyFingerprint: String
  /// Stands for text without a token; `nil` where the model has none for that.
  public var unknownID: TokenID?

  public init(
    name: [UInt8], family: String, tokenCount: Int, vocabularyFingerprint: String,
    unknownID: TokenID? = nil
  ) {
    self.name = name
    self.family = family
    self.tokenCount = tokenCount
    self.vocabularyFingerprint = vocabularyFingerprint
    self.unknownID = unknownID
  }
}

/// What the models were compared on.
public struct ComparedCorpus: Sendable, Equatable, Codable {
  public var documents: Int
  public var bytes: Int
  /// Unicode scalars; see `Metric.tokensPerCharacter`.
  public var characters: Int
  /// See `Metric.tokensPerWord`.
  public var words: Int
  /// Whether documents of equal number in files of different languages say the same.
  public var isParallel: Bool
  /// 32 hexadecimal digits: of all documents in order.
  public var fingerprint: String

  public init(
    documents: Int = 0, bytes: Int = 0, characters: Int = 0, words: Int = 0,
    isParallel: Bool = false, fingerprint: String = ""
  ) {
    self.documents = documents
    self.bytes = bytes
    self.characters = characters
    self.words = words
    self.isParallel = isParallel
    self.fingerprint = fingerprint
  }
}

/// How intervals were made: paired bootstrap over documents, percentiles.
public struct ResamplingSettings: Sendable, Equatable, Codable {
  public var seed: UInt64
  /// Resamplings; 0: no intervals.
  public var replicates: Int
  /// What was drawn from: documents, or groups of them that chance made where there are more documents.
  public var units: Int
  /// The same for Rényi and Shannon efficiency.
  public var tokenUnits: Int

  public init(seed: UInt64 = 0, replicates: Int = 0, units: Int = 0, tokenUnits: Int = 0) {
    self.seed = seed
    self.replicates = replicates
    self.units = units
    self.tokenUnits = tokenUnits
  }
}
