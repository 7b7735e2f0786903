import Primitives

/// What a rank file does not say: how text is cut, and the special tokens. A small JSON file beside
/// it, whose members are what `tiktoken.Encoding` takes as `pat_str` and `special_tokens`.
public struct RankSidecar: Sendable, Equatable {
  /// The name of a sidecar is that of its rank file with this behind.
  public static let suffix = ".json"
  static let format = "toktrain/ranks/1"

  /// In tiktoken's dialect.
  public var pattern: String
  /// By id.
  public var specialTokens: [SpecialToken]

  public init(pattern: String, specialTokens: [SpecialToken] = []) {
    self.pattern = pattern
    self.specialTokens = specialTokens.sorted { $0.id < $1.id }
  }

  /// A named pattern, and no special tokens.
  public init(_ named: NamedPattern) {
    self.init(pattern: named.pattern?.tiktokenText ?? Self.wholeText)
  }

  /// A pattern that leaves a text as it is.
  static let wholeText = #"[\s\S]+"#

  /// Reads a sidecar.
  ///
  /// - Throws: `FormatError`, naming the field at fault.
  public init(reading bytes: [UInt8]) throws(FormatError) {
    let root = try ModelField.root(of: bytes)
    let format = try root.required("format")
    guard format.value.isString("toktrain/ranks/1") else { throw format.expected(Self.format) }
    let field = try root.required("pattern")
    guard let pattern = String(validating: try field.string(), as: UTF8.self), !pattern.isEmpty
    else { throw field.expected("a pattern") }
    var tokens: [SpecialToken] = []
    if let field = root.optional("special_tokens") {
      for (key, value) in try field.members() {
        let content = key.string ?? []
        guard let id = value.integer else {
          throw .wrongType(field: "\(field.path)[\(quoted(content))]", expected: "an integer")
        }
        if content.isEmpty { throw field.unsupported("a special token without text") }
        tokens.append(SpecialToken(id: try ModelLimits.id(id, of: content), content: content))
      }
    }
    self.init(pattern: pattern, specialTokens: tokens)
  }

  /// The file.
  public var bytes: [UInt8] {
    var writer = JSONWriter(layout: .pretty)
    writer.object { file in
      file.key("format")
      file.string(Self.format)
      file.key("pattern")
      file.string(pattern)
      file.key("special_tokens")
      file.object { list in
        for token in specialTokens {
          list.key(token.content)
          list.integer(token.id)
        }
      }
    }
    return writer.bytes + [0x0A]
  }

  /// tiktoken encodes what the pattern matches, and leaves out what stands between matches.
  var preTokenizer: PreTokenizer {
    let pattern = SplitPattern(pattern, dialect: .tiktoken)
    return pattern.matchesEverywhere
      ? PreTokenizer(pattern)
      : PreTokenizer([.split(.pattern(pattern), .removed, inverts: true)])
  }

  /// Each special token has an id and a text of its own; an id may be that of a token with that text.
  func check(against vocabulary: Vocabulary) throws(FormatError) {
    let greatest = ModelLimits.greatestRank(of: vocabulary.count + specialTokens.count)
    for token in specialTokens {
      guard Int(token.id) <= greatest else {
        throw .idOutOfRange(token: token.content, greatest: greatest)
      }
      if let taken = vocabulary[token.id], !taken.elementsEqual(token.content) {
        throw .duplicateID(id: token.id)
      }
    }
    for (token, next) in zip(specialTokens, specialTokens.dropFirst()) where token.id == next.id {
      throw .duplicateID(id: token.id)
    }
    let contents = specialTokens.map(\.content).sorted { $0.lexicographicallyPrecedes($1) }
    for (content, next) in zip(contents, contents.dropFirst()) where content == next {
      throw .duplicateToken(token: content)
    }
  }
}

extension ModelLimits {
  /// The greatest id in a file of ranks, which may leave gaps: tables are as long as it is great, so
  /// that a small file must not ask for large ones.
  static func greatestRank(of count: Int) -> Int {
    min(greatestID, max(1 << 16, 4 * min(count, greatestID)))
  }
}
