import NativeBridges

/// A step that looks at one character at a time: what becomes of a character depends on no other,
/// but for the order of marks that stay.
struct CharacterMap: Hashable, Sendable {
  /// What is done to a character, in this order.
  struct Rules: OptionSet, Hashable, Sendable {
    let rawValue: UInt8

    /// White space becomes U+0020; controls, format characters, private use, U+FFFD go.
    static let clean = Rules(rawValue: 1)
    /// The rules of `Nmt`: some white space becomes U+0020, some controls go.
    static let nmt = Rules(rawValue: 2)
    /// Ideographs get a blank on each side.
    static let spaceIdeographs = Rules(rawValue: 4)
    /// Canonical decomposition without its nonspacing marks.
    static let stripAccents = Rules(rawValue: 8)
    /// All marks go, without any decomposition.
    static let stripMarks = Rules(rawValue: 16)
    /// Full lower case.
    static let lower = Rules(rawValue: 32)
    /// Full case folding.
    static let fold = Rules(rawValue: 64)
  }

  let rules: Rules
  let unicode: UnicodeData

  /// The facts by which the rules judge a character.
  var askedFacts: UInt32 {
    var asked = 0
    if !rules.isDisjoint(with: [.clean, .stripAccents, .stripMarks]) { asked |= TT_ASK_CATEGORY }
    if rules.contains(.stripAccents) { asked |= TT_ASK_DECOMPOSITION }
    if rules.contains(.lower) { asked |= TT_ASK_LOWER }
    if rules.contains(.fold) { asked |= TT_ASK_FOLD }
    return UInt32(asked)
  }

  /// A character as it stands when the marks behind it are brought into order.
  func decomposed(_ character: UInt32, _ facts: CharacterFacts) -> [UInt32] {
    if rules.contains(.clean) {
      if isDropped(character, facts) { return [] }
      if facts.isWhiteSpace { return [0x20] }
    }
    if rules.contains(.nmt), let result = Self.nmt(character) { return result }
    var result = [character]
    if rules.contains(.stripAccents), facts.decomposes, !isOpaque(facts) {
      result = Self.canonicalDecomposition(character)
    }
    if rules.contains(.spaceIdeographs), Self.isIdeograph(character) {
      result = [0x20] + result + [0x20]
    }
    return result
  }

  /// What is left of a character that `decomposed` gave.
  func reduced(_ character: UInt32, _ facts: CharacterFacts) -> [UInt32] {
    if rules.contains(.stripAccents), isAccent(character, facts) { return [] }
    if rules.contains(.stripMarks), isMark(character, facts) { return [] }
    if rules.contains(.lower) {
      if unicode == .huggingFace, let lower = HuggingFaceData.lower(character) { return [lower] }
      if facts.lowers { return Self.characters { tt_character_lower(character, $0) } }
    }
    if rules.contains(.fold), facts.mayFold {
      return Self.characters { tt_character_fold(character, $0) }
    }
    return [character]
  }

  /// Whether no rule touches a character and no mark can pass it.
  func isPlain(_ character: UInt32, _ facts: CharacterFacts) -> Bool {
    if rules.contains(.clean), facts.isWhiteSpace || isDropped(character, facts) {
      return character == 0x20
    }
    if rules.contains(.nmt), Self.nmt(character) != nil { return false }
    if rules.contains(.spaceIdeographs), Self.isIdeograph(character) { return false }
    if rules.contains(.stripAccents),
      facts.decomposes || facts.combiningClass != 0 || isAccent(character, facts)
    {
      return false
    }
    if rules.contains(.stripMarks), isMark(character, facts) { return false }
    if rules.contains(.lower), facts.lowers || HuggingFaceData.lower(character) != nil {
      return false
    }
    return !(rules.contains(.fold) && facts.mayFold)
  }

  /// The combining class by which marks are ordered; 0 if this step orders none.
  func combiningClass(_ facts: CharacterFacts) -> UInt8 {
    rules.contains(.stripAccents) && !isOpaque(facts) ? facts.combiningClass : 0
  }

  /// What BERT's normalizer calls Chinese (bert.rs, `is_chinese_char`).
  static func isIdeograph(_ character: UInt32) -> Bool {
    switch character {
    case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x2_0000...0x2_A6DF,
      0x2_A700...0x2_B81F, 0x2_B920...0x2_CEAF, 0x2_F800...0x2_FA1F:
      true
    default: false
    }
  }

  private func isOpaque(_ facts: CharacterFacts) -> Bool {
    unicode == .huggingFace && facts.age > HuggingFaceData.normalizationAge
  }

  private func isAccent(_ character: UInt32, _ facts: CharacterFacts) -> Bool {
    unicode == .huggingFace
      ? HuggingFaceData.isAccent(character, facts) : facts.isNonspacingMark
  }

  private func isMark(_ character: UInt32, _ facts: CharacterFacts) -> Bool {
    unicode == .huggingFace ? HuggingFaceData.isMark(character, facts) : facts.isMark
  }

  /// bert.rs, `do_clean_text`: tab and line ends are white space there, other controls are not.
  private func isDropped(_ character: UInt32, _ facts: CharacterFacts) -> Bool {
    switch character {
    case 0x09, 0x0A, 0x0D: false
    case 0xFFFD: true
    default:
      unicode == .huggingFace
        ? HuggingFaceData.isControl(facts)
        : facts.isControl || facts.isFormat || facts.isPrivateUse
    }
  }

  /// unicode.rs, `do_nmt`; nil for a character that stays.
  private static func nmt(_ character: UInt32) -> [UInt32]? {
    switch character {
    case 0x01...0x08, 0x0B, 0x0E...0x1F, 0x7F, 0x8F, 0x9F: []
    case 0x09, 0x0A, 0x0C, 0x0D, 0x1680, 0x200B...0x200F, 0x2028, 0x2029, 0x2581, 0xFEFF, 0xFFFD:
      [0x20]
    default: nil
    }
  }

  private static func canonicalDecomposition(_ character: UInt32) -> [UInt32] {
    guard let nfd = tt_normalizer_for(TT_FORM_NFD, false) else { return [character] }
    return [UInt32](unsafeUninitializedCapacity: Int(TT_DECOMPOSITION_CAPACITY)) { parts, count in
      count = Int(tt_normalizer_decompose(nfd, character, parts.baseAddress))
    }
  }

  private static func characters(
    _ write: (UnsafeMutablePointer<UInt32>?) -> Int32
  ) -> [UInt32] {
    [UInt32](unsafeUninitializedCapacity: Int(TT_CASE_CAPACITY)) { characters, count in
      count = Int(write(characters.baseAddress))
    }
  }
}
