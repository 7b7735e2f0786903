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
  private var languageUnits: LanguageUnits
  /// By model; empty where there are no intervals.
  private var tokenGroups: [TokenGroups] = []
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
    let resamples = options.replicates > 0
    for _ in 0..<max(1, options.threads) {
      meters.append(try DocumentMeter(prepared, keepsTokens: resamples))
    }
    total = Tally(modelCount: models.count)
    fileTallies = Array(repeating: total, count: self.files.count)
    units = DocumentUnits(
      seed: options.seed, width: Tally.width(modelCount: models.count))
    languageUnits = LanguageUnits(
      self.files, modelCount: models.count, isParallel: options.isParallel, seed: options.seed)
    if resamples {
      tokenGroups = prepared.map { TokenGroups(idCount: $0.idCount, seed: options.seed) }
    }
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
    var numbered: [Numbered] = []
    for (batch, outcome) in zip(batches, outcomes) {
      do throws(DocumentMeter.Failure) {
        numbered.append(take(try outcome.get(), of: batch))
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
    group(numbered)
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

  /// The tokens of a batch by model, and by document the number that it is drawn by.
  private typealias Numbered = (tokens: [DocumentMeter.Tokens], numbers: [Int])

  /// Adds what was counted, document by document: that order is all that results depend on.
  private func take(_ rows: DocumentMeter.Rows, of batch: ComparedDocuments) -> Numbered {
    let width = Tally.width(modelCount: models.count)
    var numbers: [Int] = []
    for index in 0..<batch.count {
      let row = rows.counts[index * width..<(index + 1) * width]
      let number = languageUnits.add(row, file: batch.file)
      // Documents of a parallel corpus that say the same are drawn together.
      numbers.append(options.isParallel ? number : total[.documents])
      total.add(row)
      fileTallies[batch.file].add(row)
      units.add(row, to: numbers[index])
      fingerprint = Fingerprint(of: [fingerprint, rows.fingerprints[index]])
      worst.offer(
        batch.bytes[batch.range(of: index)], tokenCounts: Tally.tokens(in: row, of: models.count),
        file: batch.file, number: fileTallies[batch.file][.documents])
    }
    return (rows.tokens, numbers)
  }

  /// Counts tokens by groups of documents, in the order of the documents: a model after the other, or several
  /// at once.
  private func group(_ batches: [Numbered]) {
    tokenGroups.withUnsafeMutableBufferPointer { groups in
      // Each model has its own.
      nonisolated(unsafe) let groups = groups
      Parts(groups.count, size: 1).run(threads: meters.count) { part in
        for model in part {
          for batch in batches {
            batch.tokens[model].forEachDocument { document, ids in
              groups[model].add(ids, to: batch.numbers[document])
            }
          }
        }
      }
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
    let distributions = models.indices.map {
      TokenDistribution(uses: uses[$0], tokenCount: summaries[$0].tokenCount)
    }
    let values = ReportValues(
      total: total, languages: languages.tallies, isParallel: options.isParallel,
      distributions: distributions, vocabularies: vocabularies, overlaps: overlaps)
    let replicates = units.documentCount > 1 ? options.replicates : 0
    let resampling = Resampling(
      rows: units.rows(), modelCount: models.count, replicates: replicates, seed: options.seed,
      threads: options.threads,
      evenness: ResampledEvenness(
        tokenGroups, distributions, replicates: replicates, seed: options.seed),
      ginis: languageUnits.ginis(replicates: replicates, threads: options.threads))
    return ComparisonReport(
      models: summaries, corpus: corpus,
      metrics: Metric.allCases.map { values.row(of: $0, resampling) },
      languages: languages.groups(isParallel: options.isParallel, modelCount: models.count),
      files: zip(files, fileTallies).map {
        TextGroup($0.name, $1, modelCount: models.count)
      }, vocabularies: vocabularies, overlaps: overlaps, samples: try samples(),
      warnings: ComparisonWarning.ofCorpus(
        total, drawnCount: units.documentCount, modelCount: models.count) + notes,
      resampling: ResamplingSettings(
        seed: options.seed, replicates: replicates, units: min(units.documentCount, units.limit),
        tokenUnits: min(units.documentCount, TokenGroups.limit)))
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
          samples[place].tokens.append(
            SampleToken.all(
              of: encoding, in: samples[place].text, model.compiled.tokenizer))
        }
      } catch {
        throw .model(name: model.name, error)
      }
    }
    return samples
  }
}
