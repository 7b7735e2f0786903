/// What was counted of each language.
struct LanguageTallies {
  /// Ascending by their bytes.
  private let names: [[UInt8]]
  /// In the same order.
  let tallies: [Tally]
  /// English if it is there, otherwise that of the first file.
  private let reference: Int

  init(_ files: [ComparedFile], _ fileTallies: [Tally]) {
    var tallies: [[UInt8]: Tally] = [:]
    for (file, tally) in zip(files, fileTallies) {
      tallies[file.language, default: tally.zero].add(tally)
    }
    names = Self.names(of: files)
    self.tallies = names.compactMap { tallies[$0] }
    let names = names
    reference =
      names.firstIndex(where: LanguageName.isEnglish)
      ?? names.firstIndex { $0 == files.first?.language } ?? 0
  }

  /// The languages of files, each once, ascending by their bytes.
  static func names(of files: [ComparedFile]) -> [[UInt8]] {
    Set(files.map(\.language)).sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// - Throws: `ComparisonError.oneLanguage`, `.unparallel`.
  func checkParallel() throws(ComparisonError) {
    guard names.count > 1 else { throw .oneLanguage }
    let expected = tallies[reference][.documents]
    for (name, tally) in zip(names, tallies) where tally[.documents] != expected {
      throw .unparallel(
        language: name, documents: tally[.documents], reference: names[reference],
        expected: expected)
    }
  }

  /// For the report: none unless there are two or more.
  func groups(isParallel: Bool, modelCount: Int) -> [TextGroup] {
    guard names.count > 1 else { return [] }
    let parities = (0..<modelCount).map {
      LanguageCosts(tallies, model: $0, isParallel: isParallel).parity(to: reference)
    }
    return names.indices.map { place in
      var group = TextGroup(names[place], tallies[place], modelCount: modelCount)
      group.parity = parities.map { $0[place] }
      group.isReference = place == reference
      return group
    }
  }
}

extension TextGroup {
  /// Without parity.
  init(_ name: [UInt8], _ tally: Tally, modelCount: Int) {
    let models = 0..<modelCount
    self.init(
      name: name, documents: tally[.documents], bytes: tally[.bytes],
      characters: tally[.characters], words: tally[.words],
      tokens: models.map { tally[.tokens, of: $0] },
      bytesPerToken: models.map { tally.value(of: .bytesPerToken, model: $0) },
      tokensPerWord: models.map { tally.value(of: .tokensPerWord, model: $0) },
      parity: models.map { _ in nil })
  }
}
