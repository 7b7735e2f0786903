import Primitives

/// Sines and cosines of geometrically spaced frequencies (Vaswani and others 2017, section 3.5): any
/// length, nothing to learn.
///
/// Angles are computed in double precision and rounded once. Frameworks that multiply in single
/// precision differ by up to 1.2e-4 at position 2048, and more behind it.
public struct SinusoidalPositions: Sendable, Equatable {
  /// Where sines and cosines stand.
  public enum Layout: String, Sendable, CaseIterable {
    /// sin, cos, sin, cos: the paper, and Keras (`SinePositionEncoding`).
    case interleaved
    /// All sines, then all cosines: tensor2tensor, fairseq, Marian, Whisper.
    case halves
  }

  /// How frequency i of h, i from 0, follows from the base.
  public enum Spacing: String, Sendable, CaseIterable {
    /// base^(-i / h): the paper, and Marian.
    case paper
    /// base^(-i / (h - 1)), so that the last is 1 / base: tensor2tensor (`get_timing_signal_1d`),
    /// fairseq, Whisper.
    case t2t
  }

  public var layout: Layout
  public var spacing: Spacing
  /// 10000 in the paper.
  public var base: Double
  /// What all is multiplied by.
  public var scale: Double

  public init(
    layout: Layout = .interleaved, spacing: Spacing = .paper, base: Double = 10000,
    scale: Double = 1
  ) {
    self.layout = layout
    self.spacing = spacing
    self.base = base
    self.scale = scale
  }

  /// The frequencies of vectors of `dimension` numbers, in radians a position.
  /// - Precondition: the dimension is even.
  func frequencies(dimension: Int) -> [Double] {
    let count = dimension / 2
    let divisor = spacing == .paper ? count : max(1, count - 1)
    let logarithm = RealFunctions.log(base)
    return (0..<count).map { RealFunctions.exponential(-Double($0) / Double(divisor) * logarithm) }
  }

  /// Writes the vector of a position.
  ///
  /// - Parameters:
  ///   - position: from 0 to 1,600,000.
  ///   - frequencies: those of `frequencies(dimension:)`, half as many as there are values.
  func fill(
    _ position: Int, _ frequencies: [Double], into values: UnsafeMutableBufferPointer<Float>
  ) {
    for (index, frequency) in frequencies.enumerated() {
      let (sine, cosine) = RealFunctions.sineAndCosine(Double(position) * frequency)
      switch layout {
      case .interleaved:
        values[2 * index] = Float(scale * sine)
        values[2 * index + 1] = Float(scale * cosine)
      case .halves:
        values[index] = Float(scale * sine)
        values[frequencies.count + index] = Float(scale * cosine)
      }
    }
  }

  /// The vector of a position, of any.
  /// - Precondition: the dimension is even; the position is from 0 to 1,600,000.
  public func vector(of position: Int, dimension: Int) -> [Float] {
    var values = [Float](repeating: 0, count: dimension)
    values.withUnsafeMutableBufferPointer {
      fill(position, frequencies(dimension: dimension), into: $0)
    }
    return values
  }
}
