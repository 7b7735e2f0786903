extension Normalizer.Step {
  /// The steps that a word stands for, in the order in which help lists them.
  public static let named: [(name: String, step: Normalizer.Step)] =
    NormalizationForm.allCases.map { ($0.rawValue, .form($0)) } + [
      ("lower", .lowercase),
      ("fold", .caseFolding),
      ("strip-accents", .stripAccents),
      ("strip", .strip(left: true, right: true)),
      ("strip-left", .strip(left: true, right: false)),
      ("strip-right", .strip(left: false, right: true)),
      ("nmt", .nmt),
      ("bert", .bert(Normalizer.BERTCleaning())),
      ("bert-cased", .bert(Normalizer.BERTCleaning(lowercases: false))),
      ("byte-level", .byteLevel),
      ("nmt_nfkc", .sentencePiece(.rulesOnly(.named(.nmtNFKC)))),
      ("nmt_nfkc_cf", .sentencePiece(.rulesOnly(.named(.nmtNFKCFolded)))),
      // `nfkc` by itself is all of NFKC, which rules cannot give.
      ("sp_nfkc", .sentencePiece(.rulesOnly(.named(.nfkc)))),
      ("nfkc_cf", .sentencePiece(.rulesOnly(.named(.nfkcFolded)))),
      ("sentencepiece", .sentencePiece(SentencePieceNormalization())),
    ]

  /// The word for a step; `nil` for one with settings that no word has.
  public var word: String? { Self.named.first { $0.step == self }?.name }

  /// What a person reads: the word, or the step with its settings.
  public var name: String {
    if let word { return word }
    switch self {
    case .replace(.text(let text), let replacement):
      return "replace \(quoted(text)) by \(quoted(replacement))"
    case .replace(.pattern(let pattern), let replacement):
      return "replace matches of \(pattern.text) by \(quoted(replacement))"
    case .prepend(let text): return "prepend \(quoted(text))"
    case .bert(let cleaning): return "bert (\(cleaning.parts))"
    case .sentencePiece: return "sentencepiece with other settings"
    case .precompiled: return "precompiled rules"
    default: return "nothing"
    }
  }
}

extension Normalizer.BERTCleaning {
  /// What is done, in order.
  fileprivate var parts: String {
    var parts: [String] = []
    if cleansText { parts.append("clean text") }
    if spacesIdeographs { parts.append("blanks around ideographs") }
    if stripsAccents ?? lowercases { parts.append("strip accents") }
    if lowercases { parts.append("lower") }
    return parts.isEmpty ? "nothing" : parts.joined(separator: ", ")
  }
}

extension Normalizer {
  /// The words of all steps, joined by commas, or `none`; `nil` if a step has none.
  public var words: String? {
    let words = steps.compactMap(\.word)
    guard words.count == steps.count else { return nil }
    return words.isEmpty ? "none" : words.joined(separator: ",")
  }
}
