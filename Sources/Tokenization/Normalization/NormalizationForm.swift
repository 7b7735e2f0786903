/// The four normalization forms of Unicode Standard Annex 15, and NFKC_Casefold (The Unicode
/// Standard, section 3.13), which also folds case and drops what is ignored by default.
public enum NormalizationForm: String, Sendable, Hashable, CaseIterable, Codable {
  case nfc, nfd, nfkc, nfkd
  case nfkcCasefold = "nfkc-casefold"

  /// Whether the form composes what it has decomposed.
  var composes: Bool { self != .nfd && self != .nfkd }
}
