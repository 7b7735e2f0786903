import NativeBridges

/// The Unicode library behind normalization, as files and `--version` name it.
public enum UnicodeLibrary {
  /// Version of ICU, such as "72.1".
  public static var icuVersion: String { String(cString: tt_icu_version()) }

  /// Version of Unicode that ICU normalizes by, such as "15.0".
  public static var unicodeVersion: String { String(cString: tt_icu_unicode_version()) }

  /// The name of a character, such as "LATIN SMALL LETTER A"; where Unicode gives none, one such as
  /// "<control-0009>".
  public static func name(of character: UInt32) -> String {
    // The longest name of Unicode 15 has 88 bytes.
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { name in
      let count = tt_character_name(character, name.baseAddress, Int32(name.count))
      return String(decoding: name.prefix(Int(count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }
}
