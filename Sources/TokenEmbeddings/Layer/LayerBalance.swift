/// How large the parts are that a layer adds up: the root mean square of their numbers.
///
/// A part that is much larger than another hides it: GPT-2's tokens of 0.02 are a 35th of a sinusoid.
public struct LayerBalance: Sendable, Equatable {
  public var tokens: Double
  /// `nil`: none are added.
  public var positions: Double?
  public var segments: Double?

  /// More than this, and the smaller part is lost.
  public static let greatestRatio = 10.0

  /// The part that hides another most, and by how much; `nil` where none does.
  public var drowning: (large: TableRole, small: TableRole, ratio: Double)? {
    let parts = [
      (TableRole.token, tokens), (.position, positions ?? 0), (.segment, segments ?? 0),
    ].filter { $0.1 > 0 }
    guard let large = parts.max(by: { $0.1 < $1.1 }), let small = parts.min(by: { $0.1 < $1.1 }),
      large.1 > Self.greatestRatio * small.1
    else { return nil }
    return (large.0, small.0, large.1 / small.1)
  }
}

extension LayerPlan {
  /// What the parts will be; `nil` where tokens come from a file, which is not read for it.
  public var balance: LayerBalance? {
    guard let tokens = tokenSize else { return nil }
    let (dimension, length) = (options.dimension, options.maxLength)
    let positions: Double? =
      switch draws.positions {
      case .sinusoidal(let sinusoids): abs(sinusoids.scale) / 2.0.squareRoot()
      case .learned: draws.position.standardDeviation(rows: length, columns: dimension)
      case .none, .rotary, .linearBias: nil
      }
    let segments =
      draws.segmentCount > 0
      ? draws.segment.standardDeviation(rows: draws.segmentCount, columns: dimension) : nil
    return LayerBalance(
      tokens: tokens * draws.tokenScale, positions: positions, segments: segments)
  }

  private var tokenSize: Double? {
    guard let rows = tables.first?.rows else { return nil }
    switch rows {
    case .stored: return nil
    case .numbers(let numbers):
      let sum = numbers.reduce(0.0) { $0 + Double($1) * Double($1) }
      return (sum / Double(max(1, numbers.count))).squareRoot()
    default:
      return draws.token.standardDeviation(rows: vocabularySize, columns: options.dimension)
    }
  }
}
