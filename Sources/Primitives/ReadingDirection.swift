import NativeBridges

/// Which way text is written.
public enum ReadingDirection {
  /// Whether a text has a character that is written from right to left.
  public static func hasRightToLeft(_ text: String) -> Bool {
    text.unicodeScalars.contains { scalar in
      !scalar.isASCII && Int(tt_display_facts(scalar.value)) & Int(TT_DISPLAY_RIGHT_TO_LEFT) != 0
    }
  }
}
