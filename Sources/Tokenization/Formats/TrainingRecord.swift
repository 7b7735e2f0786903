import Primitives

/// What a reader must know of `training.json`, the file that trainers write beside a model: by
/// whose character data the text was normalized, and with which ICU.
public struct TrainingRecord: Sendable, Equatable {
  /// Name of the file in a trained directory.
  public static let fileName = "training.json"

  public var unicode: UnicodeData
  public var icu: UnicodeVersions

  /// - Returns: `nil` for a file of that name that no trainer of ours wrote.
  /// - Throws: `FormatError`, naming the field at fault.
  public init?(reading bytes: [UInt8]) throws(FormatError) {
    let root = try ModelField.root(of: bytes)
    let format = try root.optional("format")?.string() ?? []
    guard format.starts(with: "toktrain/training/".utf8) else { return nil }
    // Before the option was there, text was normalized by the data of ICU.
    unicode = .current
    if let field = try root.required("options").optional("unicode") {
      guard let known = UnicodeData(rawValue: String(decoding: try field.string(), as: UTF8.self))
      else { throw field.expected("huggingface or current") }
      unicode = known
    }
    let versions = try root.required("unicode")
    icu = UnicodeVersions(
      icu: String(decoding: try versions.required("icu").string(), as: UTF8.self),
      unicode: String(decoding: try versions.required("normalization").string(), as: UTF8.self))
  }
}

/// An ICU and the Unicode whose data it has.
public struct UnicodeVersions: Sendable, Equatable, CustomStringConvertible {
  public var icu: String
  public var unicode: String

  public init(icu: String, unicode: String) {
    self.icu = icu
    self.unicode = unicode
  }

  /// Those of this process.
  public static var installed: UnicodeVersions {
    UnicodeVersions(icu: UnicodeLibrary.icuVersion, unicode: UnicodeLibrary.unicodeVersion)
  }

  public var description: String { "ICU \(icu) (Unicode \(unicode))" }
}

/// What should be known of a model although it can be used.
public enum ModelWarning: Sendable, Equatable, CustomStringConvertible {
  /// It was trained with another ICU than the one here.
  case otherICU(trained: UnicodeVersions, installed: UnicodeVersions, unicode: UnicodeData)
  /// The file has members that are not known here; they are passed over, and not written again.
  case unknownFields([String])
  /// Text is cut by custom, since the file does not say how; one beside it does. `name`: that file's.
  case saidElsewhere(name: String)

  public var description: String {
    switch self {
    case .unknownFields(let names):
      let shown = names.prefix(5).joined(separator: ", ") + (names.count > 5 ? ", …" : "")
      return "the file has fields that are not known and were passed over: \(shown)"
    case .saidElsewhere(let name):
      return "the file does not say how text is cut, so that the usual is taken; \(name) beside it "
        + "says it: give that, or the directory"
    case .otherICU(let trained, let installed, let unicode):
      let difference =
        switch unicode {
        case .current: "characters that only one of them knows may be normalized to other text"
        case .huggingFace:
          "its characters are those of Unicode 9, which both should normalize alike"
        }
      return "the model was trained with \(trained), this is \(installed); \(difference)"
    }
  }
}
