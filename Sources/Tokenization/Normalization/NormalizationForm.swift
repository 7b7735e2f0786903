/// The four normalization forms of Unicode Standard Annex 15.
public enum NormalizationForm: String, Sendable, Equatable, Hashable, CaseIterable {
  case nfc, nfd, nfkc, nfkd

  /// Whether the form composes what it has decomposed.
  var composes: Bool { self == .nfc || self == .nfkc }
}
