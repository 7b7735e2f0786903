/// A decoder taken apart: steps whose work on a token depends on nothing but whether it comes first,
/// so that it is done once for each token of a vocabulary, and steps that need all tokens.
struct DecodingPlan {
  /// For single tokens.
  private(set) var ofTokens: [Detokenizer] = []
  /// For what the first steps left: of one text if `joins`, else of a list.
  private(set) var ofSequence: [Detokenizer] = []
  /// Whether the texts of tokens are joined before `ofSequence`.
  private(set) var joins = true

  /// Bytes of the longest text that a table of all tokens may have again and again.
  private static let longestReplacement = 64

  init(_ detokenizer: Detokenizer) {
    let steps = detokenizer.flattened
    // What makes tokens much longer is done only to those that are asked for.
    let replacements = steps.map { step in
      if case .replace(_, let replacement) = step { replacement.count } else { 0 }
    }
    if replacements.reduce(0, +) > Self.longestReplacement {
      beList(steps)
      return
    }
    // Neighbouring bytes are one token behind this: a step can tell.
    var joinsBytes = false
    for (index, step) in steps.enumerated() {
      switch step {
      case .fuse:
        ofSequence = Array(steps[(index + 1)...])
        return
      case .byteFallback: joinsBytes = true
      case .none, .byteLevel, .wordPiece, .metaspace, .strip, .replace:
        if joinsBytes {
          beList(steps)
          return
        }
      case .bpe, .ctc, .sequence, .sentencePiece:
        beList(steps)
        return
      }
      ofTokens.append(step)
      if case .byteLevel = step {
        ofSequence = Array(steps[(index + 1)...])
        return
      }
    }
  }

  private mutating func beList(_ steps: [Detokenizer]) {
    ofTokens = []
    ofSequence = steps
    joins = false
  }

  /// Whether a token that stands first leaves another text than behind others.
  var knowsFirst: Bool {
    ofTokens.contains {
      switch $0 {
      case .none, .wordPiece: true
      case .metaspace(let settings): settings.prependScheme != .never
      default: false
      }
    }
  }
}
