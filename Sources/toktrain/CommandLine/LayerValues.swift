import TokenEmbeddings

/// What `--init` says: a preset, or a distribution, as wide as it is without `--std`; or that tokens are
/// learned.
struct InitializationChoice: Sendable {
  /// What is drawn, drawn as wide as what is learned.
  let drawn: Initialization
  /// Whether texts are needed to learn from.
  var needsCorpus = false

  static let choices: [(name: String, value: InitializationChoice)] =
    Preset.allCases.map { ($0.rawValue, InitializationChoice(drawn: .preset($0))) } + [
      ("normal", InitializationChoice(drawn: .drawn(.normal(std: 0.02)))),
      ("truncated-normal", InitializationChoice(drawn: .drawn(.normal(std: 0.02, truncation: 2)))),
      ("uniform", InitializationChoice(drawn: .drawn(.uniform(bound: 0.05)))),
      ("xavier", InitializationChoice(drawn: .drawn(.xavier))),
      ("orthogonal", InitializationChoice(drawn: .drawn(.orthogonal(gain: 1)))),
      ("zeros", InitializationChoice(drawn: .drawn(.zeros))),
      ("corpus", InitializationChoice(drawn: .preset(.transformer), needsCorpus: true)),
    ]
}

/// What the options of positions say.
struct PositionChoices {
  enum Kind: String, CaseIterable { case sinusoidal, learned, rope, alibi, none }
  enum Layout: String, CaseIterable { case interleaved, halves }
  enum Scaling: String, CaseIterable { case llama3 }

  /// `nil`: what goes with the initialization.
  var kind: Kind?
  var layout: Layout?
  var spacing: SinusoidalPositions.Spacing?
  var base: Double?
  var headCount: Int?
  var scaling: Scaling?

  /// The positions of a layer.
  ///
  /// - Parameter standard: what goes with the initialization.
  func positions(
    _ standard: PositionEncoding, dimension: Int
  ) throws(UsageError) -> PositionEncoding {
    switch kind ?? Kind(rawValue: standard.name) ?? .none {
    case .none:
      try refuse(spacing: true, layout: true, base: true, heads: true, "none")
      return .none
    case .learned:
      try refuse(spacing: true, layout: true, base: true, heads: true, "learned")
      return .learned
    case .sinusoidal:
      try refuse(heads: true, "sinusoidal")
      var sinusoids = SinusoidalPositions()
      if case .sinusoidal(let known) = standard { sinusoids = known }
      if let layout { sinusoids.layout = layout == .halves ? .halves : .interleaved }
      if let spacing { sinusoids.spacing = spacing }
      if let base { sinusoids.base = base }
      return .sinusoidal(sinusoids)
    case .rope:
      try refuse(spacing: true, "rope")
      var rotary = RotaryPositions(headDimension: try headDimension(of: dimension))
      if let layout { rotary.layout = layout == .halves ? .halves : .interleaved }
      // Llama 3's own base, which its scaling was made for.
      rotary.base = base ?? (scaling == nil ? rotary.base : 500_000)
      rotary.scaling = scaling.map { _ in RotaryPositions.Llama3Scaling() }
      return .rotary(rotary)
    case .alibi:
      try refuse(spacing: true, layout: true, base: true, "alibi")
      return .linearBias(headCount: headCount ?? max(1, dimension / 64))
    }
  }

  /// Heads have 64 numbers by custom.
  private func headDimension(of dimension: Int) throws(UsageError) -> Int {
    guard let headCount else { return min(64, dimension) }
    guard dimension % headCount == 0 else {
      throw .conflict("\(LayerError.headsDoNotDivide(dimension: dimension, heads: headCount))")
    }
    return dimension / headCount
  }

  /// Refuses options that the positions have no use for.
  private func refuse(
    spacing: Bool = false, layout: Bool = false, base: Bool = false, heads: Bool = false,
    _ positions: String
  ) throws(UsageError) {
    let isRope = positions == "rope"
    for (name, isGiven) in [
      ("--spacing", spacing && self.spacing != nil), ("--layout", layout && self.layout != nil),
      ("--base", base && self.base != nil), ("--heads", heads && headCount != nil),
      ("--rope-scaling", !isRope && scaling != nil),
    ] where isGiven {
      throw .conflict("\(name) says nothing about \(positions) positions; leave it out")
    }
  }
}
