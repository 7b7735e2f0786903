/// Reads what stands for one character in a pattern: a literal, an escape or a class.
///
/// The rules for Oniguruma are those of its own syntax (regparse.c, fetch_token and fetch_token_cc),
/// as the `tokenizers` library uses it; those for Rust are fancy-regex's (parse.rs, parse_escape).
struct CharacterParser {
  let text: [UInt32]
  var dialect: PatternDialect
  /// Place of the next scalar.
  var at = 0
  var ignoresCase = false

  struct Character {
    var set: CodePointSet
    /// The one character that it stands for, if it is no set by nature.
    var literal: UInt32?
  }

  init(_ pattern: SplitPattern) {
    text = pattern.text.unicodeScalars.map(\.value)
    dialect = pattern.dialect
  }

  func next(is character: Unicode.Scalar, after distance: Int = 0) -> Bool {
    at + distance < text.count && text[at + distance] == character.value
  }

  mutating func take(_ word: StaticString) -> Bool {
    word.withUTF8Buffer { word in
      guard text.count - at >= word.count,
        word.indices.allSatisfy({ text[at + $0] == UInt32(word[$0]) })
      else { return false }
      at += word.count
      return true
    }
  }

  /// The set of one literal, escape or class, closed under case where case is ignored.
  mutating func single() throws(PatternError) -> CodePointSet { try character().set }

  mutating func character() throws(PatternError) -> Character {
    let start = at
    if next(is: "[") { return Character(set: try bracket(isOutermost: true)) }
    var character: Character
    if next(is: "\\") {
      character = try escape(inClass: false)
    } else {
      guard at < text.count else { throw .malformed(offset: at, expected: "a character") }
      character = literal(text[at])
      at += 1
    }
    // Oniguruma folds literals and classes, not properties and shorthands by themselves.
    if ignoresCase, dialect == .tiktoken || character.literal != nil {
      character.set = try folded(character.set, at: start)
    }
    return character
  }

  func literal(_ scalar: UInt32) -> Character {
    Character(set: CodePointSet(scalar), literal: scalar)
  }

  /// All that folds as the set does. In Oniguruma one character can also equal several.
  func folded(_ set: CodePointSet, at start: Int) throws(PatternError) -> CodePointSet {
    let folding = CaseFolding.shared
    if dialect == .huggingFace, !folding.expanding.intersection(set).isEmpty {
      throw .refused(offset: start, construct: "a caseless character that equals several")
    }
    return folding.closure(of: set)
  }

  // MARK: - Escapes

  mutating func escape(inClass: Bool) throws(PatternError) -> Character {
    let start = at
    guard at + 1 < text.count else {
      throw .malformed(offset: at + 1, expected: "the escaped character")
    }
    let scalar = text[at + 1]
    at += 2
    let isOniguruma = dialect == .huggingFace
    switch Unicode.Scalar(scalar) {
    case "n": return literal(0x0A)
    case "r": return literal(0x0D)
    case "t": return literal(0x09)
    case "f": return literal(0x0C)
    case "v": return literal(0x0B)
    case "a": return literal(0x07)
    case "e": return literal(0x1B)
    case "b" where inClass: return literal(0x08)
    case "s": return Character(set: .space)
    case "S": return Character(set: CodePointSet.space.complement)
    case "d": return Character(set: .digit)
    case "D": return Character(set: CodePointSet.digit.complement)
    case "w": return Character(set: word(inClass: inClass))
    case "W": return Character(set: word(inClass: inClass).complement)
    case "h": return Character(set: .hexDigit)
    case "H": return Character(set: CodePointSet.hexDigit.complement)
    case "p", "P": return Character(set: try property(inClass: inClass, start))
    case "x": return try hexadecimal(digits: 2, start)
    case "u": return try hexadecimal(digits: 4, start)
    case "U" where !isOniguruma: return try hexadecimal(digits: 8, start)
    case "N" where !inClass: return Character(set: CodePointSet.lineFeed.complement)
    case "O" where !inClass: return Character(set: .all)
    case "0", "1", "2", "3", "4", "5", "6", "7", "8", "9":
      return try octal(inClass: inClass, start)
    case "c", "C", "M":
      if isOniguruma { throw .refused(offset: start, construct: "a control escape") }
    case "K", "R", "X", "G", "Z", "k", "g", "y", "Y":
      if !inClass, isOniguruma || !"XyY".unicodeScalars.contains(where: { $0.value == scalar }) {
        throw .refused(offset: start, construct: "this escape")
      }
    default: break
    }
    let isLetter = scalar < 128 && (97...122).contains(scalar | 0x20)
    if !isOniguruma, isLetter {
      guard inClass, "kAzBKGR".unicodeScalars.contains(where: { $0.value == scalar }) else {
        throw .malformed(offset: start, expected: "another escape or no backslash")
      }
    }
    if !isOniguruma, !inClass, scalar == 60 || scalar == 62 {
      throw .refused(offset: start, construct: "this escape")
    }
    return literal(scalar)
  }

  /// `\w`: Oniguruma's has superscripts and fractions of Latin 1 outside of classes, Rust's the two
  /// joiners.
  func word(inClass: Bool) -> CodePointSet {
    guard dialect == .huggingFace else { return .wordWithJoiners }
    return inClass ? .word : Self.latinWord
  }

  private static let latinWord = CodePointSet.word.union(
    CodePointSet(scalars: [0xB2, 0xB3, 0xB9, 0xBC, 0xBD, 0xBE]))

  private mutating func octal(inClass: Bool, _ start: Int) throws(PatternError) -> Character {
    let first = text[at - 1]
    guard dialect == .huggingFace, first < 56, inClass || first == 48 else {
      if inClass, dialect == .huggingFace { return literal(first) }
      throw .refused(offset: start, construct: "a back-reference")
    }
    var value = first - 48
    let end = at + 2
    while at < min(end, text.count), (48...55).contains(text[at]) {
      value = value * 8 + text[at] - 48
      at += 1
    }
    return try byte(value, start)
  }

  /// Oniguruma reads numbers of bytes; those of one character's bytes are no use to anyone.
  private func byte(_ value: UInt32, _ start: Int) throws(PatternError) -> Character {
    guard value < 0x80 else {
      throw .refused(offset: start, construct: "a byte that is no character")
    }
    return literal(value)
  }

  private func digit(_ scalar: UInt32) -> UInt32? {
    switch scalar {
    case 48...57: scalar - 48
    case 65...70: scalar - 55
    case 97...102: scalar - 87
    default: nil
    }
  }

  /// `\x41`, `\u0041`, `\x{41}`.
  private mutating func hexadecimal(digits: Int, _ start: Int) throws(PatternError) -> Character {
    let isOniguruma = dialect == .huggingFace
    let isBraced = next(is: "{") && (!isOniguruma || digits == 2)
    if isBraced { at += 1 }
    let first = at
    var value: UInt32 = 0
    while at < text.count, at - first < (isBraced ? 8 : digits), let digit = digit(text[at]) {
      value = value << 4 | digit
      at += 1
    }
    if isBraced {
      guard at > first, take("}") else {
        throw isOniguruma
          ? .refused(offset: start, construct: "several characters in one escape")
          : .malformed(offset: at, expected: "up to eight hexadecimal digits and }")
      }
    } else if isOniguruma, digits == 2 {
      // Fewer digits will do there.
      return try byte(value, start)
    } else if at - first < digits {
      throw .malformed(offset: at, expected: "\(digits) hexadecimal digits")
    }
    guard value < CodePointSet.limit, value & 0x1F_F800 != 0xD800 else {
      throw .malformed(offset: start, expected: "the number of a character")
    }
    return literal(value)
  }
}
