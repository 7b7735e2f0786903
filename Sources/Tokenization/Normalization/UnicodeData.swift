/// By whose character data text is normalized.
public enum UnicodeData: String, Sendable, Hashable, CaseIterable, Codable {
  /// The data of Hugging Face's library, which are those of Unicode 8 and 9: to its normalizers,
  /// younger characters are unassigned. They are the same with every ICU. Steps that the library
  /// does not have go by ICU's data.
  case huggingFace = "huggingface"
  /// The data of the installed ICU; `UnicodeLibrary` names their version.
  case current
}
