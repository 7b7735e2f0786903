/// Why a normalizer or pre-tokenizer cannot be applied to any text.
public enum TextPreparationError: Error, Equatable, CustomStringConvertible {
  /// A pattern is broken or refused.
  case pattern(PatternError)
  /// The rules of a charsmap cannot be had, or a symbol that they leave cannot be one.
  case charsmap(CharsmapError)
  /// The installed ICU lacks its data of a form.
  case noUnicodeData(NormalizationForm)

  public var description: String {
    switch self {
    case .pattern(let error): "\(error)"
    case .charsmap(let error): "\(error)"
    case .noUnicodeData(let form): "the installed ICU has no data of \(form.rawValue); reinstall it"
    }
  }
}
