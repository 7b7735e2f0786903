/// A pair as the part that hosts it sees it.
struct HostedPair: BitwiseCopyable {
  /// Weighted occurrences; 0: nothing stands here.
  var count: Int64
  /// What the pair and its other part bring into the score: `PairCriterion.pairShare`.
  var share: Int64
  /// Left symbol in the high 32 bits, right symbol in the low ones.
  var key: UInt64
}

/// By what the best of all pairs is found: n(ab), c(a) and c(b) make a score, exact in integers.
///
/// The whole order: the higher score, then the higher n, then the smaller left id, then the smaller
/// right one.
protocol PairCriterion: Sendable {
  /// What pairs of different hosts are compared by.
  associatedtype Score: BitwiseCopyable

  /// What the count of a symbol brings into the scores of its pairs.
  func symbolShare(_ count: Int64) -> Int64

  /// What a pair brings into its score by itself and by the part that does not host it.
  ///
  /// - Parameters:
  ///   - count: of the pair.
  ///   - guest: share of that part.
  func pairShare(_ count: Int64, guest: Int64) -> Int64

  /// Whether the host's share has no influence on which of its pairs is the best.
  static var ignoresHost: Bool { get }

  /// Which of two pairs of one host has the higher score: above 0 the first, below 0 the second.
  static func compare(_ lhs: HostedPair, _ rhs: HostedPair, host: Int64) -> Int

  /// The least share of the host, above the present one, at which a pair may precede another that
  /// it is behind now, never overestimated; `Int64.max`: none.
  static func overtaking(_ behind: HostedPair, _ ahead: HostedPair, host: Int64) -> Int64

  static func score(_ pair: HostedPair, host: Int64) -> Score
  static func compare(_ lhs: Score, _ rhs: Score) -> Int
}

extension PairCriterion {
  /// The whole order among the pairs of one host.
  @inline(__always)
  static func precedes(_ lhs: HostedPair, _ rhs: HostedPair, host: Int64) -> Bool {
    let order = compare(lhs, rhs, host: host)
    if order != 0 { return order > 0 }
    if lhs.count != rhs.count { return lhs.count > rhs.count }
    return lhs.key < rhs.key
  }
}

/// n(ab) / (c(a) c(b)), as the likelihood of words gains from a merge by folklore: how much more
/// often two parts meet than they would by chance.
struct LikelihoodCriterion: PairCriterion {
  /// A quotient for most comparisons, and what it is made of for close ones.
  struct Score: BitwiseCopyable {
    var quotient: Double
    var count: Int64
    var guest: Int64
    var host: Int64
  }

  static var ignoresHost: Bool { true }

  @inline(__always)
  func symbolShare(_ count: Int64) -> Int64 { count }

  @inline(__always)
  func pairShare(_ count: Int64, guest: Int64) -> Int64 { guest }

  @inline(__always)
  static func compare(_ lhs: HostedPair, _ rhs: HostedPair, host: Int64) -> Int {
    let left = UInt128(UInt64(bitPattern: lhs.count)) * UInt128(UInt64(bitPattern: rhs.share))
    let right = UInt128(UInt64(bitPattern: rhs.count)) * UInt128(UInt64(bitPattern: lhs.share))
    return left == right ? 0 : left > right ? 1 : -1
  }

  @inline(__always)
  static func overtaking(_ behind: HostedPair, _ ahead: HostedPair, host: Int64) -> Int64 { .max }

  @inline(__always)
  static func score(_ pair: HostedPair, host: Int64) -> Score {
    Score(
      quotient: Double(pair.count) / (Double(pair.share) * Double(host)), count: pair.count,
      guest: pair.share, host: host)
  }

  /// Five roundings keep each quotient within 6e-16 of the truth.
  @inline(__always)
  static func compare(_ lhs: Score, _ rhs: Score) -> Int {
    if lhs.quotient > rhs.quotient * (1 + 1e-14) { return 1 }
    if rhs.quotient > lhs.quotient * (1 + 1e-14) { return -1 }
    return compareExactly(lhs, rhs)
  }

  /// Products of three counts have up to 189 bits.
  @inline(never)
  private static func compareExactly(_ lhs: Score, _ rhs: Score) -> Int {
    let left = product(lhs.count, rhs.guest, rhs.host)
    let right = product(rhs.count, lhs.guest, lhs.host)
    return left == right ? 0 : left > right ? 1 : -1
  }

  private static func product(_ a: Int64, _ b: Int64, _ c: Int64) -> (UInt128, UInt64) {
    let (high, low) = b.multipliedFullWidth(by: c)
    let first = UInt128(low) * UInt128(UInt64(bitPattern: a))
    let second = UInt128(UInt64(bitPattern: high)) * UInt128(UInt64(bitPattern: a))
    return (second + first >> 64, UInt64(truncatingIfNeeded: first))
  }
}

/// n(ab) ln(n(ab) N / (c(a) c(b))): by how much the logarithm of the likelihood of all words grows
/// with the merge, where N, the number of symbols, stays what it was at the start.
///
/// The logarithms are whole numbers of 2^-40 (`WholeLogarithm`), and with them everything is exact:
/// the best pair is the one with the highest score as computed from these, on every machine. Two
/// pairs whose true scores differ by less than about 2e-12 n may be taken for each other. Scores of
/// pairs that meet less often than by chance are negative; they count like others, so that only the
/// minimum count and the size end the merging.
struct GainCriterion: PairCriterion {
  /// In 2^-40: below 2^111, for counts have 63 bits and sums of logarithms 48.
  typealias Score = Int128

  static var ignoresHost: Bool { false }

  private let logarithm = WholeLogarithm()
  private let total: Int64

  /// - Parameter total: symbols before anything is merged.
  init(total: UInt64) { self.total = logarithm.value(Int64(clamping: total)) }

  @inline(__always)
  func symbolShare(_ count: Int64) -> Int64 { 0 &- logarithm.value(count) }

  @inline(__always)
  func pairShare(_ count: Int64, guest: Int64) -> Int64 {
    logarithm.value(count) &+ total &+ guest
  }

  @inline(__always)
  static func score(_ pair: HostedPair, host: Int64) -> Int128 {
    Int128(pair.count) &* Int128(pair.share &+ host)
  }

  @inline(__always)
  static func compare(_ lhs: Int128, _ rhs: Int128) -> Int {
    lhs == rhs ? 0 : lhs > rhs ? 1 : -1
  }

  @inline(__always)
  static func compare(_ lhs: HostedPair, _ rhs: HostedPair, host: Int64) -> Int {
    compare(score(lhs, host: host), score(rhs, host: host))
  }

  /// Scores of a host's pairs are lines over its share, with n for the slope: the steeper one
  /// catches up after their distance over the difference of the slopes. The quotient is rounded
  /// down by far more than its error.
  @inline(__always)
  static func overtaking(_ behind: HostedPair, _ ahead: HostedPair, host: Int64) -> Int64 {
    guard behind.count > ahead.count else { return .max }
    let gap = score(ahead, host: host) &- score(behind, host: host)
    let size =
      Double(Int64(truncatingIfNeeded: gap &>> 64)) * 0x1p64
      + Double(UInt64(truncatingIfNeeded: gap))
    let steps = size / Double(behind.count &- ahead.count) * (1 - 1e-9)
    return host &+ (steps < 0x1p60 ? max(1, Int64(steps)) : 1 &<< 60)
  }
}
