import Primitives

/// Angles by which pairs of a query's or a key's numbers are turned (Su and others 2021, RoFormer,
/// section 3.2), as tables of cosines and sines, [positions × numbers of a head].
public struct RotaryPositions: Sendable, Equatable {
  /// Which numbers of a head are a pair. Weights of one layout are a permutation of the other's.
  public enum Layout: String, Sendable, CaseIterable {
    /// i and i + half: Hugging Face (`rotate_half`), GPT-NeoX.
    case halves
    /// 2 i and 2 i + 1: the paper, and Meta's Llama.
    case interleaved
  }

  /// Llama 3.1's way to longer texts: slow angles are slowed down by a factor, fast ones stay, those
  /// between are blended (`apply_scaling` in meta-llama/llama-models).
  public struct Llama3Scaling: Sendable, Equatable {
    public var factor: Double
    public var lowFrequencyFactor: Double
    public var highFrequencyFactor: Double
    /// Length of the texts that the model saw before.
    public var originalLength: Double

    public init(
      factor: Double = 8, lowFrequencyFactor: Double = 1, highFrequencyFactor: Double = 4,
      originalLength: Double = 8192
    ) {
      self.factor = factor
      self.lowFrequencyFactor = lowFrequencyFactor
      self.highFrequencyFactor = highFrequencyFactor
      self.originalLength = originalLength
    }

    func scaled(_ frequency: Double) -> Double {
      let turns = originalLength * frequency / (2 * .pi)
      if turns > highFrequencyFactor { return frequency }
      if turns < lowFrequencyFactor { return frequency / factor }
      let share = (turns - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor)
      return (1 - share) * frequency / factor + share * frequency
    }
  }

  /// Numbers of a head: even.
  public var headDimension: Int
  public var layout: Layout
  /// Theta: 10000 in the paper and Llama 2, 500000 in Llama 3.
  public var base: Double
  public var scaling: Llama3Scaling?

  public init(
    headDimension: Int, layout: Layout = .halves, base: Double = 10000,
    scaling: Llama3Scaling? = nil
  ) {
    self.headDimension = headDimension
    self.layout = layout
    self.base = base
    self.scaling = scaling
  }

  /// Radians a position, by pair.
  var frequencies: [Double] {
    let logarithm = RealFunctions.log(base)
    return (0..<headDimension / 2).map { pair in
      let exponent = -2 * Double(pair) / Double(headDimension)
      let frequency = RealFunctions.exponential(exponent * logarithm)
      return scaling?.scaled(frequency) ?? frequency
    }
  }

  enum Part { case cosine, sine }

  /// Writes one row of a table.
  ///
  /// - Parameters:
  ///   - position: from 0 to 1,600,000.
  ///   - frequencies: those of `frequencies`.
  func fill(
    _ position: Int, _ part: Part, _ frequencies: [Double],
    into values: UnsafeMutableBufferPointer<Float>
  ) {
    for (pair, frequency) in frequencies.enumerated() {
      let (sine, cosine) = RealFunctions.sineAndCosine(Double(position) * frequency)
      let value = Float(part == .cosine ? cosine : sine)
      switch layout {
      case .halves:
        values[pair] = value
        values[frequencies.count + pair] = value
      case .interleaved:
        values[2 * pair] = value
        values[2 * pair + 1] = value
      }
    }
  }
}
