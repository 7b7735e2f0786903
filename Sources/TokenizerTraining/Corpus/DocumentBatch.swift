/// Some documents that follow one another, in one piece of memory.
public struct DocumentBatch: Sendable {
  /// Bytes of all documents, without what ended them.
  public internal(set) var bytes: [UInt8] = []
  /// End of each document in `bytes`; a document starts where the one before it ends.
  public internal(set) var ends: [Int] = []

  public var count: Int { ends.count }

  /// Where a document stands in `bytes`.
  public func range(of index: Int) -> Range<Int> {
    (index == 0 ? 0 : ends[index - 1])..<ends[index]
  }

  mutating func append(_ start: UnsafePointer<UInt8>, count: Int) {
    bytes.append(contentsOf: UnsafeBufferPointer(start: start, count: count))
    ends.append(bytes.count)
  }
}
