import NativeBridges

/// The Unicode library behind normalization, as files and `--version` name it.
public enum UnicodeLibrary {
  /// Version of ICU, such as "72.1".
  public static var icuVersion: String { String(cString: tt_icu_version()) }

  /// Version of Unicode that ICU normalizes by, such as "15.0".
  public static var unicodeVersion: String { String(cString: tt_icu_unicode_version()) }
}
