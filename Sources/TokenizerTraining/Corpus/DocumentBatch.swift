/// Some documents that follow one another, in one piece of memory.
public struct DocumentBatch: Sendable {
  /// Where a document is from, as messages name it.
  struct Origin: Sendable {
    var source: String
    /// Of the document in its source, from 1; in JSONL of its line. `nil`: it is all of the source.
    var number: Int?
  }

  /// Bytes of all documents, without what ended them.
  public internal(set) var bytes: [UInt8] = []
  /// End of each document in `bytes`; a document starts where the one before it ends.
  public internal(set) var ends: [Int] = []
  /// Of the documents from `first` on, which follow one another in their source.
  private var origins: [(first: Int, origin: Origin)] = []

  public var count: Int { ends.count }

  /// Where a document stands in `bytes`.
  public func range(of index: Int) -> Range<Int> {
    (index == 0 ? 0 : ends[index - 1])..<ends[index]
  }

  /// The document as messages name it: its source, and its number there.
  public func name(of index: Int) -> String {
    let origin = origin(of: index)
    return origin.number.map { "\(origin.source):\($0)" } ?? origin.source
  }

  func origin(of index: Int) -> Origin {
    guard let (first, origin) = origins.last(where: { $0.first <= index }) else {
      return Origin(source: "the texts", number: index + 1)
    }
    return Origin(source: origin.source, number: origin.number.map { $0 + index - first })
  }

  mutating func append(_ start: UnsafePointer<UInt8>, count: Int, from origin: Origin) {
    let follows = origins.last.map { last in
      last.origin.source == origin.source
        && last.origin.number.map { $0 + ends.count - last.first } == origin.number
    }
    if follows != true { origins.append((ends.count, origin)) }
    bytes.append(contentsOf: UnsafeBufferPointer(start: start, count: count))
    ends.append(bytes.count)
  }
}
