/// How a layer tells positions apart.
public enum PositionEncoding: Sendable, Equatable {
  case none
  /// A fixed vector for each position, which is added.
  case sinusoidal(SinusoidalPositions)
  /// A vector for each position that training changes, which is added.
  case learned
  /// Angles by which queries and keys are turned; nothing is added.
  case rotary(RotaryPositions)
  /// What is taken from attention scores, by distance; nothing is added.
  case linearBias(headCount: Int)

  /// Whether positions have vectors that are added to those of tokens.
  public var isAdded: Bool {
    switch self {
    case .sinusoidal, .learned: true
    case .none, .rotary, .linearBias: false
    }
  }
}
