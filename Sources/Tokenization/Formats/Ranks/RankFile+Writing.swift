/// What of a tokenizer a rank file can say.
extension RankFile {
  /// The ranks and the sidecar of a byte-level BPE tokenizer, with which tiktoken gives its ids.
  ///
  /// A rank file says of a token neither what it is made of nor when: tiktoken joins whatever two
  /// neighbours give a token, the one with the smallest id first, and takes a word that is a token
  /// whole. A tokenizer that does anything else on any text is refused.
  ///
  /// - Throws: `FormatError.unsupported`, naming what cannot be said; `.missingByte`,
  ///   `.duplicateToken`, `.duplicateID`.
  /// - Complexity: as reading.
  public init(of tokenizer: Tokenizer) throws(FormatError) {
    guard case .bpe(let model) = tokenizer.model, model.base == .bytes else {
      throw .unsupported(feature: "in a rank file, a model that is no byte-level BPE")
    }
    let sidecar = RankSidecar(
      pattern: try Self.pattern(of: tokenizer.preTokenizer),
      specialTokens: tokenizer.specialTokens)
    try Self.refuse(around: tokenizer)
    let vocabulary = model.vocabulary
    try self.init(vocabulary, sidecar: sidecar) { first, _ in
      .duplicateToken(token: vocabulary[first].map(Array.init) ?? [])
    }
    try refuseDifferences(from: model)
  }

  private static func refuse(around tokenizer: Tokenizer) throws(FormatError) {
    func refuse(_ isThere: Bool, _ feature: String) throws(FormatError) {
      if isThere { throw .unsupported(feature: "in a rank file, \(feature)") }
    }
    try refuse(
      !tokenizer.normalizer.steps.isEmpty,
      "normalization (\(tokenizer.normalizer.steps.map(\.name).joined(separator: ",")))")
    guard case .byteLevel = tokenizer.detokenizer else {
      throw .unsupported(feature: "in a rank file, a decoder other than that of bytes")
    }
    switch tokenizer.postProcessor {
    case .none, .byteLevel: break
    default: try refuse(true, "a post-processor")
    }
    for token in tokenizer.specialTokens {
      let name = quoted(token.content)
      try refuse(!token.isSpecial, "the added token \(name), which is not special,")
      try refuse(
        token.singleWord || token.stripsLeft || token.stripsRight,
        "a special token with single_word, lstrip or rstrip, as \(name)")
      try refuse(
        String(validating: token.content, as: UTF8.self) == nil,
        "the special token \(name), which is not UTF-8")
    }
  }

  /// tiktoken leaves out what stands between the matches of a pattern.
  private static func pattern(of preTokenizer: PreTokenizer) throws(FormatError) -> String {
    let pattern: SplitPattern
    switch try step(of: preTokenizer) {
    case nil: return RankSidecar.wholeText
    case .split(.pattern(let split), .isolated, _):
      guard split.matchesEverywhere else {
        throw .unsupported(
          feature: "in a rank file, the pattern \(quoted(split.text.utf8)), which may leave text "
            + "between its matches,")
      }
      pattern = split
    case .split(.pattern(let split), .removed, inverts: true): pattern = split
    default: throw .unsupported(feature: "in a rank file, a pre-tokenizer that is no pattern")
    }
    guard let text = pattern.tiktokenText else {
      throw .unsupported(
        feature: "in a rank file, the pattern \(quoted(pattern.text.utf8)), which tiktoken's "
          + "engine reads in another way,")
    }
    return text
  }

  /// The one step that cuts.
  private static func step(
    of preTokenizer: PreTokenizer
  ) throws(FormatError) -> PreTokenizer.Step? {
    var steps = preTokenizer.steps
    if case .byteLevel(let settings) = steps.last {
      if settings.addsPrefixSpace {
        throw .unsupported(feature: "in a rank file, a blank put before a text")
      }
      steps.removeLast()
      if settings.usesPattern, let pattern = NamedPattern.gpt2.pattern {
        steps.append(.split(pattern))
      }
    }
    guard steps.count < 2 else {
      throw .unsupported(feature: "in a rank file, a pre-tokenizer of several steps")
    }
    return steps.first
  }

  /// The merges that text can come to must be those of the ranks, in their order.
  private func refuseDifferences(from model: BPEModel) throws(FormatError) {
    let byteTokens = try Self.byteTokens(of: vocabulary) { .duplicateID(id: $1) }
    let own = RankMerges(vocabulary, byteTokens: byteTokens, among: model.merges)
    if !model.ignoresMerges, let id = own.unmerged.min() { throw isMadeByNone(id) }
    let byID = own.entries.map(\.merge).sorted { $0.result < $1.result }
    // The first token that is made in one way here, in another or none there.
    let index = zip(byID, merges).enumerated().first { $1.0 != $1.1 }?.offset
    if let index = index ?? (byID.count == merges.count ? nil : min(byID.count, merges.count)) {
      if index < merges.count, index == byID.count || merges[index].result < byID[index].result {
        throw isMadeByNone(merges[index].result)
      }
      let merge = byID[index]
      throw .unsupported(
        feature: "in a rank file, the token \(name(of: merge.result)) made of "
          + "\(name(of: merge.left)) and \(name(of: merge.right))")
    }
    let ordered = own.merges
    for (merge, next) in zip(ordered, ordered.dropFirst()) where merge.result > next.result {
      throw .unsupported(
        feature: "in a rank file, making \(name(of: merge.result)) before "
          + "\(name(of: next.result)), which has the smaller id,")
    }
  }

  private func isMadeByNone(_ id: TokenID) -> FormatError {
    .unsupported(feature: "in a rank file, the token \(name(of: id)), which no merge makes,")
  }

  private func name(of id: TokenID) -> String { quoted(vocabulary[id] ?? []) }
}
