import NativeBridges
import Synchronization

extension NormalizationTable {
  /// All tables of the process. None is ever thrown away: there are few, and they are small.
  private static let shared = Mutex<[Rule: NormalizationTable]>([:])

  /// The table of a rule, built when first asked for, in some milliseconds.
  static func table(for rule: Rule) -> NormalizationTable {
    shared.withLock { tables in
      if let table = tables[rule] { return table }
      let table = NormalizationTable(rule)
      tables[rule] = table
      return table
    }
  }

  /// The table of a form, built when first asked for, in some 1.2 ms.
  public static func table(
    for form: NormalizationForm, unicode: UnicodeData = .current
  ) -> NormalizationTable {
    table(for: .form(form, unicode))
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
