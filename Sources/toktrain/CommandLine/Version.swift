import Primitives
import Tokenization

/// The version of the tool and of what decides its results.
enum Version {
  static var report: String {
    """
    toktrain \(ToolkitVersion.current)
    ICU \(UnicodeLibrary.icuVersion), Unicode \(UnicodeLibrary.unicodeVersion) (normalization)
    Unicode \(UnicodeClasses.version) (patterns)

    """
  }
}
