import Primitives

/// `pre_tokenizer` of `tokenizer.json`: every step of tokenizers 0.23, sequences flattened.
public enum HuggingFacePreTokenizer {
  private static let types = [
    "BertPreTokenizer", "ByteLevel", "CharDelimiterSplit", "Digits", "FixedLength", "Metaspace",
    "Punctuation", "Sequence", "Split", "UnicodeScripts", "Whitespace", "WhitespaceSplit",
  ]

  /// - Throws: `FormatError.unknownType` for a step that does not exist, naming those that do.
  static func read(_ field: ModelField) throws(FormatError) -> PreTokenizer {
    var preTokenizer = PreTokenizer.none
    try read(field, into: &preTokenizer.steps, depth: 0)
    return preTokenizer
  }

  private static func read(
    _ field: ModelField, into steps: inout [PreTokenizer.Step], depth: Int
  ) throws(FormatError) {
    let type = try field.type()
    switch type {
    case "Sequence":
      guard depth < 16 else { throw field.unsupported("a sequence so deep in others") }
      for step in try field.required("pretokenizers").fields() {
        try read(step, into: &steps, depth: depth + 1)
      }
    case "BertPreTokenizer": steps.append(.bert)
    case "ByteLevel": steps.append(.byteLevel(try byteLevel(field)))
    case "CharDelimiterSplit":
      steps.append(.characterDelimiter(try field.required("delimiter").scalar()))
    case "Digits":
      steps.append(.digits(individually: try field.required("individual_digits").boolean()))
    case "FixedLength":
      let length = try field.optional("length")?.integer() ?? 5
      guard length > 0, length <= Int64(Int32.max) else {
        throw field.expected("a step with a length from 1 to \(Int32.max)")
      }
      steps.append(.fixedLength(Int(length)))
    case "Metaspace": steps.append(.metaspace(try metaspace(field)))
    case "Punctuation":
      steps.append(.punctuation(try field.optional("behavior").map(behavior) ?? .isolated))
    case "Split":
      steps.append(
        .split(
          try delimiter(field.required("pattern")), try behavior(field.required("behavior")),
          inverts: try field.flag("invert", default: false)))
    case "UnicodeScripts": steps.append(.unicodeScripts)
    case "Whitespace": steps.append(.whitespace)
    case "WhitespaceSplit": steps.append(.whitespaceSplit)
    default: throw .unknownType(field: field.path, found: type, supported: types)
    }
  }

  static func byteLevel(_ field: ModelField) throws(FormatError) -> ByteLevelSettings {
    ByteLevelSettings(
      addsPrefixSpace: try field.flag("add_prefix_space", default: true),
      trimsOffsets: try field.flag("trim_offsets", default: true),
      usesPattern: try field.flag("use_regex", default: true))
  }

  /// Files from before 0.19 say `add_prefix_space` instead of a scheme.
  static func metaspace(_ field: ModelField) throws(FormatError) -> MetaspaceSettings {
    var settings = MetaspaceSettings()
    settings.replacement = try field.required("replacement").scalar()
    settings.splits = try field.flag("split", default: true)
    if let scheme = field.optional("prepend_scheme") {
      let name = String(decoding: try scheme.string(), as: UTF8.self)
      guard let known = MetaspaceSettings.PrependScheme(rawValue: name) else {
        throw scheme.expected("one of always, never, first")
      }
      settings.prependScheme = known
    } else if try !field.flag("add_prefix_space", default: true) {
      settings.prependScheme = .never
    }
    return settings
  }

  private static func behavior(_ field: ModelField) throws(FormatError) -> SplitBehavior {
    let name = String(decoding: try field.string(), as: UTF8.self)
    guard let behavior = SplitBehavior(rawValue: name) else {
      throw field.expected(
        "one of " + SplitBehavior.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return behavior
  }

  private static func delimiter(_ field: ModelField) throws(FormatError) -> SplitDelimiter {
    if let regex = field.optional("Regex") {
      return .pattern(SplitPattern(String(decoding: try regex.string(), as: UTF8.self)))
    }
    guard let text = field.optional("String") else {
      throw field.expected("an object with the member Regex or String")
    }
    return .text(try text.string())
  }

  // MARK: - Writing

  /// The same pre-tokenizer with all patterns in Hugging Face's dialect.
  ///
  /// - Throws: `FormatError.unsupported` for a pattern that its engine reads in another way, and for a
  ///   step that its library does not have.
  static func writable(_ preTokenizer: PreTokenizer) throws(FormatError) -> PreTokenizer {
    var result = preTokenizer
    for (index, step) in preTokenizer.steps.enumerated() {
      if case .sentencePiece = step {
        throw .unsupported(feature: "tokenizer.json with the cuts of SentencePiece's trainers")
      }
      guard case .split(.pattern(let pattern), let behavior, let inverts) = step else { continue }
      guard let text = pattern.huggingFaceText else {
        throw .unsupported(feature: "tokenizer.json with the pattern \(pattern.text)")
      }
      result.steps[index] = .split(.pattern(SplitPattern(text)), behavior, inverts: inverts)
    }
    return result
  }

  /// Writes what `writable` returned; of any other, the texts of its patterns whatever their dialect.
  public static func write(_ preTokenizer: PreTokenizer, to file: inout JSONWriter) {
    switch preTokenizer.steps.count {
    case 0: file.null()
    case 1: write(preTokenizer.steps[0], to: &file)
    default:
      file.object { file in
        file.key("type")
        file.string("Sequence")
        file.key("pretokenizers")
        file.array { list in
          for step in preTokenizer.steps { write(step, to: &list) }
        }
      }
    }
  }

  private static func write(_ step: PreTokenizer.Step, to file: inout JSONWriter) {
    if case .byteLevel(let settings) = step { return write(settings, to: &file) }
    if case .metaspace(let settings) = step { return write(settings, to: &file) }
    file.object { file in
      file.key("type")
      switch step {
      case .byteLevel, .metaspace, .sentencePiece: break
      case .split(let delimiter, let behavior, let inverts):
        file.string("Split")
        file.key("pattern")
        file.object { file in
          switch delimiter {
          case .pattern(let pattern):
            file.key("Regex")
            file.string(pattern.text)
          case .text(let text):
            file.key("String")
            file.string(text)
          }
        }
        file.key("behavior")
        file.string(behavior.rawValue)
        file.key("invert")
        file.boolean(inverts)
      case .bert: file.string("BertPreTokenizer")
      case .whitespace: file.string("Whitespace")
      case .whitespaceSplit: file.string("WhitespaceSplit")
      case .punctuation(let behavior):
        file.string("Punctuation")
        file.key("behavior")
        file.string(behavior.rawValue)
      case .digits(let individually):
        file.string("Digits")
        file.key("individual_digits")
        file.boolean(individually)
      case .unicodeScripts: file.string("UnicodeScripts")
      case .characterDelimiter(let character):
        file.string("CharDelimiterSplit")
        file.key("delimiter")
        file.string(scalar: character)
      case .fixedLength(let length):
        file.string("FixedLength")
        file.key("length")
        file.integer(length)
      }
    }
  }

  /// The metaspace step, which is a decoder too.
  static func write(_ settings: MetaspaceSettings, to file: inout JSONWriter) {
    file.object { file in
      file.key("type")
      file.string("Metaspace")
      file.key("replacement")
      file.string(scalar: settings.replacement)
      file.key("prepend_scheme")
      file.string(settings.prependScheme.rawValue)
      file.key("split")
      file.boolean(settings.splits)
    }
  }

  /// The byte-level step, which is a post-processor and a decoder too.
  static func write(_ settings: ByteLevelSettings, to file: inout JSONWriter) {
    file.object { file in
      file.key("type")
      file.string("ByteLevel")
      file.key("add_prefix_space")
      file.boolean(settings.addsPrefixSpace)
      file.key("trim_offsets")
      file.boolean(settings.trimsOffsets)
      file.key("use_regex")
      file.boolean(settings.usesPattern)
    }
  }
}

extension JSONWriter {
  /// A string of one character (Unicode scalar).
  mutating func string(scalar: UInt32) {
    var bytes: [UInt8] = []
    UTF8Decoding.append(scalar, to: &bytes)
    string(bytes)
  }

  mutating func stringOrNull(_ text: [UInt8]?) {
    if let text { string(text) } else { null() }
  }
}
