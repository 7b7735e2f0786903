import Primitives

/// The normalizers of `tokenizer.json`, as `tokenizers` 0.23 reads and writes them.
public enum HuggingFaceNormalizer {
  /// Reads one normalizer, a JSON object with a `type`.
  ///
  /// - Throws: `FormatError`, naming the field at fault.
  public static func read(_ bytes: [UInt8]) throws(FormatError) -> Normalizer {
    try read(ModelField.root(of: bytes))
  }

  static func read(_ field: ModelField) throws(FormatError) -> Normalizer {
    var normalizer = Normalizer(unicode: .huggingFace)
    try read(field, into: &normalizer.steps)
    return normalizer
  }

  private static func read(
    _ field: ModelField, into steps: inout [Normalizer.Step]
  ) throws(FormatError) {
    let type = try field.type()
    switch type {
    case "NFC": steps.append(.form(.nfc))
    case "NFD": steps.append(.form(.nfd))
    case "NFKC": steps.append(.form(.nfkc))
    case "NFKD": steps.append(.form(.nfkd))
    case "Lowercase": steps.append(.lowercase)
    case "StripAccents": steps.append(.stripAccents)
    case "Nmt": steps.append(.nmt)
    case "ByteLevel": steps.append(.byteLevel)
    case "BertNormalizer", "Bert": steps.append(.bert(try cleaning(field)))
    case "Strip":
      steps.append(
        .strip(
          left: try field.required("strip_left").boolean(),
          right: try field.required("strip_right").boolean()))
    case "Prepend": steps.append(.prepend(try field.required("prepend").string()))
    case "Replace":
      steps.append(
        .replace(try searched(field), replacement: try field.required("content").string()))
    case "Precompiled": steps.append(.precompiled(try charsmap(field)))
    case "Sequence":
      for step in try field.required("normalizers").fields() { try read(step, into: &steps) }
    default: throw .unknownType(field: field.path, found: type, supported: types)
    }
  }

  private static let types = [
    "NFC", "NFD", "NFKC", "NFKD", "Lowercase", "Strip", "StripAccents", "Replace", "Prepend",
    "BertNormalizer", "ByteLevel", "Nmt", "Precompiled", "Sequence",
  ]

  /// No rules at all are an error there, too.
  private static func charsmap(_ field: ModelField) throws(FormatError) -> Charsmap {
    let field = try field.required("precompiled_charsmap")
    guard let bytes = Base64.decode(try field.string()), !bytes.isEmpty else {
      throw field.expected("a charsmap in base 64")
    }
    do throws(CharsmapError) {
      return try Charsmap(precompiled: bytes)
    } catch {
      throw .charsmap(field: field.path, error)
    }
  }

  private static func cleaning(
    _ field: ModelField
  ) throws(FormatError) -> Normalizer.BERTCleaning {
    Normalizer.BERTCleaning(
      cleansText: try field.required("clean_text").boolean(),
      spacesIdeographs: try field.required("handle_chinese_chars").boolean(),
      stripsAccents: try field.optional("strip_accents")?.boolean(),
      lowercases: try field.required("lowercase").boolean())
  }

  /// What a `Replace` looks for, which is a decoder too.
  static func searched(_ field: ModelField) throws(FormatError) -> Normalizer.Searched {
    let pattern = try field.required("pattern")
    if let regex = pattern.optional("Regex") {
      let text = String(decoding: try regex.string(), as: UTF8.self)
      return .pattern(SplitPattern(text, dialect: .huggingFace))
    }
    let text = try pattern.required("String").string()
    // It would match between any two characters.
    if text.isEmpty { throw pattern.unsupported("an empty text to replace") }
    return .text(text)
  }

  /// - Throws: `FormatError.unsupported` for a step that Hugging Face's library does not have.
  public static func check(_ normalizer: Normalizer) throws(FormatError) {
    for step in normalizer.steps {
      switch step {
      case .form(.nfkcCasefold), .caseFolding, .sentencePiece:
        throw .unsupported(feature: "tokenizer.json with the normalization \(step.name)")
      case .replace(.pattern(let pattern), _) where pattern.huggingFaceText == nil:
        throw .unsupported(feature: "tokenizer.json with the pattern \(pattern.text)")
      default: break
      }
    }
  }

  /// Writes a normalizer that `check` lets pass; `null` for none.
  public static func write(_ normalizer: Normalizer, to file: inout JSONWriter) {
    switch normalizer.steps.count {
    case 0: file.null()
    case 1: write(normalizer.steps[0], to: &file)
    default:
      file.object { file in
        file.key("type")
        file.string("Sequence")
        file.key("normalizers")
        file.array { list in
          for step in normalizer.steps { write(step, to: &list) }
        }
      }
    }
  }

  private static func write(_ step: Normalizer.Step, to file: inout JSONWriter) {
    file.object { file in
      file.key("type")
      switch step {
      case .form(let form): file.string(form.rawValue.uppercased())
      case .lowercase: file.string("Lowercase")
      case .caseFolding: file.string("CaseFolding")
      case .stripAccents: file.string("StripAccents")
      case .nmt: file.string("Nmt")
      case .byteLevel: file.string("ByteLevel")
      case .strip(let left, let right):
        file.string("Strip")
        file.key("strip_left")
        file.boolean(left)
        file.key("strip_right")
        file.boolean(right)
      case .prepend(let text):
        file.string("Prepend")
        file.key("prepend")
        file.string(text)
      case .replace(let searched, let replacement):
        file.string("Replace")
        writeReplacement(of: searched, by: replacement, to: &file)
      case .precompiled(let charsmap):
        file.string("Precompiled")
        file.key("precompiled_charsmap")
        file.string(Base64.encode(charsmap.precompiled))
      case .sentencePiece: file.string("SentencePiece")
      case .bert(let cleaning):
        file.string("BertNormalizer")
        write(cleaning, to: &file)
      }
    }
  }

  /// The members of a `Replace` behind its type.
  static func writeReplacement(
    of searched: Normalizer.Searched, by replacement: [UInt8], to file: inout JSONWriter
  ) {
    file.key("pattern")
    file.object { write(searched, to: &$0) }
    file.key("content")
    file.string(replacement)
  }

  private static func write(_ searched: Normalizer.Searched, to file: inout JSONWriter) {
    switch searched {
    case .text(let text):
      file.key("String")
      file.string(text)
    case .pattern(let pattern):
      file.key("Regex")
      file.string(pattern.huggingFaceText ?? pattern.text)
    }
  }

  private static func write(_ cleaning: Normalizer.BERTCleaning, to file: inout JSONWriter) {
    file.key("clean_text")
    file.boolean(cleaning.cleansText)
    file.key("handle_chinese_chars")
    file.boolean(cleaning.spacesIdeographs)
    file.key("strip_accents")
    if let strips = cleaning.stripsAccents { file.boolean(strips) } else { file.null() }
    file.key("lowercase")
    file.boolean(cleaning.lowercases)
  }
}
