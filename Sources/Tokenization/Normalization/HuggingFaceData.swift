/// Where the character data of Hugging Face's library differ from Unicode's latest.
///
/// Each rule was compared with the `tokenizers` wheel 0.23.3 on every code point. Ages are
/// 10 × major + minor version.
enum HuggingFaceData {
  /// The forms (crate unicode-normalization-alignments): the last version they know.
  static let normalizationAge: UInt32 = 90

  /// BERT's accents: nonspacing marks of Unicode 8.0 (crate unicode_categories).
  static func isAccent(_ character: UInt32, _ facts: CharacterFacts) -> Bool {
    switch character {
    case 0x1734: true
    case 0x1885, 0x1886, 0xA9BD, 0x1_11C9: false
    default: facts.isNonspacingMark && facts.age <= 80
    }
  }

  /// `StripAccents`: all marks of Unicode 9.0 (crate unicode-normalization-alignments).
  static func isMark(_ character: UInt32, _ facts: CharacterFacts) -> Bool {
    switch character {
    case 0x1CF2, 0x1CF3: true
    case 0x1_11C9: false
    default: facts.isMark && facts.age <= normalizationAge
    }
  }

  /// BERT's control characters: controls, format characters of Unicode 8.0, private use.
  static func isControl(_ facts: CharacterFacts) -> Bool {
    facts.isControl || facts.isPrivateUse || (facts.isFormat && facts.age <= 80)
  }

  /// `Lowercase` is of Unicode 17 (Rust's `char::to_lowercase`): the mappings that ICU may lack.
  static func lower(_ character: UInt32) -> UInt32? {
    switch character {
    case 0x1C89, 0xA7CC, 0xA7CE, 0xA7D2, 0xA7D4, 0xA7DA: character + 1
    case 0xA7CB: 0x264
    case 0xA7DC: 0x19B
    case 0x1_0D50...0x1_0D65: character + 0x20
    case 0x1_6EA0...0x1_6EB8: character + 0x1B
    default: nil
    }
  }
}
