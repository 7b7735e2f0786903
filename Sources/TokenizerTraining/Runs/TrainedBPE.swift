import Primitives
import Tokenization

/// What a training run made, and what it saw on the way.
public struct TrainedBPE: Sendable {
  public let tokenizer: Tokenizer
  /// What was read, and what was left out.
  public let summary: CorpusSummary
  /// Tokens that the corpus becomes.
  public let corpusTokens: UInt64

  private let options: BPETrainingRun.Options
  private let corpusOptions: CorpusOptions

  init(
    _ result: BPETrainingResult, options: BPETrainingRun.Options, corpusOptions: CorpusOptions,
    summary: CorpusSummary
  ) {
    tokenizer = Tokenizer(
      normalizer: options.normalizer, preTokenizer: options.preTokenizer,
      model: .bpe(result.model), specialTokens: result.specialTokens)
    self.options = options
    self.corpusOptions = corpusOptions
    self.summary = summary
    corpusTokens = result.corpusTokens
  }

  /// Tokens of the vocabulary, special ones included.
  public var tokenCount: Int { tokenizer.idCount }

  /// Merges, in rank order, that make the tokens of several bytes.
  public var mergeCount: Int {
    switch tokenizer.model {
    case .bpe(let model): model.merges.count
    }
  }

  /// Bytes of text that a token stands for on the average; `nil` without tokens.
  public var bytesPerToken: Double? {
    corpusTokens == 0 ? nil : Double(summary.bytes) / Double(corpusTokens)
  }

  /// How a directory that `write` filled is told from others.
  public static var signature: AtomicDirectory.Signature {
    TrainingManifest.signature(fileNames: [
      "tokenizer.json", "vocab.json", "merges.txt", "tokenizer_config.json",
    ])
  }

  /// Writes all files of the tokenizer and `training.json`, and puts the directory in place.
  public func write(to directory: borrowing AtomicDirectory) throws(TrainingRunError) {
    let files: [HuggingFaceDirectory.File]
    do throws(FormatError) {
      files = try HuggingFaceDirectory.files(for: tokenizer)
    } catch {
      throw .format(error)
    }
    let manifest = TrainingManifest(
      options: options, corpusOptions: corpusOptions, summary: summary, tokenCount: tokenCount,
      mergeCount: mergeCount, corpusTokens: corpusTokens, files: files)
    do throws(FileError) {
      for file in files { try directory.write(file.bytes, to: file.name) }
      try directory.write(manifest.bytes, to: TrainingManifest.fileName)
      try directory.commit()
    } catch {
      throw .file(error)
    }
  }
}
