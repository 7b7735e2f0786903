import Primitives
import Tokenization

/// Compares tokenizers on a corpus that comes in batches.
///
/// Memory does not grow with the corpus, but with the longest batch, the vocabularies and the files.
/// For one thread at a time; it uses as many as its options say.
public final class Comparison {
  /// Batches for each thread that are measured in one go.
  private static let batchesPerThread = 4

  private let models: [PreparedModel]
  private let summaries: [ComparedModel]
  private let notes: [ComparisonWarning]
  private let files: [ComparedFile]
  private let options: ComparisonOptions
  private var meters: [DocumentMeter] = []

  private var total: Tally
  private var fileTallies: [Tally]
  private var units: DocumentUnits
  private var worst: WorstDocuments
  /// Of all documents so far: that of each with that of those before it.
  private var fingerprint = Fingerprint(of: [UInt8]())

  /// - Parameters:
  ///   - models: the first is the one that others are compared with.
  ///   - files: what documents are in; empty: one without a name.
  /// - Throws: `ComparisonError.modelCount`, `.model`.
  public init(
    of models: [NamedTokenizer], files: [ComparedFile] = [], options: ComparisonOptions
  ) throws(ComparisonError) {
    guard (1...ComparisonOptions.mostModels).contains(models.count) else {
      throw .modelCount(models.count)
    }
    var prepared: [PreparedModel] = []
    for model in models { prepared.append(try PreparedModel(model)) }
    self.models = prepared
    self.options = options
    self.files = files.isEmpty ? [ComparedFile(name: [])] : files
    summaries = models.map { ComparedModel($0.tokenizer, name: $0.name) }
    notes = ComparisonWarning.ofModels(models, summaries)
    for _ in 0..<max(1, options.threads) { meters.append(try DocumentMeter(prepared)) }
    total = Tally(modelCount: models.count)
    fileTallies = Array(repeating: total, count: self.files.count)
    units = DocumentUnits(
      seed: options.seed, width: Tally.width(modelCount: models.count))
    worst = WorstDocuments(limit: options.sampleCount, textLimit: options.sampleBytes)
  }

  /// Batches that one call of `add` takes with use.
  public var width: Int { meters.count * Self.batchesPerThread }

  /// Measures documents, which stand behind all that were added before.
  ///
  /// - Throws: `ComparisonError.document` for the first that cannot be encoded, `.unfitBatch`,
  ///   `.outOfMemory`. The comparison cannot be continued.
  public func add(_ batches: [ComparedDocuments]) throws(ComparisonError) {
    for batch in batches where !(files.indices.contains(batch.file) && batch.isWellFormed) {
      throw .unfitBatch(file: batch.file)
    }
    let outcomes = measure(batches)
    for (batch, outcome) in zip(batches, outcomes) {
      do throws(DocumentMeter.Failure) {
        take(try outcome.get(), of: batch)
      } catch {
        switch error {
        case .outOfMemory: throw .outOfMemory
        case .document(let index, let model, let error):
          throw .document(
            file: files[batch.file].name,
            number: fileTallies[batch.file][.documents] + index + 1, model: model, error)
        }
      }
    }
  }

  private typealias Outcome = Result<DocumentMeter.Rows, DocumentMeter.Failure>

  private func measure(_ batches: [ComparedDocuments]) -> [Outcome] {
    [Outcome](unsafeUninitializedCapacity: batches.count) { outcomes, count in
      outcomes.initialize(repeating: .success(DocumentMeter.Rows()))
      count = batches.count
      // Each thread has a meter of its own; each outcome is written once, and read after all have ended.
      nonisolated(unsafe) let (shared, meters) = (outcomes, meters)
      Parts(batches.count, size: 1).runNumbered(threads: meters.count) { thread, part in
        for index in part {
          shared[index] = Result { () throws(DocumentMeter.Failure) in
            try meters[thread].measure(batches[index])
          }
        }
      }
    }
  }

  /// Adds what was counted, document by document: that order is all that results depend on.
  private func take(_ rows: DocumentMeter.Rows, of batch: ComparedDocuments) {
    let width = Tally.width(modelCount: models.count)
    for index in 0..<batch.count {
      let row = rows.counts[index * width..<(index + 1) * width]
      total.add(row)
      fileTallies[batch.file].add(row)
      units.add(row)
      fingerprint = Fingerprint(of: [fingerprint, rows.fingerprints[index]])
      worst.offer(
        batch.bytes[batch.range(of: index)], tokenCounts: Tally.tokens(in: row, of: models.count),
        file: batch.file, number: fileTallies[batch.file][.documents])
    }
  }

  /// How fast each model encoded, all threads together. It differs from run to run, and so is no part of
  /// the report.
  public var speeds: [EncodingSpeed] {
    models.indices.map { model in
      meters.reduce(into: EncodingSpeed()) { $0.add($1.speed(of: model)) }
    }
  }

  /// What was found in all documents so far.
  ///
  /// - Throws: `ComparisonError.unparallel`, `.oneLanguage`.
  public func report() throws(ComparisonError) -> ComparisonReport {
    let uses = models.indices.map { model in
      meters.reduce(into: [Int](repeating: 0, count: models[model].idCount)) { sums, meter in
        for (id, count) in meter.uses(of: model).enumerated() { sums[id] += count }
      }
    }
    let languages = LanguageTallies(files, fileTallies)
    if options.isParallel { try languages.checkParallel() }
    let vocabularies = models.indices.map {
      VocabularyUse(uses: uses[$0], texts: models[$0].texts)
    }
    let overlaps = models.indices.dropFirst().map { model in
      VocabularyOverlap(
        model: model, first: (models[0].texts, uses[0]), other: (models[model].texts, uses[model]))
    }
    let values = ReportValues(
      total: total, languages: languages.tallies, isParallel: options.isParallel,
      distributions: models.indices.map {
        TokenDistribution(uses: uses[$0], tokenCount: summaries[$0].tokenCount)
      }, vocabularies: vocabularies, overlaps: overlaps)
    let rows = units.documentCount > 1 ? units.rows() : []
    let resampling = Resampling(
      rows: rows, modelCount: models.count, replicates: options.replicates, seed: options.seed,
      threads: options.threads)
    return ComparisonReport(
      models: summaries, corpus: corpus,
      metrics: Metric.allCases.map { values.row(of: $0, resampling) },
      languages: languages.groups(isParallel: options.isParallel, modelCount: models.count),
      files: zip(files, fileTallies).map {
        TextGroup($0.name, $1, modelCount: models.count)
      }, vocabularies: vocabularies, overlaps: overlaps, samples: try samples(),
      warnings: ComparisonWarning.ofCorpus(total, modelCount: models.count) + notes,
      resampling: ResamplingSettings(
        seed: options.seed, replicates: rows.isEmpty ? 0 : options.replicates,
        units: min(units.documentCount, units.limit)))
  }

  private var corpus: ComparedCorpus {
    ComparedCorpus(
      documents: total[.documents], bytes: total[.bytes], characters: total[.characters],
      words: total[.words], isParallel: options.isParallel,
      fingerprint: fingerprint.description)
  }

  private func samples() throws(ComparisonError) -> [ComparisonSample] {
    var samples = worst.entries.map { entry in
      ComparisonSample(
        file: entry.file, number: entry.number, text: entry.text, byteCount: entry.byteCount,
        tokenCounts: entry.tokenCounts, tokens: [])
    }
    for model in models {
      do throws(TokenizerError) {
        var encoder = try TokenEncoder(model.compiled)
        for place in samples.indices {
          let encoding = try encoder.encode(samples[place].text)
          samples[place].tokens.append(SampleToken.all(of: encoding, model.compiled.tokenizer))
        }
      } catch {
        throw .model(name: model.name, error)
      }
    }
    return samples
  }
}

extension SampleToken {
  /// The tokens of a text whose offsets count bytes.
  static func all(of encoding: Encoding, _ tokenizer: Tokenizer) -> [SampleToken] {
    zip(encoding.ids, encoding.offsets).map { id, range in
      SampleToken(
        id: id, bytes: tokenizer.bytes(of: id).map(Array.init) ?? [], start: range.lowerBound,
        end: range.upperBound)
    }
  }
}
