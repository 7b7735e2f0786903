/// A change of a pattern's text that makes another engine read it equally; places count scalars.
struct PatternEdit {
  var at: Int
  var removing: Int
  var inserting: String
}

extension SplitPattern {
  /// A text in Hugging Face's dialect that cuts equally, or nil if none is found.
  ///
  /// What Oniguruma would read in another way is rewritten, the rest stays as it is; that both are
  /// the same pattern is then checked on their trees.
  public var huggingFaceText: String? {
    if dialect == .huggingFace { return text }
    if self == NamedPattern.cl100k.pattern {
      // As below, but for the possessive interval, which needs nothing where it ends a branch.
      return #"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}|"#
        + #" ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++\z|\s*[\r\n]|\s+(?!\S)|\s"#
    }
    var parser = PatternParser(self)
    guard let tree = try? parser.parse() else { return nil }
    var scalars = String.UnicodeScalarView()
    var place = 0
    let original = Array(text.unicodeScalars)
    // At one place, what is inserted comes before what is replaced.
    let edits = parser.edits.filter { $0.removing == 0 } + parser.edits.filter { $0.removing > 0 }
    for (_, edit) in edits.enumerated().sorted(by: { ($0.1.at, $0.0) < ($1.1.at, $1.0) }) {
      guard edit.at >= place else { return nil }
      scalars += original[place..<edit.at]
      scalars += edit.inserting.unicodeScalars
      place = edit.at + edit.removing
    }
    scalars += original[place...]
    let rewritten = String(scalars)
    var check = PatternParser(SplitPattern(rewritten))
    guard let other = try? check.parse(), other.plain == tree.plain else { return nil }
    return rewritten
  }

  /// The text as tiktoken's engine reads it equally, or nil if that is not found.
  var tiktokenText: String? {
    if dialect == .tiktoken { return text }
    for pattern in NamedPattern.allCases.compactMap(\.pattern)
    where pattern.dialect == .tiktoken && pattern.huggingFaceText == text {
      return pattern.text
    }
    var parser = PatternParser(self)
    var other = PatternParser(SplitPattern(text, dialect: .tiktoken))
    guard let tree = try? parser.parse(), let otherTree = try? other.parse(),
      tree.plain == otherTree.plain
    else { return nil }
    return text
  }
}

extension PatternNode {
  /// Without groups of one and with one spelling for what keeps to its first way.
  fileprivate var plain: PatternNode {
    switch self {
    case .set, .look: self
    case .sequence(let parts):
      parts.count == 1
        ? parts[0].plain
        : .sequence(
          parts.flatMap { part in
            let part = part.plain
            if case .sequence(let inner) = part { return inner } else { return [part] }
          })
    case .choice(let branches):
      branches.count == 1 ? branches[0].plain : .choice(branches.map(\.plain))
    case .atomic(let body, _): .atomic(body.plain, place: 0)
    case .loop(let body, let least, let most, let lazy, let possessive):
      {
        // A fixed number of times is neither lazy nor greedy.
        let loop = PatternNode.loop(
          body.plain, least: least, most: most, lazy: lazy && least != most, possessive: false)
        return possessive ? .atomic(loop, place: 0) : loop
      }()
    }
  }
}

/// Edits for what the two dialects read differently.
extension CharacterParser {
  /// The edit of one literal, escape or class that stood at `start`, or nil where Oniguruma reads the
  /// same set.
  func edit(from start: Int, reading set: CodePointSet) -> PatternEdit? {
    var other = self
    other.dialect = .huggingFace
    other.at = start
    if let same = try? other.character(), other.at == at, same.set == set { return nil }
    return PatternEdit(
      at: start, removing: at - start, inserting: Self.text(of: set, ignoresCase: ignoresCase))
  }

  /// A class of exactly these members; short for `\w` and `\W` of Rust.
  static func text(of set: CodePointSet, ignoresCase: Bool) -> String {
    var text = "["
    if set == .wordWithJoiners {
      text = wordText
    } else if set == CodePointSet.wordWithJoiners.complement {
      text = "[^" + wordText.dropFirst()
    } else {
      for index in stride(from: 0, to: set.bounds.count, by: 2) {
        text += "\\x{\(String(set.bounds[index], radix: 16))}"
        if set.bounds[index + 1] - set.bounds[index] > 1 {
          text += "-\\x{\(String(set.bounds[index + 1] - 1, radix: 16))}"
        }
      }
      text += "]"
    }
    return ignoresCase ? "(?-i:\(text))" : text
  }

  static let wordText = #"[\w\x{200c}\x{200d}]"#
}
