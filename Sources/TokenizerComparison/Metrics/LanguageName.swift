/// What language a file is written in, by its name.
enum LanguageName {
  /// Endings that tell the form of a file or its part of a data set, not its language.
  private static let otherEndings: Set<String> = [
    "gz", "zst", "txt", "text", "jsonl", "ndjson", "json", "csv", "tsv", "md", "raw", "tok",
    "train",
    "dev", "devtest", "valid", "test", "src", "ref",
  ]

  /// Without folder and endings that tell a form: the part behind the last dot if it looks like a
  /// code, such as `de` of `news.de.txt`, `zho_Hans` of `zho_Hans.dev` or `pt-BR`; otherwise all
  /// that is left, such as `english` of `english.txt`.
  static func of(file path: [UInt8]) -> [UInt8] {
    let name = path.split(separator: UInt8(ascii: "/")).last ?? []
    var parts = name.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    while parts.count > 1, let ending = parts.last,
      otherEndings.contains(String(decoding: ending, as: UTF8.self))
    {
      parts.removeLast()
    }
    if parts.count > 1, let last = parts.last, isCode(last) { return Array(last) }
    return Array(parts.joined(separator: [UInt8(ascii: ".")]))
  }

  /// Two or three small letters, then, if anything, a script or a region behind a dash.
  private static func isCode(_ part: ArraySlice<UInt8>) -> Bool {
    let letters = part.prefix { (0x61...0x7A).contains($0) }
    guard letters.count == 2 || letters.count == 3 else { return false }
    let rest = part.dropFirst(letters.count)
    guard let dash = rest.first else { return true }
    let tail = rest.dropFirst()
    return (dash == UInt8(ascii: "-") || dash == UInt8(ascii: "_")) && (2...8).contains(tail.count)
      && tail.allSatisfy { (0x41...0x5A).contains($0 & 0xDF) || (0x30...0x39).contains($0) }
  }

  /// Whether a language is English, by its name or its code.
  static func isEnglish(_ language: [UInt8]) -> Bool {
    let name = String(decoding: language, as: UTF8.self).lowercased()
    return ["en", "eng", "english"].contains(name)
      || ["en-", "en_", "eng-", "eng_"].contains { name.hasPrefix($0) }
  }
}
