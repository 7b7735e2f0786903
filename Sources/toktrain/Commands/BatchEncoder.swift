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
    /// Ids and spans of the documents of a batch, one after the other, and where each ends.
    var ids: [TokenID] = []
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

  /// What each batch is written as. At most `width` batches.
  /// - Throws: the failure of the first batch that has one.
  func encode(_ batches: [DocumentBatch]) throws(Failure) -> [[UInt8]] {
    let outcomes = UnsafeMutablePointer<Result<[UInt8], Failure>>.allocate(
      capacity: batches.count)
    outcomes.initialize(repeating: .success([]), count: batches.count)
    defer {
      outcomes.deinitialize(count: batches.count)
      outcomes.deallocate()
    }
    // Each thread uses its own worker and writes its own outcome, read after all have ended.
    nonisolated(unsafe) let shared = outcomes
    nonisolated(unsafe) let workers = workers
    let (compiled, form) = (compiled, form)
    Threads.run(batches.count) { index in
      shared[index] = Result { () throws(Failure) in
        try Self.encode(batches[index], by: workers[index], compiled.tokenizer, form)
      }
    }
    var written: [[UInt8]] = []
    for index in batches.indices { written.append(try outcomes[index].get()) }
    return written
  }

  private static func encode(
    _ batch: DocumentBatch, by worker: Worker, _ tokenizer: Tokenizer, _ form: EncodedForm
  ) throws(Failure) -> [UInt8] {
    do throws(TokenizerError) {
      try encode(batch, by: worker, withSpans: form.hasOffsets)
    } catch {
      throw Failure(.badData, error.description)
    }
    var output: [UInt8] = []
    var start = 0
    do throws(IDTooWide) {
      for end in worker.ends {
        let spans = form.hasOffsets ? worker.spans[start..<end] : []
        try form.append(worker.ids[start..<end], spans, of: tokenizer, to: &output)
        start = end
      }
    } catch {
      throw Failure(.badData, "id \(error.id) does not fit u16; use --binary u32")
    }
    return output
  }

  /// Apart from the writing, so that it can be timed without looking at a clock for each line.
  private static func encode(
    _ batch: DocumentBatch, by worker: Worker, withSpans: Bool
  ) throws(TokenizerError) {
    worker.ids.removeAll(keepingCapacity: true)
    worker.spans.removeAll(keepingCapacity: true)
    worker.ends.removeAll(keepingCapacity: true)
    let start = ContinuousClock.now
    if withSpans {
      for index in 0..<batch.count {
        let encoding = try worker.encoder.encode(Array(batch.bytes[batch.range(of: index)]))
        worker.ids += encoding.ids
        worker.spans += encoding.offsets
        worker.ends.append(worker.ids.count)
      }
    } else {
      try batch.bytes.withUnsafeBufferPointer { (bytes) throws(TokenizerError) in
        for index in 0..<batch.count {
          try worker.encoder.encode(bytes.extracting(batch.range(of: index)), into: &worker.ids)
          worker.ends.append(worker.ids.count)
        }
      }
    }
    worker.figures.add(
      EncodingFigures(
        documents: batch.count, bytes: batch.bytes.count, tokens: worker.ids.count,
        seconds: (ContinuousClock.now - start) / .seconds(1)))
  }
}
