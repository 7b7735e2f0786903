import NativeBridges
import Synchronization

extension NormalizationTable {
  /// What a table is of.
  private enum Rule: Hashable, Sendable {
    case form(NormalizationForm, UnicodeData)
    case map(CharacterMap)
  }

  /// All tables of the process. None is ever thrown away: there are few, and they are small.
  private static let shared = Mutex<[Rule: NormalizationTable]>([:])

  private static func table(
    for rule: Rule, _ make: () throws(TextPreparationError) -> NormalizationTable
  ) throws(TextPreparationError) -> NormalizationTable {
    try shared.withLock { (tables) throws(TextPreparationError) in
      if let table = tables[rule] { return table }
      let table = try make()
      tables[rule] = table
      return table
    }
  }

  /// The table of a form, built when first asked for, in some 1.2 ms.
  ///
  /// - Throws: `.noUnicodeData` if the installed ICU lacks it.
  public static func table(
    for form: NormalizationForm, unicode: UnicodeData = .current
  ) throws(TextPreparationError) -> NormalizationTable {
    try table(for: .form(form, unicode)) { () throws(TextPreparationError) in
      let isOld = unicode == .huggingFace && form != .nfkcCasefold
      guard let icu = tt_normalizer_for(form.bridged, isOld) else { throw .noUnicodeData(form) }
      return NormalizationTable(form, icu)
    }
  }

  /// The table of a map, built when first asked for, in some milliseconds.
  static func table(for map: CharacterMap) throws(TextPreparationError) -> NormalizationTable {
    try table(for: .map(map)) { NormalizationTable(map) }
  }
}

extension NormalizationForm {
  var bridged: tt_normalization_form {
    switch self {
    case .nfc: TT_FORM_NFC
    case .nfd: TT_FORM_NFD
    case .nfkc: TT_FORM_NFKC
    case .nfkd: TT_FORM_NFKD
    case .nfkcCasefold: TT_FORM_NFKC_CASEFOLD
    }
  }
}
