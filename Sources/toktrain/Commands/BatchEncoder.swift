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
    var ids: [TokenID] = []

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
    var output: [UInt8] = []
    func append(_ ids: [TokenID], _ spans: [Range<Int>]) throws(Failure) {
      do throws(IDTooWide) {
        try form.append(ids, spans, of: tokenizer, to: &output)
      } catch {
        throw Failure(.badData, "id \(error.id) does not fit u16; use --binary u32")
      }
    }
    for index in 0..<batch.count {
      let range = batch.range(of: index)
      if form.hasOffsets {
        let encoding = try Failure.mapping { () throws(TokenizerError) in
          try worker.encoder.encode(Array(batch.bytes[range]))
        }
        try append(encoding.ids, encoding.offsets)
      } else {
        worker.ids.removeAll(keepingCapacity: true)
        try Failure.mapping { () throws(TokenizerError) in
          try batch.bytes.withUnsafeBufferPointer { (bytes) throws(TokenizerError) in
            try worker.encoder.encode(bytes.extracting(range), into: &worker.ids)
          }
        }
        try append(worker.ids, [])
      }
    }
    return output
  }
}
