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
  /// Tokens that are named as special, without repeats; their ids are those of the vocabulary. `nil`:
  /// no file names any.
  private var named: [SpecialToken]?
  /// Tokens with ids of their own, by id.
  private var addedTokens: [SpecialToken] = []

  /// Nothing is known.
  public init() {}

  /// Reads the files; `nil` for one that is not there. What stands in `tokenizer_config.json` holds.
  ///
  /// - Throws: `FormatError`, naming the field at fault.
  public init(
    configuration: [UInt8]?, specialTokensMap: [UInt8]? = nil, addedTokens: [UInt8]? = nil
  ) throws(FormatError) {
    if let specialTokensMap { try readParts(ModelField.root(of: specialTokensMap)) }
    if let configuration { try readConfiguration(ModelField.root(of: configuration)) }
    // `added_tokens_decoder` of a configuration has them with their flags.
    if let addedTokens, self.addedTokens.isEmpty {
      try readAdded(ModelField.root(of: addedTokens))
    }
  }

  /// Tokens that are special, without repeats, and whose ids the vocabulary knows.
  ///
  /// - Parameter custom: texts that are special where no file names any.
  func tokensWithoutID(custom: [[UInt8]]) -> [SpecialToken] {
    let added = Set(addedTokens.map(\.content))
    return (named ?? custom.map { SpecialToken(id: 0, content: $0) }).filter {
      !added.contains($0.content)
    }
  }

  /// Special and added tokens of a vocabulary, by id.
  ///
  /// - Parameters:
  ///   - tokens: those of `tokensWithoutID`.
  ///   - ids: what the vocabulary has for each; `nil`: it is a name without a token.
  func tokens(
    _ tokens: [SpecialToken], ids: [TokenID?]
  ) throws(FormatError) -> [SpecialToken] {
    var all = addedTokens
    for (token, id) in zip(tokens, ids) {
      guard let id else { continue }
      var token = token
      token.id = id
      all.append(token)
    }
    return try AddedTokens.sorted(all)
  }

  private mutating func readConfiguration(_ root: ModelField) throws(FormatError) {
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

  private mutating func readParts(_ root: ModelField) throws(FormatError) {
    var tokens: [SpecialToken] = []
    for part in SpecialTokenParts.Part.allCases {
      guard let field = root.optional(part.key) else { continue }
      let token = try Self.token(field)
      if part == .unknown { unknownToken = token.content }
      tokens.append(token)
    }
    if let more = root.optional(SpecialTokenParts.othersKey) {
      for field in try more.fields() { tokens.append(try Self.token(field)) }
    }
    var all = named ?? []
    var known = Set(all.map(\.content))
    all += tokens.filter { !$0.content.isEmpty && known.insert($0.content).inserted }
    if !all.isEmpty { named = all }
  }

  /// A token is a text, or an object with its text and flags.
  private static func token(_ field: ModelField) throws(FormatError) -> SpecialToken {
    if let text = field.value.string { return SpecialToken(id: 0, content: text) }
    var token = try AddedTokens.token(field, id: 0, field.required("content").string())
    token.isSpecial = true
    return token
  }

  /// `added_tokens.json`: texts and their ids.
  private mutating func readAdded(_ root: ModelField) throws(FormatError) {
    let special = Dictionary(uniqueKeysWithValues: (named ?? []).map { ($0.content, $0) })
    for (key, value) in try root.members() {
      let content = key.string ?? []
      guard let number = value.integer else {
        throw .wrongType(field: quoted(content), expected: "an integer")
      }
      var token =
        special[content]
        ?? SpecialToken(id: 0, content: content, isSpecial: false, normalized: true)
      token.id = try ModelLimits.id(number, of: content)
      addedTokens.append(token)
    }
  }

  /// `added_tokens_decoder` of `tokenizer_config.json`: ids as texts, and tokens with their flags.
  private mutating func readDecoder(_ root: ModelField) throws(FormatError) {
    guard let decoder = root.optional("added_tokens_decoder") else { return }
    for (key, value) in try decoder.members() {
      let text = String(decoding: key.string ?? [], as: UTF8.self)
      let entry = ModelField(value: value, path: "\(decoder.path)[\(quoted(key.string ?? []))]")
      guard let number = Int64(text) else { throw entry.expected("named by an id") }
      let content = try entry.required("content").string()
      addedTokens.append(
        try AddedTokens.token(entry, id: ModelLimits.id(number, of: content), content))
    }
  }
}
