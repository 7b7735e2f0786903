import Primitives

/// The tallies that resampling draws from: those of single documents, as long as there are few enough,
/// then those of as many groups, into which chance deals the documents.
///
/// Where all documents are drawn one by one, a ratio of sums varies by the squares of what each
/// document adds beside its expectation. Groups that chance made vary by the same but for a part of
/// 1/`limit`, and they need not grow with the corpus.
struct DocumentUnits: Sendable {
  /// Most units of a corpus.
  static let usualLimit = 4096
  /// Keeps the draws of groups apart from those of resamplings.
  private static let place: UInt64 = 1 << 63

  /// Most of them.
  let limit: Int
  private let seed: UInt64
  private let width: Int
  /// Documents of different numbers.
  private(set) var documentCount = 0
  /// Tallies of the first documents, one behind the other.
  private var first: [Int] = []
  /// Tallies of the groups of all that follow.
  private var groups: [Int] = []

  init(seed: UInt64, width: Int, limit: Int = usualLimit) {
    self.limit = limit
    self.seed = seed
    self.width = width
  }

  /// The group that chance deals a document into.
  static func group(of document: Int, seed: UInt64, limit: Int) -> Int {
    var chance = RandomSequence(seed: seed, place: place | UInt64(document))
    return Int(chance.next()) % limit
  }

  /// Adds a tally to that of a document, or of the group that it is in. Documents that are drawn
  /// together have one number.
  ///
  /// - Parameter document: its number, from 0: one that was added before, or the next.
  mutating func add(_ row: ArraySlice<Int>, to document: Int) {
    documentCount = max(documentCount, document + 1)
    if document < limit {
      if first.count < documentCount * width {
        first += repeatElement(0, count: documentCount * width - first.count)
      }
      for (place, count) in zip(document * width..<(document + 1) * width, row) {
        first[place] += count
      }
    } else {
      if groups.isEmpty { groups = Array(repeating: 0, count: limit * width) }
      deal(row, document: document)
    }
  }

  private mutating func deal(_ row: ArraySlice<Int>, document: Int) {
    let start = Self.group(of: document, seed: seed, limit: limit) * width
    for (place, count) in zip(start..<start + width, row) { groups[place] += count }
  }

  /// The tallies to draw from, one behind the other, in an order that the documents decide.
  func rows() -> [Int] {
    guard documentCount > limit else { return first }
    var all = self
    for document in 0..<limit {
      all.deal(first[document * width..<(document + 1) * width], document: document)
    }
    return all.groups
  }
}
