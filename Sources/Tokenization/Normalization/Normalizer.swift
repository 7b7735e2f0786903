/// What happens to text before it is cut into pre-tokens: steps, applied in order.
public struct Normalizer: Sendable, Equatable {
  public enum Step: Sendable, Equatable {
    case form(NormalizationForm)
  }

  public var steps: [Step]

  public init(_ steps: [Step] = []) { self.steps = steps }

  /// Text as it is.
  public static let none = Normalizer()
}

/// The four normalization forms of Unicode Standard Annex 15.
public enum NormalizationForm: String, Sendable, Equatable, Hashable, CaseIterable {
  case nfc, nfd, nfkc, nfkd
}
