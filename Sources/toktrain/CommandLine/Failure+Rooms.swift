import Primitives
import TokenEmbeddings
import Tokenization
import TokenizerComparison
import TokenizerTraining

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The one place that says which error of which room ends the process with which status.
extension Failure {
  /// - Parameter isStandardOutput: whether a reader who goes away is no error.
  init(_ error: FileError, isStandardOutput: Bool = false) {
    switch error {
    case .system(_, _, EPIPE) where isStandardOutput:
      self.init(.brokenPipe, error.description)
    case .exists:
      self.init(.resource, error.description, tip: "--force replaces it, -o PATH writes elsewhere")
    case .interrupted:
      self.init(.interrupted, error.description)
    default:
      self.init(.resource, error.description)
    }
  }

  init(_ error: CorpusError) {
    if case .counts(let error) = error {
      self.init(error)
      return
    }
    self.init(error.isSystemFailure ? .resource : .badData, error.description)
  }

  /// Named patterns are fine: it is the user's own that is broken or refused.
  init(_ error: PatternError) { self.init(.usage, "--pattern-regex: \(error)") }

  init(_ error: BPETrainingError) {
    switch error {
    case .vocabularyTooSmall, .vocabularyTooLarge, .maximumTokenLengthOutOfRange,
      .alphabetLimitOutOfRange, .emptySpecialToken, .lineEndInSpecialToken,
      .characterLimitOutOfRange, .emptyContinuingPrefix, .longestWordOutOfRange,
      .absentUnknownToken, .iterationsOutOfRange, .slackOutOfRange, .wordLimitOutOfRange:
      self.init(.usage, "\(error)")
    // The alphabet is known once the corpus is read.
    case .alphabetTooLarge: self.init(.usage, "\(error)")
    case .noWords, .noWordsLeft, .tooManySymbols, .countsTooLarge, .illFormedWord:
      self.init(.badData, "\(error)")
    case .outOfMemory: self.init(.resource, "\(error)")
    }
  }

  init(_ error: SentencePieceTrainingError) {
    switch error {
    case .merging(let error): self.init(error)
    case .vocabularyTooLarge, .noSentences, .tooManySymbols, .countsTooLarge:
      self.init(.badData, "\(error)")
    case .outOfMemory: self.init(.resource, "\(error)")
    default: self.init(.usage, "\(error)")
    }
  }

  init(_ error: CorpusVectorError) {
    switch error {
    case .corpus(let error): self.init(error)
    case .outOfRange: self.init(.usage, "\(error)")
    case .outOfMemory: self.init(.resource, "\(error)")
    case .encoding, .documentTooLong, .nothingToLearn, .sparseIDs: self.init(.badData, "\(error)")
    }
  }

  /// - Parameter path: the file that was read.
  init(_ error: FormatError, in path: [UInt8]) {
    let tip: String? =
      if case .missingPattern = error { "--pattern NAME says it once" } else { nil }
    self.init(.badData, "\(VisibleText.path(path)): \(error)", tip: tip)
  }

  init(_ error: TrainingRunError) {
    switch error {
    case .preparation(.pattern(let error)): self.init(error)
    case .preparation(let error): self.init(.resource, "\(error)")
    case .options(let error): self.init(error)
    case .pieces(let error): self.init(error)
    case .corpus(let error): self.init(error)
    case .format(let error): self.init(.badData, "\(error)")
    case .file(let error): self.init(error)
    }
  }

  init(_ error: CountFileError) {
    switch error {
    case .file(let error): self.init(error)
    case .outOfMemory: self.init(.resource, "\(error)")
    case .noFiles, .readOnlyOnce: self.init(.usage, "\(error)")
    case .inUse, .unfinished: self.init(.resource, "\(error)")
    default: self.init(.badData, "\(error)")
    }
  }

  static func mapping<Value>(
    _ body: () throws(CountFileError) -> Value
  ) throws(Failure) -> Value {
    do { return try body() } catch { throw Failure(error) }
  }

  init(_ error: ComparisonError) {
    switch error {
    case .modelCount, .replicatesOutOfRange, .samplesOutOfRange:
      self.init(.usage, error.description)
    case .model, .document, .unfitBatch, .unparallel, .oneLanguage:
      self.init(.badData, error.description)
    case .outOfMemory: self.init(.resource, error.description)
    }
  }

  init(_ error: TensorFileError) {
    switch error {
    case .file(let error): self.init(error)
    case .tooLarge: self.init(.usage, "\(error)")
    default: self.init(.badData, "\(error)")
    }
  }

  init(_ error: LayerError) {
    switch error {
    case .file(let error): self.init(error)
    case .tensors(let error): self.init(error)
    case .noTokens, .sparseIDs, .vectorsDiffer, .record, .tableDiffers, .idBeyondTable,
      .typeBeyondTable, .positionBeyondTable:
      self.init(.badData, "\(error)")
    default: self.init(.usage, "\(error)")
    }
  }

  static func mapping<Value: ~Copyable>(
    _ body: () throws(FileError) -> Value
  ) throws(Failure) -> Value {
    do { return try body() } catch { throw Failure(error) }
  }

  static func mapping<Value>(_ body: () throws(CorpusError) -> Value) throws(Failure) -> Value {
    do { return try body() } catch { throw Failure(error) }
  }

  static func mapping<Value>(
    _ body: () throws(TrainingRunError) -> Value
  ) throws(Failure) -> Value {
    do { return try body() } catch { throw Failure(error) }
  }

  init(_ error: TokenizerError, of model: [UInt8]? = nil) {
    let place = model.map { VisibleText.path($0) + ": " } ?? ""
    switch error {
    case .unfitSampling, .noLattice: self.init(.usage, place + error.description)
    default: self.init(.badData, place + error.description)
    }
  }

  /// - Parameter model: the file that is to blame; `nil`: what it is given may be.
  static func mapping<Value: ~Copyable>(
    of model: [UInt8]? = nil, _ body: () throws(TokenizerError) -> Value
  ) throws(Failure) -> Value {
    do { return try body() } catch { throw Failure(error, of: model) }
  }
}
