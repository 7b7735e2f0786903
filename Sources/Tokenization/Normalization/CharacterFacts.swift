import NativeBridges

/// What ICU knows of a character.
struct CharacterFacts {
  private let word: UInt32

  init(_ word: UInt32) { self.word = word }

  init(of character: UInt32) {
    var word: UInt32 = 0
    tt_character_facts(character, 1, UInt32(TT_ASK_ALL), &word)
    self.word = word
  }

  /// What is known of an ideograph without asking.
  static let none = CharacterFacts(0)
  /// What is known of a Korean syllable.
  static let syllable = CharacterFacts(UInt32(TT_FACT_DECOMPOSES))
  /// What is known of a character of the private use areas.
  static let privateUse = CharacterFacts(UInt32(TT_CATEGORY_PRIVATE_USE))

  private var category: Int { Int(word) & Int(TT_FACT_CATEGORY) }

  var isNonspacingMark: Bool { category == TT_CATEGORY_NONSPACING_MARK }
  var isMark: Bool {
    category >= TT_CATEGORY_NONSPACING_MARK && category <= TT_CATEGORY_SPACING_MARK
  }
  var isControl: Bool { category == TT_CATEGORY_CONTROL }
  var isFormat: Bool { category == TT_CATEGORY_FORMAT }
  var isPrivateUse: Bool { category == TT_CATEGORY_PRIVATE_USE }
  var isWhiteSpace: Bool { Int(word) & Int(TT_FACT_WHITE_SPACE) != 0 }
  /// Its lower case is another character.
  var lowers: Bool { Int(word) & Int(TT_FACT_LOWERS) != 0 }
  /// Its full case folding may be another text.
  var mayFold: Bool { Int(word) & Int(TT_FACT_MAY_FOLD) != 0 }
  /// It has a canonical decomposition.
  var decomposes: Bool { Int(word) & Int(TT_FACT_DECOMPOSES) != 0 }
  /// Canonical combining class.
  var combiningClass: UInt8 { UInt8(truncatingIfNeeded: word >> UInt32(TT_FACT_CLASS_SHIFT)) }
  /// 10 × major + minor version of Unicode that brought it, of marks, format characters and what
  /// decomposes.
  var age: UInt32 { word >> UInt32(TT_FACT_AGE_SHIFT) }
}
