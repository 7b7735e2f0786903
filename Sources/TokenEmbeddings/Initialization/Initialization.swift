/// What the tables of a layer are drawn from.
public enum Initialization: Sendable, Equatable {
  /// As a family of models or a framework does.
  case preset(Preset)
  /// All tables from one distribution.
  case drawn(Distribution)

  /// The positions that go with it.
  public func standardPositions(dimension: Int) -> PositionEncoding {
    draws(dimension: max(1, dimension)).positions
  }

  /// What it comes to for vectors of `dimension` numbers.
  func draws(dimension: Int) -> LayerDraws {
    switch self {
    case .preset(let preset): preset.draws(dimension: dimension)
    case .drawn(let distribution): LayerDraws(all: distribution)
    }
  }
}

/// What each table of a layer is drawn from, and what belongs to it.
public struct LayerDraws: Sendable, Equatable {
  public var token: Distribution
  /// What a layer multiplies vectors of tokens by before it adds anything.
  public var tokenScale: Double
  /// Of positions, where they are learned.
  public var position: Distribution
  public var segment: Distribution
  /// The positions that go with it.
  public var positions: PositionEncoding
  public var segmentCount: Int

  init(
    token: Distribution, tokenScale: Double = 1, position: Distribution, segment: Distribution,
    positions: PositionEncoding, segmentCount: Int
  ) {
    self.token = token
    self.tokenScale = tokenScale
    self.position = position
    self.segment = segment
    self.positions = positions
    self.segmentCount = segmentCount
  }

  init(all distribution: Distribution) {
    self.init(
      token: distribution, position: distribution, segment: distribution,
      positions: .sinusoidal(SinusoidalPositions()), segmentCount: 2)
  }
}
