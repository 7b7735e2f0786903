import Tokenization

/// How often the tokens of a model occur in each of some groups of documents: what resampling needs to
/// know of metrics that depend on the distribution of tokens.
///
/// As in `DocumentUnits`, each of the first documents is a group of its own; when there are more, chance
/// deals all of them into groups. These are few, since each takes four bytes for every token that
/// occurs: the width of an interval from 128 of them is off by a part of 1/16 (1/√(2·127)), about as
/// much as 1000 resamplings are off by.
struct TokenGroups: Sendable {
  /// Most of them; a power of two, so that units of `DocumentUnits` fall into one of them as a whole.
  static let limit = 128

  private let seed: UInt64
  /// By id, where its row begins in `counts`; none for a token that did not occur.
  private var rows: [UInt32]
  private static let none = UInt32.max
  /// Occurrences of a token in each group, a row behind the other in the order in which tokens first
  /// occurred. A number that would not fit stays the greatest.
  private var counts: [UInt32] = []
  /// Documents of different numbers.
  private var documentCount = 0
  /// Whether chance has dealt the documents into groups.
  private var isDealt = false

  init(idCount: Int, seed: UInt64) {
    self.seed = seed
    rows = Array(repeating: Self.none, count: idCount)
  }

  /// Groups that documents can be in.
  var count: Int { min(documentCount, Self.limit) }

  /// Adds the tokens of a document.
  ///
  /// - Parameter document: its number, as for `DocumentUnits.add`.
  mutating func add(_ ids: UnsafeBufferPointer<TokenID>, to document: Int) {
    documentCount = max(documentCount, document + 1)
    if documentCount > Self.limit, !isDealt { deal() }
    let group = isDealt ? Self.group(of: document, seed: seed) : document
    var next = 0
    while next < ids.count {
      next = addKnown(ids, from: next, to: group)
      if next < ids.count { makeRow(of: ids[next]) }
    }
  }

  /// Adds tokens up to the first that has no row, and returns its place.
  private mutating func addKnown(
    _ ids: UnsafeBufferPointer<TokenID>, from start: Int, to group: Int
  ) -> Int {
    rows.withUnsafeBufferPointer { rows in
      counts.withUnsafeMutableBufferPointer { counts in
        for place in start..<ids.count {
          let row = rows[Int(ids[place])]
          if row == Self.none { return place }
          let cell = Int(row) &* Self.limit &+ group
          counts[cell] = Self.sum(counts[cell], 1)
        }
        return ids.count
      }
    }
  }

  private mutating func makeRow(of id: TokenID) {
    rows[Int(id)] = UInt32(counts.count / Self.limit)
    counts += repeatElement(0, count: Self.limit)
  }

  private static func group(of document: Int, seed: UInt64) -> Int {
    DocumentUnits.group(of: document, seed: seed, limit: limit)
  }

  @inline(__always)
  private static func sum(_ a: UInt32, _ b: UInt32) -> UInt32 {
    let (sum, isTooLarge) = a.addingReportingOverflow(b)
    return isTooLarge ? .max : sum
  }

  /// Puts documents, each of which was a group, into groups of chance.
  private mutating func deal() {
    isDealt = true
    let groups = (0..<Self.limit).map { Self.group(of: $0, seed: seed) }
    for start in stride(from: 0, to: counts.count, by: Self.limit) {
      var dealt = [UInt32](repeating: 0, count: Self.limit)
      for (group, count) in zip(groups, counts[start...]) {
        dealt[group] = Self.sum(dealt[group], count)
      }
      counts.replaceSubrange(start..<start + Self.limit, with: dealt)
    }
  }

  /// By group: its tokens, and the sums of what `first` and `second` say of each.
  ///
  /// - Parameters:
  ///   - first: a number for each id, as `second` has.
  func sums(_ first: [Double], _ second: [Double]) -> [SIMD4<Double>] {
    var sums = [SIMD4<Double>](repeating: .zero, count: count)
    for (id, row) in rows.enumerated() where row != Self.none {
      let values = SIMD4(1, first[id], second[id], 0)
      let start = Int(row) * Self.limit
      for group in sums.indices { sums[group] += Double(counts[start + group]) * values }
    }
    return sums
  }
}
