/// What all normalized text has in common: a last step that does nothing to what it has made.
///
/// A normalization form changes no part of a text in that form (UAX #15, section 3), and a step that
/// maps single characters changes nothing that it made if it changes none of its characters again. So
/// a token that such a step changes stands in no normalized text.
struct FixedText {
  private let step: CompiledNormalizer

  /// `nil` where the last step is none of these, or the pre-tokenizer spells the text anew.
  init?(_ tokenizer: Tokenizer) {
    let normalizer = tokenizer.normalizer
    for step in tokenizer.preTokenizer.steps {
      switch step {
      case .byteLevel: guard tokenizer.model.holdsBytes else { return nil }
      // The usual mark is changed by no step, and no mark is composed with it.
      case .metaspace(let settings): guard settings.replacement == 0x2581 else { return nil }
      default: break
      }
    }
    let step: Normalizer.Step
    switch normalizer.steps.last {
    case .form(.nfkcCasefold): return nil
    case .form(let form): step = .form(form)
    case .lowercase: step = .lowercase
    case .stripAccents: step = .stripAccents
    case .bert(let cleaning) where cleaning.lowercases: step = .lowercase
    default: return nil
    }
    guard let compiled = try? CompiledNormalizer(Normalizer([step], unicode: normalizer.unicode))
    else { return nil }
    self.step = compiled
  }

  /// Whether a token stands in no normalized text. Parts of characters at its ends are not looked at.
  func changes(_ token: ArraySlice<UInt8>) -> Bool {
    let text = Array(WholeCharacters.inside(token))
    guard !WholeCharacters.scalars(of: text[...]).isEmpty else { return false }
    return (try? step.normalize(text)).map { $0 != text } ?? false
  }
}
