import Primitives

/// Which part each special token plays in the `transformers` library, and which play none
/// (`SPECIAL_TOKENS_ATTRIBUTES` of its `tokenization_utils_base.py`).
struct SpecialTokenParts {
  /// In the library's order.
  enum Part: Int, CaseIterable {
    case begin, end, unknown, separator, padding, classifier, mask

    /// The member of a file that names the token.
    var key: StaticString {
      switch self {
      case .begin: "bos_token"
      case .end: "eos_token"
      case .unknown: "unk_token"
      case .separator: "sep_token"
      case .padding: "pad_token"
      case .classifier: "cls_token"
      case .mask: "mask_token"
      }
    }

    /// Texts that play the part wherever they are special, by custom of BERT, GPT-2 and SentencePiece.
    fileprivate var customary: [String] {
      switch self {
      case .begin: ["<s>"]
      case .end: ["</s>", "<|endoftext|>"]
      case .unknown: ["[UNK]", "<unk>"]
      case .separator: ["[SEP]", "<sep>"]
      case .padding: ["[PAD]", "<pad>"]
      case .classifier: ["[CLS]", "<cls>"]
      case .mask: ["[MASK]", "<mask>"]
      }
    }
  }

  /// The member for tokens without a part.
  static let othersKey: StaticString = "additional_special_tokens"

  /// By part; `nil` where nobody plays it.
  private var players = [SpecialToken?](repeating: nil, count: Part.allCases.count)
  /// Special tokens without a part, by id.
  private(set) var others: [SpecialToken] = []

  /// - Parameter known: what is known of parts; custom decides on the rest.
  init(_ tokenizer: Tokenizer, known: [(part: Part, text: [UInt8])] = []) {
    let special = tokenizer.specialTokens.filter(\.isSpecial)
    func token(_ text: [UInt8]) -> SpecialToken? { special.first { $0.content == text } }
    for (part, text) in known {
      players[part.rawValue] = token(text) ?? SpecialToken(id: 0, content: text)
    }
    if self[.unknown] == nil, let text = tokenizer.unknownToken {
      players[Part.unknown.rawValue] = token(text) ?? tokenizer.ordinaryUnknown
    }
    for part in Part.allCases where self[part] == nil {
      players[part.rawValue] = part.customary.lazy.compactMap { token(Array($0.utf8)) }.first
    }
    others = special.filter { other in
      !players.contains { $0?.content == other.content }
    }.sorted { $0.id < $1.id }
  }

  /// The token that plays a part.
  subscript(part: Part) -> SpecialToken? { players[part.rawValue] }

  var isEmpty: Bool { others.isEmpty && players.allSatisfy { $0 == nil } }

  /// `<|endoftext|>` plays all of GPT-2's parts that nobody else does.
  mutating func completeAsGPT2() {
    guard
      let end = (others + players.compactMap { $0 }).first(where: {
        $0.content == Array("<|endoftext|>".utf8)
      })
    else { return }
    for part in [Part.begin, .end, .unknown] where self[part] == nil {
      players[part.rawValue] = end
    }
    others.removeAll { $0.content == end.content }
  }

  /// Members of an object: parts and the texts of their tokens.
  ///
  /// - Parameter empty: parts that are written even if nobody plays them.
  func writeTexts(empty: [Part] = [], to file: inout JSONWriter) {
    for part in Part.allCases {
      guard self[part] != nil || empty.contains(part) else { continue }
      file.key(part.key)
      file.stringOrNull(self[part]?.content)
    }
    guard !others.isEmpty else { return }
    file.key(Self.othersKey)
    file.array { list in for token in others { list.string(token.content) } }
  }

  /// Members of an object: parts and their tokens, with flags where they are not the usual ones.
  func writeTokens(to file: inout JSONWriter) {
    for part in Part.allCases {
      guard let token = self[part] else { continue }
      file.key(part.key)
      Self.write(token, to: &file)
    }
    guard !others.isEmpty else { return }
    file.key(Self.othersKey)
    file.array { list in for token in others { Self.write(token, to: &list) } }
  }

  private static func write(_ token: SpecialToken, to file: inout JSONWriter) {
    if token == SpecialToken(id: token.id, content: token.content) {
      file.string(token.content)
    } else {
      // The library makes an `AddedToken` of these members; older ones know no `special`.
      file.object { AddedTokens.writePlacing(of: token, to: &$0) }
    }
  }
}

extension Tokenizer {
  /// Which special tokens play a part in a model's input, as `tokenizer_config.json` names them, such as
  /// `pad_token`, and their ids.
  public var specialTokenRoles: [(name: String, id: TokenID)] {
    let parts = SpecialTokenParts(self)
    return SpecialTokenParts.Part.allCases.compactMap { part in
      guard let token = parts[part], let id = id(of: token.content) else { return nil }
      return ("\(part.key)", id)
    }
  }

  /// The token for what the vocabulary cannot spell.
  fileprivate var unknownToken: [UInt8]? {
    switch model {
    case .bpe(let model): model.characterBase?.unknownToken
    case .unigram(let model): model.unknownID.flatMap { model.vocabulary[$0] }.map(Array.init)
    case .wordLevel(let model): model.unknownToken
    case .wordPiece(let model): model.unknownToken
    }
  }

  /// Programs for BERT ask for that token even if it is none of the special ones.
  fileprivate var ordinaryUnknown: SpecialToken? {
    guard case .wordPiece(let model) = model else { return nil }
    return SpecialToken(id: 0, content: model.unknownToken)
  }
}
