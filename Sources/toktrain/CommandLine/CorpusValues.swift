import TokenizerTraining

extension ValueKind where Value == DocumentBoundary {
  /// `file`, `line` or `separator:TEXT`.
  static var documents: ValueKind {
    ValueKind(
      "WHAT", expected: "file, line or separator:TEXT", choices: ["file", "line", "separator:"]
    ) { word in
      if word.bytes == Array("file".utf8) { return .file }
      if word.bytes == Array("line".utf8) { return .line }
      let prefix = Array("separator:".utf8)
      guard word.bytes.starts(with: prefix), word.bytes.count > prefix.count else { return nil }
      return .separator(Array(word.bytes[prefix.count...]))
    }
  }
}

extension ValueKind where Value == [String] {
  /// Names of nested fields, joined by dots.
  static var jsonField: ValueKind {
    ValueKind("NAME", expected: "the name of a field, or names of nested ones: a.b") { word in
      guard let text = word.text, !text.isEmpty else { return nil }
      let names = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
      return names.contains("") ? nil : names
    }
  }
}
