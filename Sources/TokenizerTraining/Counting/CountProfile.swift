/// How many distinct words a corpus has that occur at least so often, and what they come to.
public struct CountProfile: Sendable, Equatable {
  /// Words of one range of counts.
  private struct Share: Equatable {
    var words = 0
    var bytes = 0
    var occurrences: UInt64 = 0

    mutating func add(_ other: Share) {
      words += other.words
      bytes += other.bytes
      occurrences &+= other.occurrences
    }
  }

  /// What the words from a count on come to, and those below it, which a floor leaves out.
  public struct Floor: Sendable, Equatable {
    /// The least count that is kept.
    public var least: UInt64
    /// Distinct words that are left out, and their occurrences.
    public var lostWords: Int
    public var lostOccurrences: UInt64
  }

  /// Counts below this have a share each, all others one for each power of two.
  private static let small = 256
  private var shares = [Share](repeating: Share(), count: small + 64)

  public init() {}

  public init(_ counts: PreTokenCounts) {
    var start = 0
    for index in 0..<counts.wordCount {
      add(bytes: counts.ends[index] - start, count: counts.counts[index])
      start = counts.ends[index]
    }
  }

  /// A word, by its bytes and count.
  mutating func add(bytes: Int, count: UInt64) {
    shares[Self.share(of: count)].add(Share(words: 1, bytes: bytes, occurrences: count))
  }

  private static func share(of count: UInt64) -> Int {
    count < UInt64(small) ? Int(count) : small + 63 - count.leadingZeroBitCount
  }

  private static func least(ofShare share: Int) -> UInt64 {
    // No share between the two kinds has words.
    share < small ? UInt64(share) : max(UInt64(small), 1 << UInt64(share - small))
  }

  private var total: Share { shares.reduce(into: Share()) { $0.add($1) } }

  public var words: Int { total.words }
  /// Bytes of the distinct words.
  public var bytes: Int { total.bytes }
  public var occurrences: UInt64 { total.occurrences }

  /// Distinct words that occur at least so often, and their bytes. From 256 on it is as if a word
  /// occurred as often as the power of two below its count.
  public func kept(from least: UInt64) -> (words: Int, bytes: Int) {
    let kept = shares[Self.share(of: least)...].reduce(into: Share()) { $0.add($1) }
    return (kept.words, kept.bytes)
  }

  /// The lowest floor with which a training has room; `nil` where none gives it.
  public func floor(of cost: TrainingCost, within limit: Int) -> Floor? {
    var kept = total
    var floor = Floor(least: 1, lostWords: 0, lostOccurrences: 0)
    for (number, share) in shares.enumerated() {
      if cost.memory(words: kept.words, bytes: kept.bytes) <= limit {
        floor.least = max(1, Self.least(ofShare: number))
        return kept.words > 0 ? floor : nil
      }
      kept.words -= share.words
      kept.bytes -= share.bytes
      floor.lostWords += share.words
      floor.lostOccurrences &+= share.occurrences
    }
    return nil
  }
}
