/// What an embedding layer is to be.
public struct LayerOptions: Sendable, Equatable {
  /// Numbers of a vector.
  public var dimension: Int
  public var initialization: Initialization
  /// Standard deviation of tokens; those of segments and learned positions follow in proportion. `nil`:
  /// what the initialization says.
  public var std: Double?
  /// Sigmas at which normal draws are cut; `nil`: what the initialization says.
  public var truncation: Double?
  public var seed: UInt64
  /// `nil`: those that go with the initialization.
  public var positions: PositionEncoding?
  /// Positions that have a row.
  public var maxLength: Int
  /// `nil`: what goes with the initialization and the names.
  public var segmentCount: Int?
  public var elementType: ElementType
  /// Rows are filled up with zeros to a multiple of this.
  public var paddingMultiple: Int
  public var naming: Naming

  public static let greatestDimension = 1 << 20
  public static let greatestLength = 1 << 20
  public static let greatestSegmentCount = 1 << 16
  public static let greatestPaddingMultiple = 1 << 16
  public static let greatestHeadCount = 1 << 12

  public init(
    dimension: Int, initialization: Initialization = .preset(.transformer), std: Double? = nil,
    truncation: Double? = nil, seed: UInt64 = 42, positions: PositionEncoding? = nil,
    maxLength: Int = 2048, segmentCount: Int? = nil, elementType: ElementType = .f32,
    paddingMultiple: Int = 1, naming: Naming = .plain
  ) {
    self.dimension = dimension
    self.initialization = initialization
    self.std = std
    self.truncation = truncation
    self.seed = seed
    self.positions = positions
    self.maxLength = maxLength
    self.segmentCount = segmentCount
    self.elementType = elementType
    self.paddingMultiple = paddingMultiple
    self.naming = naming
  }

  /// What the tables are drawn from, with all that was chosen.
  ///
  /// - Parameter vocabularySize: rows of tokens.
  /// - Throws: `LayerError` for what cannot be.
  public func draws(vocabularySize: Int) throws(LayerError) -> LayerDraws {
    try check("a dimension", dimension, from: 1, to: Self.greatestDimension)
    try check("a length", maxLength, from: 1, to: Self.greatestLength)
    try check("a number of segments", segmentCount ?? 0, from: 0, to: Self.greatestSegmentCount)
    try check("a multiple", paddingMultiple, from: 1, to: Self.greatestPaddingMultiple)
    var draws = initialization.draws(dimension: dimension)
    try stretch(&draws, vocabularySize)
    try truncate(&draws)
    if let positions { draws.positions = positions }
    try checkPositions(draws.positions)
    draws.segmentCount =
      segmentCount ?? (naming.name(of: .segment) == nil ? 0 : draws.segmentCount)
    for (role, isThere) in [
      (.position, draws.positions.isAdded), (.segment, draws.segmentCount > 0),
    ] as [(TableRole, Bool)] where isThere && naming.name(of: role) == nil {
      throw .noName(role, naming)
    }
    return draws
  }

  private func check(
    _ name: String, _ count: Int, from least: Int, to limit: Int
  ) throws(LayerError) {
    if !(least...limit).contains(count) {
      throw .countOutOfRange(name: name, count, least...limit)
    }
  }

  private func stretch(_ draws: inout LayerDraws, _ vocabularySize: Int) throws(LayerError) {
    guard let std else { return }
    guard std > 0 && std <= 1000 else { throw .stdOutOfRange(std) }
    let factor = std / draws.token.width(rows: vocabularySize, columns: dimension)
    guard let token = draws.token.stretched(by: factor) else { throw .fixedWidth(draws.token) }
    draws.token = token
    draws.position = draws.position.stretched(by: factor) ?? draws.position
    draws.segment = draws.segment.stretched(by: factor) ?? draws.segment
  }

  private func truncate(_ draws: inout LayerDraws) throws(LayerError) {
    guard let truncation else { return }
    guard truncation > 0 && truncation <= 6 else { throw .truncationOutOfRange(truncation) }
    guard let token = draws.token.truncated(at: truncation) else {
      throw .truncationUnfit(draws.token)
    }
    draws.token = token
    draws.position = draws.position.truncated(at: truncation) ?? draws.position
    draws.segment = draws.segment.truncated(at: truncation) ?? draws.segment
  }

  private func checkPositions(_ positions: PositionEncoding) throws(LayerError) {
    switch positions {
    case .none, .learned: break
    case .sinusoidal(let sinusoids):
      if dimension % 2 != 0 { throw .oddDimension(dimension, what: "sines and cosines") }
      try checkBase(sinusoids.base)
    case .rotary(let rotary):
      let head = rotary.headDimension
      try check("a head", head, from: 1, to: Self.greatestDimension)
      if head % 2 != 0 { throw .oddDimension(head, what: "numbers that are turned") }
      if dimension % head != 0 { throw .headDoesNotDivide(dimension: dimension, head: head) }
      try checkBase(rotary.base)
      if let scaling = rotary.scaling {
        let numbers = [
          scaling.factor, scaling.lowFrequencyFactor, scaling.originalLength,
          scaling.highFrequencyFactor - scaling.lowFrequencyFactor,
        ]
        guard numbers.allSatisfy({ $0 > 0 && $0 < 1e12 }) else { throw .scalingOutOfRange(scaling) }
      }
    case .linearBias(let heads):
      try check("a number of heads", heads, from: 1, to: Self.greatestHeadCount)
    }
  }

  private func checkBase(_ base: Double) throws(LayerError) {
    guard base > 1 && base <= 1e12 else { throw .baseOutOfRange(base) }
  }
}
