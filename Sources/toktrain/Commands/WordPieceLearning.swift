import Tokenization
import TokenizerTraining

/// By what the tokens of a WordPiece vocabulary are chosen, as asked on the command line; `nil`: what
/// the criterion has as its standard.
struct WordPieceLearning: Equatable {
  var score = Score.frequency
  var minimumPairCount: MinimumPairCount?
  var slack: Double?
  var iterations: Int?
  var maximumCharacters: Int?
  var compatibility: Compatibility?

  enum Score: String, CaseIterable {
    case frequency, likelihood, gain
    case topDown = "top-down"
  }

  /// A number, or the highest that still fills the vocabulary.
  enum MinimumPairCount: Equatable {
    case automatic
    case number(Int)
  }

  /// Whose learner to be equal to.
  enum Compatibility: String, CaseIterable {
    case tensorFlowText = "tensorflow-text"
  }

  /// - Throws: for options that the criterion has no use for.
  func validate(_ others: [(option: String, isGiven: Bool, scores: Set<Score>)]) throws(UsageError)
  {
    let own: [(option: String, isGiven: Bool, scores: Set<Score>)] = [
      ("min-pair-count", minimumPairCount != nil, [.likelihood]),
      ("slack", slack != nil, [.topDown]), ("iterations", iterations != nil, [.topDown]),
      ("max-characters", maximumCharacters != nil, [.topDown]),
      ("compat", compatibility != nil, [.topDown]),
    ]
    for (option, isGiven, scores) in own + others where isGiven && !scores.contains(score) {
      let wanted = Score.allCases.filter(scores.contains).map(\.rawValue)
      throw .conflict(
        "--\(option) means nothing with --score \(score.rawValue), only with "
          + wanted.joined(separator: " or ") + "; leave one of the two out"
          + (option == "min-frequency" && score == .likelihood
            ? "; --min-pair-count takes its place" : ""))
    }
  }

  var criterion: WordPieceScore {
    switch score {
    case .frequency: return .frequency
    case .gain: return .gain
    case .likelihood:
      guard case .number(let count) = minimumPairCount else {
        return .likelihood(minimumPairCount: nil)
      }
      return .likelihood(minimumPairCount: UInt64(count))
    case .topDown:
      var options = TopDownOptions()
      options.slack = slack ?? options.slack
      options.iterations = iterations ?? options.iterations
      options.maximumCharacters = maximumCharacters ?? options.maximumCharacters
      options.followsTensorFlowText = compatibility == .tensorFlowText
      return .topDown(options)
    }
  }
}

extension Option<WordPieceCommand> {
  /// What chooses the tokens, and what each criterion can be asked for.
  static var learning: [Option<WordPieceCommand>] {
    [
      .value(
        "score", \.learning.score, .choice("SCORE"), "what makes a good token",
        detail: "frequency (default): the most frequent pair is merged, as in the tokenizers "
          + "library; likelihood: the pair whose count is highest beside those of its parts; gain: "
          + "the pair that makes the text more likely by most; top-down: frequent substrings, the "
          + "longest first, as TensorFlow Text learns them. What is not frequency leaves words out "
          + "that are longer than encoders look at."),
      .optional(
        "min-pair-count", \.learning.minimumPairCount, .minimumPairCount,
        "likelihood: merge only pairs that occur this often (default auto)",
        detail: "auto: the highest count that still fills the vocabulary. Without one, likelihood "
          + "prefers the rarest words."
      ).detailed,
      .optional(
        "slack", \.learning.slack, .fraction(0...0.5),
        "top-down: how far below the size the search may end (default 0.05)",
        detail: "Then the vocabulary is filled up with what is most frequent, but with --compat."
      ).detailed,
      .optional(
        "iterations", \.learning.iterations, .number(1...100),
        "top-down: rounds for each threshold (default 4)"
      ).detailed,
      .optional(
        "max-characters", \.learning.maximumCharacters, .number(1...0x11_0000),
        "top-down: characters to keep, the most frequent (default 1000)",
        detail: "Words with others are left out."
      ).detailed,
      .optional(
        "compat", \.learning.compatibility, .choice("LIBRARY"),
        "top-down: be equal to tensorflow-text",
        detail: "Its learner also takes the counts of what it does not keep from their beginnings, "
          + "leaves words of more than 50 characters out, and ends with another size than asked."
      ).detailed,
    ]
  }
}

extension ValueKind where Value == WordPieceLearning.MinimumPairCount {
  /// `auto` or a count.
  fileprivate static var minimumPairCount: ValueKind {
    ValueKind("N", expected: "auto or a whole number from 1", choices: ["auto"]) { word in
      if word.text == "auto" { return .automatic }
      return ValueKind<Int>.number(1...Int.max).read(word).map { .number($0) }
    }
  }
}
