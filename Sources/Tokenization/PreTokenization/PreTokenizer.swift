/// What cuts normalized text into pre-tokens: steps, applied in order.
public struct PreTokenizer: Sendable, Equatable {
  public enum Step: Sendable, Equatable {
    /// Pieces are the matches of a pattern and the stretches between them.
    case split(SplitPattern)
  }

  public var steps: [Step]

  public init(_ steps: [Step] = []) { self.steps = steps }

  /// A document is one pre-token.
  public static let none = PreTokenizer()
}
