import Primitives
import Tokenization
import TokenizerTraining

/// Encodes batches of documents on several threads; what they write keeps the order of the batches.
final class BatchEncoder {
  private let compiled: CompiledTokenizer
  private let form: EncodedForm
  private var workers: [Worker] = []
  private let hasDetails: Bool
  /// How documents are filled up when all are there; `nil`: they need not wait for each other.
  private let padding: Padding?
  /// Those that wait.
  private var waiting: [Encoding] = []
  /// Documents of all batches so far.
  private var documentCount = 0

  /// What one thread owns.
  private final class Worker {
    var encoder: TokenEncoder
    /// Ids of the documents of a batch, one after the other, and where each ends.
    var ids: [TokenID] = []
    var ends: [Int] = []
    /// In their place all that is known of each document.
    var encodings: [Encoding] = []
    var figures = EncodingFigures()

    init(_ encoder: consuming TokenEncoder) { self.encoder = encoder }
  }

  init(
    _ compiled: CompiledTokenizer, options: EncodingOptions, form: EncodedForm, threads: Int
  ) throws(TokenizerError) {
    self.compiled = compiled
    self.form = form
    padding = options.padding.flatMap { $0.length == nil ? $0 : nil }
    hasDetails = form.hasDetails || padding != nil || options.keepsOverflow
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

    /// A document as messages name it.
    /// - Parameter number: that of the first document in all of the input, from 1.
    func name(of index: Int, from number: Int) -> String {
      let partner = partners.map { " with \($0.name(of: index))" } ?? ""
      return "document \(number + index) (\(documents.name(of: index))\(partner))"
    }
  }

  /// What a batch is written as.
  struct Written: Sendable {
    var bytes: [UInt8] = []
    /// Where each document ends in `bytes`.
    var ends: [Int] = []
  }

  /// What each batch is written as; nothing where documents wait for each other. At most `width` batches.
  /// - Throws: the failure of the first batch that has one.
  func encode(_ jobs: [Job]) throws(Failure) -> [Written] {
    var numbers = [documentCount + 1]
    for job in jobs { numbers.append((numbers.last ?? 0) + job.documents.count) }
    documentCount = (numbers.last ?? 1) - 1
    let outcomes = UnsafeMutablePointer<Result<Written, Failure>>.allocate(
      capacity: jobs.count)
    outcomes.initialize(repeating: .success(Written()), count: jobs.count)
    defer {
      outcomes.deinitialize(count: jobs.count)
      outcomes.deallocate()
    }
    // Each thread uses its own worker and writes its own outcome, read after all have ended.
    nonisolated(unsafe) let shared = outcomes
    nonisolated(unsafe) let workers = workers
    let (tokenizer, hasDetails) = (compiled.tokenizer, hasDetails)
    let writtenForm = padding == nil ? form : nil
    Threads.run(jobs.count) { [numbers] index in
      shared[index] = Result { () throws(Failure) in
        try Self.encode(
          jobs[index], from: numbers[index], by: workers[index], withDetails: hasDetails)
        return try writtenForm.map { (form) throws(Failure) in
          try Self.written(workers[index], tokenizer, form) { place in
            jobs[index].name(of: place, from: numbers[index])
          }
        } ?? Written()
      }
    }
    var written: [Written] = []
    for index in jobs.indices {
      written.append(try outcomes[index].get())
      if padding != nil { waiting += workers[index].encodings }
    }
    return written
  }

  /// What documents that waited for each other are written as.
  func finish() throws(Failure) -> [Written] {
    guard let padding else { return [] }
    do throws(TokenizerError) {
      try padding.pad(&waiting)
    } catch {
      throw Failure(error)
    }
    return try waiting.enumerated().map { (index, encoding) throws(Failure) in
      var output = Written()
      do throws(IDTooWide) {
        try form.append(encoding, of: compiled.tokenizer, to: &output.bytes)
      } catch {
        throw error.failure(in: "document \(index + 1)")
      }
      output.ends.append(output.bytes.count)
      return output
    }
  }

  private static func written(
    _ worker: Worker, _ tokenizer: Tokenizer, _ form: EncodedForm, naming name: (Int) -> String
  ) throws(Failure) -> Written {
    var output = Written()
    do throws(IDTooWide) {
      for encoding in worker.encodings {
        try form.append(encoding, of: tokenizer, to: &output.bytes)
        output.ends.append(output.bytes.count)
      }
      var start = 0
      for end in worker.ends {
        try form.append(worker.ids[start..<end], [], of: tokenizer, to: &output.bytes)
        output.ends.append(output.bytes.count)
        start = end
      }
    } catch {
      throw error.failure(in: name(output.ends.count))
    }
    return output
  }

  /// Apart from the writing, so that it can be timed without looking at a clock for each line.
  ///
  /// - Parameter number: that of the first document in all of the input, from 1.
  private static func encode(
    _ job: Job, from number: Int, by worker: Worker, withDetails: Bool
  ) throws(Failure) {
    worker.ids.removeAll(keepingCapacity: true)
    worker.ends.removeAll(keepingCapacity: true)
    worker.encodings.removeAll(keepingCapacity: true)
    worker.encoder.textNumber = UInt64(number - 1)
    let start = ContinuousClock.now
    do throws(TokenizerError) {
      if withDetails {
        for index in 0..<job.documents.count {
          worker.encodings.append(try details(of: job, index, by: worker))
        }
      } else {
        try appendIDs(of: job, by: worker)
      }
    } catch {
      let place = max(worker.ends.count, worker.encodings.count)
      throw Failure(.badData, "\(job.name(of: place, from: number)): \(error)")
    }
    worker.figures.add(
      EncodingFigures(
        documents: job.documents.count, bytes: job.size,
        tokens: worker.encodings.reduce(worker.ids.count) { $0 + $1.count },
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

extension IDTooWide {
  /// - Parameter document: as messages name it.
  fileprivate func failure(in document: String) -> Failure {
    Failure(.badData, "\(document): id \(id) does not fit u16; use --binary u32")
  }
}
