import Primitives
import Tokenization
import TokenizerTraining

/// The ids of a corpus, batch after batch of documents, encoded on several threads; the same for any
/// number of them.
struct TokenReader {
  private let reader: DocumentReader
  private let workers: [Worker]
  private var documentCount = 0
  /// Bytes of documents so far.
  private(set) var byteCount = 0

  /// What one thread owns. `outcome` is read when all threads have ended.
  private final class Worker: @unchecked Sendable {
    var encoder: TokenEncoder
    var outcome: Result<[TokenID], CorpusVectorError> = .success([])

    init(_ encoder: consuming TokenEncoder) { self.encoder = encoder }

    /// - Parameter first: the number of the first document in the corpus, from 0.
    func encode(_ batch: DocumentBatch, first: Int) {
      outcome = Result { () throws(CorpusVectorError) in
        var ids: [TokenID] = []
        encoder.textNumber = UInt64(first)
        for index in 0..<batch.count {
          let start = ids.count
          do throws(TokenizerError) {
            try batch.bytes.withUnsafeBufferPointer { (bytes) throws(TokenizerError) in
              try encoder.encode(bytes.extracting(batch.range(of: index)), into: &ids)
            }
          } catch {
            throw .encoding(document: first + index + 1, error)
          }
          // Places within a batch are numbers of 32 bits.
          guard ids.count < UInt32.max else {
            throw .documentTooLong(document: first + index + 1, tokens: ids.count - start)
          }
          ids.append(TokenStretch.border)
        }
        return ids
      }
    }
  }

  init(
    _ corpus: Corpus, _ tokenizer: CompiledTokenizer, threads: Int
  ) throws(CorpusVectorError) {
    reader = DocumentReader(corpus)
    var workers: [Worker] = []
    for _ in 0..<max(1, threads) {
      do throws(TokenizerError) {
        workers.append(Worker(try TokenEncoder(tokenizer)))
      } catch {
        throw .encoding(document: 1, error)
      }
    }
    self.workers = workers
  }

  /// The ids of the next documents, a border behind each; `nil` at the end.
  mutating func next() throws(CorpusVectorError) -> [[TokenID]]? {
    var batches: [(batch: DocumentBatch, first: Int)] = []
    while batches.count < workers.count {
      let batch = try CorpusVectorError.mapping { () throws(CorpusError) in
        try reader.nextBatch()
      }
      guard let batch else { break }
      batches.append((batch, documentCount))
      documentCount += batch.count
      byteCount += batch.bytes.count
    }
    if batches.isEmpty { return nil }
    let workers = workers
    Threads.run(batches.count) { [batches] index in
      workers[index].encode(batches[index].batch, first: batches[index].first)
    }
    var encoded: [[TokenID]] = []
    for worker in workers.prefix(batches.count) {
      encoded.append(try worker.outcome.get())
      worker.outcome = .success([])
    }
    return encoded
  }
}
