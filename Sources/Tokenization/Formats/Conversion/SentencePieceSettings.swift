import Primitives

/// The settings of SentencePiece that do to a text what the normalizer and pre-tokenizer of a
/// `tokenizer.json` do.
///
/// They are found by writing the steps of each setting there is and comparing: what is not among these
/// is not SentencePiece's.
struct SentencePieceSettings {
  let name: String
  let rules: Charsmap
  let normalization: SentencePieceNormalization

  init(_ tokenizer: Tokenizer, _ account: ConversionAccount) throws(FormatError) {
    let steps = tokenizer.normalizer.steps
    let known = steps.compactMap { step in
      if case .precompiled(let rules) = step { rules } else { nil }
    }
    guard known.count <= 1 else { throw account.unsupported("two steps of precompiled rules") }
    let rules = known.first ?? Charsmap.identity
    for addsDummyPrefix in [true, false] {
      for removesExtraSpaces in [true, false] {
        var normalization = SentencePieceNormalization(.charsmap(rules))
        normalization.addsDummyPrefix = addsDummyPrefix
        normalization.removesExtraSpaces = removesExtraSpaces
        for name in Self.names where Self.does(tokenizer, normalization, name) {
          (self.name, self.rules, self.normalization) = (name, rules, normalization)
          return
        }
      }
    }
    let cuts = tokenizer.preTokenizer.steps.count
    throw account.unsupported(
      "the normalization \(steps.isEmpty ? "none" : steps.map(\.name).joined(separator: ",")) with "
        + "\(cuts == 1 ? "1 step" : "\(cuts) steps") of cutting")
  }

  private static let names = NamedCharsmap.allCases.map(\.rawValue) + [""]

  private static func does(
    _ tokenizer: Tokenizer, _ normalization: SentencePieceNormalization, _ name: String
  ) -> Bool {
    let steps = tokenizer.normalizer.steps
    let cuts = tokenizer.preTokenizer.steps
    // Blanks are marked by the normalizer, as for Llama 2.
    if cuts.isEmpty || cuts == [HuggingFaceSentencePiece.cut] {
      return !normalization.removesExtraSpaces
        && steps
          == HuggingFaceSentencePiece.steps(normalization, name, trimsEnds: false)
          + HuggingFaceSentencePiece.marking(addsDummyPrefix: normalization.addsDummyPrefix)
    }
    // Or by the pre-tokenizer, as toktrain and the library's own converter write it.
    guard cuts.count == 1, case .metaspace(let metaspace) = cuts[0],
      metaspace.replacement == 0x2581,
      (metaspace.prependScheme != .never) == normalization.addsDummyPrefix
    else { return false }
    return [true, false].contains { trimsEnds in
      steps
        == HuggingFaceSentencePiece.steps(normalization, name, trimsEnds: trimsEnds)
    }
  }
}
