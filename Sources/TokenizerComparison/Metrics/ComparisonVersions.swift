import Primitives
import Tokenization

/// What decides the numbers of a report besides models, text and options.
public struct ComparisonVersions: Sendable, Equatable, Codable {
  public var toolkit: String
  /// Of the words.
  public var icu: String
  public var icuUnicode: String
  /// Of the classes that patterns cut by.
  public var patternUnicode: String

  public init(toolkit: String, icu: String, icuUnicode: String, patternUnicode: String) {
    self.toolkit = toolkit
    self.icu = icu
    self.icuUnicode = icuUnicode
    self.patternUnicode = patternUnicode
  }

  /// Those of this process.
  public static var installed: ComparisonVersions {
    ComparisonVersions(
      toolkit: ToolkitVersion.current, icu: UnicodeLibrary.icuVersion,
      icuUnicode: UnicodeLibrary.unicodeVersion, patternUnicode: "\(UnicodeClasses.version)")
  }
}
