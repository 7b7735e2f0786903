import Primitives

/// The tallies that resampling draws from: those of single documents, as long as there are few enough,
/// then those of as many groups, into which chance deals the documents.
///
/// Where all documents are drawn one by one, a ratio of sums varies by the squares of what each
/// document adds beside its expectation. Groups that chance made vary by the same but for a part of
/// 1/`limit`, and they need not grow with the corpus.
struct DocumentUnits: Sendable {
  /// Most of them.
  let limit: Int
  /// Keeps the draws of groups apart from those of resamplings.
  private static let place: UInt64 = 1 << 63

  private let seed: UInt64
  private let width: Int
  private(set) var documentCount = 0
  /// Tallies of the first documents, one behind the other.
  private var first: [Int] = []
  /// Tallies of the groups of all that follow.
  private var groups: [Int] = []

  init(seed: UInt64, width: Int, limit: Int = 4096) {
    self.limit = limit
    self.seed = seed
    self.width = width
  }

  /// Adds the tally of the next document.
  mutating func add(_ row: ArraySlice<Int>) {
    if documentCount < limit {
      first += row
    } else {
      if groups.isEmpty { groups = Array(repeating: 0, count: limit * width) }
      deal(row, document: documentCount)
    }
    documentCount += 1
  }

  private mutating func deal(_ row: ArraySlice<Int>, document: Int) {
    var chance = RandomSequence(seed: seed, place: Self.place | UInt64(document))
    let start = Int(chance.next()) % limit * width
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
