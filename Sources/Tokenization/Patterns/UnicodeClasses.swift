/// The pinned Unicode character classes that patterns are compiled against.
public enum UnicodeClasses {
  /// Version of the generated tables, whatever the installed ICU says.
  public static let version = "16.0.0"
}
