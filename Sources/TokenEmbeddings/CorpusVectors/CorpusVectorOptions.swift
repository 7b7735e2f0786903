/// How vectors are learned from a corpus. The defaults are those that Levy, Goldberg and Dagan 2015
/// ("Improving distributional similarity with lessons learned from word embeddings") found to serve
/// most tasks, with as many random vectors and iterations as make the result stable.
public struct CorpusVectorOptions: Sendable, Equatable {
  /// Numbers in each vector.
  public let dimension: Int
  /// Tokens on each side that count as neighbours; one at distance *d* counts `window + 1 - d` times.
  public let window: Int
  /// Power to which the counts of neighbours are raised, so that rare ones do not seem to say much.
  public let contextSmoothing: Double
  /// Occurrences below which a token gets no vector.
  public let minimumCount: Int
  /// Singular vectors that the vectors are made from; a vector of more numbers is spread over them.
  public let rank: Int
  /// Power to which singular values are raised: 0 gives all directions the same weight, 1 that which
  /// the counts give them.
  public let singularPower: Double
  /// Random vectors that are carried along beyond the rank.
  public let oversampling: Int
  /// How often the random vectors are multiplied by the matrix and its transpose.
  public let powerIterations: Int
  /// What chance depends on.
  public let seed: UInt64
  /// Root of the mean square of all numbers of the vectors.
  public let standardDeviation: Double

  /// - Parameter rank: `nil`: the dimension, 512 at most.
  /// - Throws: `CorpusVectorError.outOfRange`.
  public init(
    dimension: Int, window: Int = 5, contextSmoothing: Double = 0.75, minimumCount: Int = 5,
    rank: Int? = nil, singularPower: Double = 0.5, oversampling: Int = 16,
    powerIterations: Int = 2, seed: UInt64 = 0, standardDeviation: Double = 0.02
  ) throws(CorpusVectorError) {
    self.dimension = dimension
    self.window = window
    self.contextSmoothing = contextSmoothing
    self.minimumCount = minimumCount
    self.rank = rank ?? min(max(dimension, 1), Self.usualRank)
    self.singularPower = singularPower
    self.oversampling = oversampling
    self.powerIterations = powerIterations
    self.seed = seed
    self.standardDeviation = standardDeviation
    try Self.check("dimension", dimension, 1...Self.largestDimension)
    try Self.check("window", window, 1...1000)
    try Self.check("contextSmoothing", contextSmoothing, 0...1)
    try Self.check("minimumCount", minimumCount, 1...Int.max)
    try Self.check("rank", self.rank, 1...min(dimension, Self.largestRank))
    try Self.check("singularPower", singularPower, 0...1)
    try Self.check("oversampling", oversampling, 0...1024)
    try Self.check("powerIterations", powerIterations, 0...100)
    try Self.check("standardDeviation", standardDeviation, Double.leastNormalMagnitude...1e30)
  }

  /// Of a vector.
  public static let largestDimension = 1 << 16
  /// The cost of a step grows with the third power of the rank: 4,096 take minutes.
  public static let largestRank = 4096
  private static let usualRank = 512

  private static func check<Number: Comparable>(
    _ name: StaticString, _ value: Number, _ range: ClosedRange<Number>
  ) throws(CorpusVectorError) {
    guard range.contains(value) else {
      throw .outOfRange(
        option: "\(name)", value: "\(value)", least: "\(range.lowerBound)",
        most: "\(range.upperBound)")
    }
  }
}
