import Primitives
import Tokenization
import TokenizerTraining

/// Encodes batches of documents on several threads; what they write keeps the order of the batches.
final class BatchEncoder {
  private let compiled: CompiledTokenizer
  private let form: EncodedForm
  private var workers: [Worker] = []

  /// What one thread owns.
  private final class Worker {
    var encoder: TokenEncoder
    /// What is known of the documents of a batch, one after the other, and where each ends.
    var ids: [TokenID] = []
    var types: [UInt32] = []
    var spans: [Range<Int>] = []
    var ends: [Int] = []
    var figures = EncodingFigures()

    init(_ encoder: consuming TokenEncoder) { self.encoder = encoder }
  }

  init(
    _ compiled: CompiledTokenizer, options: EncodingOptions, form: EncodedForm, threads: Int
  ) throws(TokenizerError) {
    self.compiled = compiled
    self.form = form
    for _ in 0..<max(1, threads) {
      workers.append(Worker(try TokenEncoder(compiled, options: options)))
    }
  }

  /// Batches that one call takes with use.
  var width: Int { workers.count }

  /// What all threads have done so far.
  var figures: EncodingFigures {
    workers.reduce(into: EncodingFigures()) { $0.add($1.figures) }
  }

  /// Documents of a batch, and those that they are encoded with as pairs.
  struct Job: Sendable {
    var documents: DocumentBatch
    /// As many, or none at all.
    var partners: DocumentBatch?

    /// Bytes of all texts.
    var size: Int { documents.bytes.count + (partners?.bytes.count ?? 0) }
  }

  /// What each batch is written as. At most `width` batches.
  /// - Throws: the failure of the first batch that has one.
  func encode(_ jobs: [Job]) throws(Failure) -> [[UInt8]] {
    let outcomes = UnsafeMutablePointer<Result<[UInt8], Failure>>.allocate(
      capacity: jobs.count)
    outcomes.initialize(repeating: .success([]), count: jobs.count)
    defer {
      outcomes.deinitialize(count: jobs.count)
      outcomes.deallocate()
    }
    // Each thread uses its own worker and writes its own outcome, read after all have ended.
    nonisolated(unsafe) let shared = outcomes
    nonisolated(unsafe) let workers = workers
    let (compiled, form) = (compiled, form)
    Threads.run(jobs.count) { index in
      shared[index] = Result { () throws(Failure) in
        try Self.encode(jobs[index], by: workers[index], compiled.tokenizer, form)
      }
    }
    var written: [[UInt8]] = []
    for index in jobs.indices { written.append(try outcomes[index].get()) }
    return written
  }

  private static func encode(
    _ job: Job, by worker: Worker, _ tokenizer: Tokenizer, _ form: EncodedForm
  ) throws(Failure) -> [UInt8] {
    do throws(TokenizerError) {
      try encode(job, by: worker, withDetails: form.hasDetails)
    } catch {
      throw Failure(.badData, error.description)
    }
    var output: [UInt8] = []
    var start = 0
    do throws(IDTooWide) {
      for end in worker.ends {
        let spans = form.hasDetails ? worker.spans[start..<end] : []
        let types = form.hasDetails ? worker.types[start..<end] : []
        try form.append(
          worker.ids[start..<end], spans, types: types, of: tokenizer, to: &output)
        start = end
      }
    } catch {
      throw Failure(.badData, "id \(error.id) does not fit u16; use --binary u32")
    }
    return output
  }

  /// Apart from the writing, so that it can be timed without looking at a clock for each line.
  private static func encode(
    _ job: Job, by worker: Worker, withDetails: Bool
  ) throws(TokenizerError) {
    worker.ids.removeAll(keepingCapacity: true)
    worker.types.removeAll(keepingCapacity: true)
    worker.spans.removeAll(keepingCapacity: true)
    worker.ends.removeAll(keepingCapacity: true)
    let start = ContinuousClock.now
    if withDetails {
      for index in 0..<job.documents.count {
        let encoding = try details(of: job, index, by: worker)
        worker.ids += encoding.ids
        worker.types += encoding.typeIDs
        worker.spans += encoding.offsets
        worker.ends.append(worker.ids.count)
      }
    } else {
      try appendIDs(of: job, by: worker)
    }
    worker.figures.add(
      EncodingFigures(
        documents: job.documents.count, bytes: job.size, tokens: worker.ids.count,
        seconds: (ContinuousClock.now - start) / .seconds(1)))
  }

  private static func details(
    of job: Job, _ index: Int, by worker: Worker
  ) throws(TokenizerError) -> Encoding {
    let document = Array(job.documents.bytes[job.documents.range(of: index)])
    guard let partners = job.partners else { return try worker.encoder.encode(document) }
    return try worker.encoder.encode(document, Array(partners.bytes[partners.range(of: index)]))
  }

  private static func appendIDs(of job: Job, by worker: Worker) throws(TokenizerError) {
    let documents = job.documents
    try documents.bytes.withUnsafeBufferPointer { (bytes) throws(TokenizerError) in
      guard let partners = job.partners else {
        for index in 0..<documents.count {
          try worker.encoder.encode(
            bytes.extracting(documents.range(of: index)), into: &worker.ids)
          worker.ends.append(worker.ids.count)
        }
        return
      }
      try partners.bytes.withUnsafeBufferPointer { (others) throws(TokenizerError) in
        for index in 0..<documents.count {
          try worker.encoder.encode(
            bytes.extracting(documents.range(of: index)),
            others.extracting(partners.range(of: index)), into: &worker.ids)
          worker.ends.append(worker.ids.count)
        }
      }
    }
  }
}
