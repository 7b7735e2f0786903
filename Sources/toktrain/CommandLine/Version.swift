import Primitives

/// The version of the tool and of what decides its results.
enum Version {
  static let toktrain = "0.1.0"

  static var report: String {
    """
    toktrain \(toktrain)
    ICU \(UnicodeLibrary.icuVersion), Unicode \(UnicodeLibrary.unicodeVersion) (normalization)

    """
  }
}
