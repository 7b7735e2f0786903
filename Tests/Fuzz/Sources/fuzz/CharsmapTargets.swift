import Tokenization

enum CharsmapTargets {
  /// A precompiled charsmap, as it stands in a file.
  static func precompiled(_ input: Fuzz.Input) {
    guard let charsmap = try? Charsmap(precompiled: Array(input)) else { return }
    use(charsmap)
  }

  /// Rules as a table of code points.
  static func rules(_ input: Fuzz.Input) {
    guard let charsmap = try? Charsmap(rules: Array(input)) else { return }
    let again = try? Charsmap(precompiled: charsmap.precompiled)
    precondition(again?.precompiled == charsmap.precompiled, "what was built cannot be read")
    use(charsmap)
  }

  private static func use(_ charsmap: Charsmap) {
    for normalization in [
      SentencePieceNormalization(.charsmap(charsmap)), .rulesOnly(.charsmap(charsmap)),
    ] {
      guard let normalizer = try? SentencePieceNormalizer(normalization) else { continue }
      var output = NormalizedText()
      sampleText.withUnsafeBufferPointer { text in
        guard let base = text.baseAddress else { return }
        _ = normalizer.normalize(base, count: text.count, into: &output, recordingEdits: true)
      }
    }
  }
}
