/// The documents of two corpora in step: the first with the first, and so on.
public final class PairReader {
  private let first: DocumentReader
  private let second: DocumentReader
  private let name: String
  /// Documents of the second corpus that are still to be given, from `next` on.
  private var waiting = DocumentBatch()
  private var next = 0
  /// Pairs so far.
  private var count = 0

  /// Documents that belong together, by their numbers.
  public struct Batch: Sendable {
    public var first: DocumentBatch
    /// As many.
    public var second: DocumentBatch
  }

  /// - Parameter second: names itself in messages.
  public init(_ first: Corpus, _ second: Corpus) {
    self.first = DocumentReader(first)
    self.second = DocumentReader(second)
    name = second.sourceName
  }

  /// The next pairs; `nil` at the end.
  ///
  /// - Throws: what reading throws, and `.unpaired` where one corpus ends before the other.
  public func nextBatch() throws(CorpusError) -> Batch? {
    guard let batch = try first.nextBatch() else {
      guard try !hasNext() else { throw .unpaired(path: name, pairs: count, isLonger: true) }
      return nil
    }
    var partners = DocumentBatch()
    while partners.count < batch.count {
      guard try hasNext() else {
        throw .unpaired(path: name, pairs: count + partners.count, isLonger: false)
      }
      let range = waiting.range(of: next)
      waiting.bytes.withUnsafeBufferPointer { bytes in
        let document = bytes.extracting(range)
        if let start = document.baseAddress {
          partners.append(start, count: document.count, from: waiting.origin(of: next))
        }
      }
      next += 1
    }
    count += batch.count
    return Batch(first: batch, second: partners)
  }

  /// Whether the first corpus is not here yet and reading on would wait for somebody to write.
  public var inputIsWaiting: Bool { first.inputIsWaiting }

  private func hasNext() throws(CorpusError) -> Bool {
    if next < waiting.count { return true }
    guard let batch = try second.nextBatch() else { return false }
    waiting = batch
    next = 0
    return true
  }
}
