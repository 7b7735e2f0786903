import TokenizerComparison

/// Texts, tokens and names that want to be more than text, on a terminal and in a page.
enum ComparisonTarget {
  /// A width, the lengths of tokens up to a zero byte, and a text, which is the name of its models, too.
  static func render(_ input: Fuzz.Input) {
    guard let choice = input.first else { return }
    let lengths = input.dropFirst().prefix { $0 != 0 }
    let text = Array(input.dropFirst(2 + lengths.count))
    let sides = [tokens(lengths, of: text), tokens(lengths.reversed(), of: text)]
    let models = sides.indices.map { _ in
      ComparedModel(
        name: text, family: "BPE", tokenCount: 300, vocabularyFingerprint: "", unknownID: 7)
    }
    let comparison = TextComparison(
      text, models: models, results: sides.map { TokenizedText(tokens: $0, comesBack: true) })
    let style = TerminalStyle(width: 50 + Int(choice & 127), hasColor: choice & 128 != 0)
    let view = TerminalTextComparison(
      comparison, style: style, listing: .init(ids: true, offsets: true, bytes: true))
    for line in view.lines { check(line, allowsColors: style.hasColor) }
    for line in TextComparisonTable(comparison).lines { check(line, allowsColors: false) }
    let sample = ComparisonSample(
      file: 0, number: 1, text: text, byteCount: text.count, tokenCounts: sides.map(\.count),
      tokens: sides)
    let group = TextGroup(
      name: text, documents: 1, bytes: text.count, characters: 0, words: 0,
      tokens: sides.map(\.count), bytesPerToken: [1, nil], tokensPerWord: [nil, 1],
      parity: [nil, nil])
    let page = ReportPage(
      ComparisonReport(
        models: models, corpus: ComparedCorpus(), languages: [group, group], files: [group, group],
        samples: [sample]))
    let bytes = page.bytes
    precondition(bytes.count < ReportPage.sizeLimit)
    check(String(decoding: bytes, as: UTF8.self), allowsColors: false)
    let open = bytes.count { $0 == UInt8(ascii: "<") }
    precondition(bytes.count { $0 == UInt8(ascii: ">") } == open, "a bare sign of a tag")
  }

  private static func tokens(
    _ lengths: some Sequence<UInt8>, of text: [UInt8]
  ) -> [SampleToken] {
    var start = 0
    return lengths.map { length in
      let end = min(text.count, start + Int(length & 15))
      defer { if length & 16 == 0 { start = end } }
      return SampleToken(
        id: UInt32(length), bytes: Array(text[start..<end]), start: start, end: end)
    }
  }

  /// Nothing but visible characters, tabs and line ends, and the colors of a terminal.
  private static func check(_ text: String, allowsColors: Bool) {
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control:
        precondition(scalar == "\n" || scalar == "\t" || allowsColors && scalar == "\u{1B}")
      case .format, .privateUse, .surrogate, .lineSeparator, .paragraphSeparator:
        preconditionFailure("\(scalar.value) gets through")
      default: break
      }
    }
  }
}
