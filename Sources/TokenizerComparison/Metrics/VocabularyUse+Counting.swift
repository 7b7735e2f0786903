import Primitives
import Tokenization

extension VocabularyUse {
  /// Longest tokens that a report names.
  private static let longestCount = 20

  /// - Parameters:
  ///   - uses: occurrences by id.
  ///   - texts: what tokens decode to.
  init(uses: [Int], texts: TokenTextList) {
    let occurring = uses.filter { $0 > 0 }
    let used = texts.ids.reduce(0) { $0 + (uses[Int($1)] > 0 ? 1 : 0) }
    self.init(
      usedCount: used, usedOnceCount: occurring.reduce(0) { $0 + ($1 == 1 ? 1 : 0) },
      unusedCount: texts.tokenCount - used, ranks: Self.ranks(occurring),
      lengths: Self.lengths(uses, texts), longest: Self.longest(uses, texts))
  }

  /// At most 16 ranks for each doubling.
  private static func ranks(_ occurring: [Int]) -> [RankCount] {
    let falling = occurring.sorted(by: >)
    var ranks: [RankCount] = []
    var rank = 1
    while rank < falling.count {
      ranks.append(RankCount(rank: rank, count: falling[rank - 1]))
      rank += max(1, rank / 16)
    }
    if let last = falling.last { ranks.append(RankCount(rank: falling.count, count: last)) }
    return ranks
  }

  private static func lengths(_ uses: [Int], _ texts: TokenTextList) -> [LengthCount] {
    let sizes = texts.lengths
    var lengths: [LengthCount] = []
    for id in texts.ordinaryIDs.sorted(by: { sizes[Int($0)] < sizes[Int($1)] }) {
      let length = Int(sizes[Int(id)])
      if lengths.last?.bytes != length {
        lengths.append(LengthCount(bytes: length, tokens: 0, uses: 0))
      }
      lengths[lengths.count - 1].tokens += 1
      lengths[lengths.count - 1].uses += uses[Int(id)]
    }
    return lengths
  }

  private static func longest(_ uses: [Int], _ texts: TokenTextList) -> [TokenUse] {
    let sizes = texts.lengths
    return texts.ordinaryIDs.filter { uses[Int($0)] > 0 }
      .sorted { (sizes[Int($1)], $0) < (sizes[Int($0)], $1) }
      .prefix(longestCount)
      .map { TokenUse(id: $0, text: Array(texts[$0]), count: uses[Int($0)]) }
  }
}

extension VocabularyOverlap {
  /// Tokens of each side that a report names.
  private static let namedCount = 50

  /// - Parameters:
  ///   - first: tokens of the first model and their occurrences by id.
  ///   - other: those of the model at `model`.
  init(
    model: Int, first: (texts: TokenTextList, uses: [Int]),
    other: (texts: TokenTextList, uses: [Int])
  ) {
    let onlyFirst = Self.lacking(first.texts, in: other.texts)
    let onlyOther = Self.lacking(other.texts, in: first.texts)
    let distinct = first.texts.ordinaryIDs.filter(first.texts.isFirst)
    let onlyFirstCount = onlyFirst.filter(first.texts.isFirst).count
    self.init(
      model: model, sharedCount: distinct.count - onlyFirstCount,
      onlyFirstCount: onlyFirstCount,
      onlyOtherCount: onlyOther.filter(other.texts.isFirst).count,
      onlyFirstUses: onlyFirst.reduce(0) { $0 + first.uses[Int($1)] },
      onlyOtherUses: onlyOther.reduce(0) { $0 + other.uses[Int($1)] },
      onlyFirst: Self.commonest(onlyFirst, first.texts, first.uses),
      onlyOther: Self.commonest(onlyOther, other.texts, other.uses))
  }

  /// Shared texts of all texts; `nil` without any.
  var jaccard: Double? {
    let all = sharedCount + onlyFirstCount + onlyOtherCount
    return all == 0 ? nil : Double(sharedCount) / Double(all)
  }

  private static func lacking(_ texts: TokenTextList, in others: TokenTextList) -> [TokenID] {
    texts.ordinaryIDs.filter { !others.contains(texts[$0]) }
  }

  private static func commonest(
    _ ids: [TokenID], _ texts: TokenTextList, _ uses: [Int]
  ) -> [TokenUse] {
    ids.filter { uses[Int($0)] > 0 }
      .sorted { (uses[Int($1)], $0) < (uses[Int($0)], $1) }
      .prefix(namedCount)
      .map { TokenUse(id: $0, text: Array(texts[$0]), count: uses[Int($0)]) }
  }
}
