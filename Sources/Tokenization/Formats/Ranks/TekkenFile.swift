import Primitives

/// `tekken.json` of Mistral: ranks, a pattern of tiktoken's dialect and special tokens, which have the
/// first ids (`tekken.py` of mistral-common 1.13.1; the file's versions v3 to v15).
enum TekkenFile {
  /// Special tokens of files that list none, up to version 7.
  private static let oldTokens = [
    "<unk>", "<s>", "</s>", "[INST]", "[/INST]", "[AVAILABLE_TOOLS]", "[/AVAILABLE_TOOLS]",
    "[TOOL_RESULTS]", "[/TOOL_RESULTS]", "[TOOL_CALLS]", "[IMG]", "<pad>", "[IMG_BREAK]",
    "[IMG_END]", "[PREFIX]", "[MIDDLE]", "[SUFFIX]", "[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]",
    "[TOOL_CONTENT]",
  ]

  /// There are 1000. Those without a text in the file get one, so that a small file must not ask for
  /// many.
  private static let mostSpecialTokens = 1 << 14

  /// Whether a JSON object is such a file.
  static func isTekken(_ root: ModelField) -> Bool {
    root.value["config"]?.members != nil && root.value["vocab"]?.elements != nil
  }

  /// - Throws: `FormatError`, naming the field or token at fault.
  static func read(_ root: ModelField) throws(FormatError) -> Tokenizer {
    let config = try root.required("config")
    let specialCount = try count(
      try config.required("default_num_special_tokens"), upTo: mostSpecialTokens)
    let specialTokens = try specialTokens(
      root.optional("special_tokens"), count: specialCount,
      isOld: try version(try config.required("version")) <= 7)
    let size = try count(try config.required("default_vocab_size"), upTo: ModelLimits.greatestID)
    let vocabulary = try vocabulary(
      try root.required("vocab"), count: size - specialCount, behind: specialCount)
    let pattern = try config.required("pattern").string()
    let sidecar = RankSidecar(
      pattern: String(decoding: pattern, as: UTF8.self), specialTokens: specialTokens)
    return try RankFile(vocabulary, sidecar: sidecar) { first, _ in
      .duplicateToken(token: vocabulary[first].map(Array.init) ?? [])
    }.tokenizer()
  }

  private static func count(_ field: ModelField, upTo most: Int) throws(FormatError) -> Int {
    let count = try field.integer()
    guard count >= 0, count <= Int64(most) else {
      throw field.expected("a number from 0 to \(most)")
    }
    return Int(count)
  }

  private static func version(_ field: ModelField) throws(FormatError) -> Int {
    let text = String(decoding: try field.string(), as: UTF8.self)
    guard text.hasPrefix("v"), let number = Int(text.dropFirst()), number > 0 else {
      throw field.expected("a version such as \"v3\"")
    }
    return number
  }

  /// Special tokens by id, filled up to their number.
  private static func specialTokens(
    _ field: ModelField?, count: Int, isOld: Bool
  ) throws(FormatError) -> [SpecialToken] {
    var texts: [[UInt8]] = []
    if let field {
      for (place, entry) in try field.fields().enumerated() {
        let text = try entry.required("token_str").string()
        if text.isEmpty { throw entry.unsupported("a special token without text") }
        try check(try entry.required("rank"), isAt: place)
        texts.append(text)
      }
    } else if isOld {
      texts = oldTokens.map { Array($0.utf8) }
    } else {
      throw .missing(field: "special_tokens")
    }
    guard texts.count <= count else {
      throw .wrongType(
        field: "config.default_num_special_tokens",
        expected: "at least the number of special tokens, \(texts.count)")
    }
    texts += (texts.count..<count).map { Array("<SPECIAL_\($0)>".utf8) }
    return texts.enumerated().map { SpecialToken(id: TokenID($0), content: $1) }
  }

  private static func check(_ rank: ModelField, isAt place: Int) throws(FormatError) {
    guard try rank.integer() == Int64(place) else {
      throw rank.expected("\(place), its place in the list")
    }
  }

  /// The first `count` tokens of the list; their ids follow those of special tokens.
  private static func vocabulary(
    _ field: ModelField, count: Int, behind first: Int
  ) throws(FormatError) -> Vocabulary {
    guard count >= 0, count <= (try field.elements()).count else {
      throw .wrongType(
        field: "config.default_vocab_size",
        expected: "from the number of special tokens to that of all tokens in the file")
    }
    return try field.value.withView { (view) throws(FormatError) in
      var builder = VocabularyBuilder(tokenCount: first + count, byteCount: 8 * count)
      builder.appendHoles(before: TokenID(first))
      guard var elements = view.elements else { return builder.vocabulary }
      var place = 0
      while place < count, let element = elements.next() {
        try append(element, at: place, to: &builder)
        place += 1
      }
      return builder.vocabulary
    }
  }

  /// A token of the list: its rank is its place there.
  private static func append(
    _ entry: JSONView, at place: Int, to builder: inout VocabularyBuilder
  ) throws(FormatError) {
    func path(_ name: String) -> String { "vocab[\(place)].\(name)" }
    guard let rank = entry["rank"], !rank.isNull else { throw .missing(field: path("rank")) }
    guard rank.integer == Int64(place) else {
      throw .wrongType(field: path("rank"), expected: "\(place), its place in the list")
    }
    guard let value = entry["token_bytes"], !value.isNull else {
      throw .missing(field: path("token_bytes"))
    }
    let isToken = value.string.map { text in
      let room = text.count / 4 * 3
      return builder.append(upTo: room) { target in
        let length = Base64.decode(
          text, into: UnsafeMutableBufferPointer(start: target, count: room))
        guard let length, length > 0 else { return nil }
        return place >= 256 || length == 1 && target[0] == UInt8(place) ? length : nil
      }
    }
    guard isToken ?? false else {
      throw .wrongType(
        field: path("token_bytes"),
        expected: place < 256 ? "the byte \(place) in base64" : "bytes in base64")
    }
  }
}
