import Primitives

/// What the files of the `transformers` library beside a vocabulary say of it: `tokenizer_config.json`,
/// `special_tokens_map.json` and `added_tokens.json`. Older vocabularies say none of this themselves.
public struct TokenizerConfiguration: Sendable, Equatable {
  /// Whether text is lower-cased (`do_lower_case`).
  public var lowercases: Bool?
  public var stripsAccents: Bool?
  /// Whether ideographs are words of their own (`tokenize_chinese_chars`).
  public var spacesIdeographs: Bool?
  /// Whether a blank stands before a text that has none (`add_prefix_space`).
  public var addsPrefixSpace: Bool?
  public var unknownToken: [UInt8]?
  /// Texts of the tokens that play a part, without repeats; `nil`: no file names any.
  public var specialTokens: [[UInt8]]?
  /// Tokens with ids of their own.
  public var addedTokens: [SpecialToken] = []

  /// Members that name a token and its part.
  private static let parts: [StaticString] = [
    "bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token",
  ]

  /// Nothing is known.
  public init() {}

  /// Reads the files; `nil` for one that is not there. What stands in `tokenizer_config.json` holds.
  ///
  /// - Throws: `FormatError`, naming the field at fault.
  public init(
    configuration: [UInt8]?, specialTokensMap: [UInt8]? = nil, addedTokens: [UInt8]? = nil
  ) throws(FormatError) {
    if let addedTokens { try readAdded(ModelField.root(of: addedTokens)) }
    if let specialTokensMap { try readParts(ModelField.root(of: specialTokensMap)) }
    guard let configuration else { return }
    let root = try ModelField.root(of: configuration)
    lowercases = try root.optional("do_lower_case")?.boolean()
    stripsAccents = try root.optional("strip_accents")?.boolean()
    spacesIdeographs = try root.optional("tokenize_chinese_chars")?.boolean()
    addsPrefixSpace = try root.optional("add_prefix_space")?.boolean()
    try readParts(root)
    try readDecoder(root)
  }

  /// BERT's cleaning as far as it is said.
  ///
  /// - Parameter lowercases: what holds where nothing is.
  func cleaning(lowercases standard: Bool) -> Normalizer.BERTCleaning {
    Normalizer.BERTCleaning(
      spacesIdeographs: spacesIdeographs ?? true, stripsAccents: stripsAccents,
      lowercases: lowercases ?? standard)
  }

  /// A token is a text, or an object with its text and flags.
  private mutating func readParts(_ root: ModelField) throws(FormatError) {
    var tokens = specialTokens ?? []
    var fields: [ModelField] = []
    for part in Self.parts {
      guard let field = root.optional(part) else { continue }
      let content = try Self.content(of: field)
      if "\(part)" == "unk_token" { unknownToken = content }
      fields.append(field)
    }
    if let more = root.optional("additional_special_tokens") { fields += try more.fields() }
    for field in fields {
      let content = try Self.content(of: field)
      if !content.isEmpty, !tokens.contains(content) { tokens.append(content) }
    }
    if !tokens.isEmpty { specialTokens = tokens }
  }

  private static func content(of field: ModelField) throws(FormatError) -> [UInt8] {
    if let text = field.value.string { return text }
    return try field.required("content").string()
  }

  /// `added_tokens.json`: texts and their ids.
  private mutating func readAdded(_ root: ModelField) throws(FormatError) {
    for (key, value) in try root.members() {
      let content = key.string ?? []
      guard let number = value.integer else {
        throw .wrongType(field: quoted(content), expected: "an integer")
      }
      addedTokens.append(
        SpecialToken(
          id: try ModelLimits.id(number, of: content), content: content, isSpecial: false))
    }
  }

  /// `added_tokens_decoder` of `tokenizer_config.json`: ids as texts, and tokens with their flags.
  private mutating func readDecoder(_ root: ModelField) throws(FormatError) {
    guard let decoder = root.optional("added_tokens_decoder") else { return }
    addedTokens = []
    for (key, value) in try decoder.members() {
      let text = String(decoding: key.string ?? [], as: UTF8.self)
      let entry = ModelField(value: value, path: "\(decoder.path)[\(quoted(key.string ?? []))]")
      guard let number = Int64(text) else { throw entry.expected("named by an id") }
      let content = try entry.required("content").string()
      addedTokens.append(
        try AddedTokens.token(entry, id: ModelLimits.id(number, of: content), content))
    }
    addedTokens.sort { $0.id < $1.id }
  }
}
