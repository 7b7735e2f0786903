import Primitives

/// The files of older programs, which hold tokens and little else.
extension Conversion {
  /// `vocab.json`, `merges.txt` and `tokenizer_config.json`. Text is cut by GPT-2's pattern where they
  /// are read.
  static func vocabularyAndMerges(
    _ tokenizer: Tokenizer, _ account: inout ConversionAccount
  ) throws(FormatError) -> [File] {
    guard case .bpe(let model) = tokenizer.model, model.base == .bytes else {
      throw account.unsupported("a model that is no byte-level BPE")
    }
    if !tokenizer.normalizer.steps.isEmpty {
      try account.lose(
        "the normalization " + tokenizer.normalizer.steps.map(\.name).joined(separator: ","))
    }
    if !(model.continuingPrefix ?? []).isEmpty || !(model.endOfWordSuffix ?? []).isEmpty {
      throw account.unsupported("prefixes or suffixes of tokens")
    }
    if model.ignoresMerges { try account.lose("words that are tokens whole (ignore_merges)") }
    try loseTemplate(tokenizer.postProcessor, &account)
    guard let prefix = prefixOfGPT2(tokenizer.preTokenizer) else {
      try account.lose("how text is cut: it would be GPT-2's way")
      return files(of: tokenizer, prefix: false)
    }
    return files(of: tokenizer, prefix: prefix)
  }

  private static func files(of tokenizer: Tokenizer, prefix: Bool) -> [File] {
    HuggingFaceDirectory.modelFiles(of: tokenizer) + [
      File(
        name: "tokenizer_config.json",
        bytes: HuggingFaceDirectory.configuration(
          of: tokenizer, prefixOfGPT2: prefix))
    ]
  }

  /// Whether a blank is put first, where text is cut as by GPT-2; `nil`: it is cut otherwise.
  private static func prefixOfGPT2(_ preTokenizer: PreTokenizer) -> Bool? {
    let gpt2 = NamedPattern.gpt2
    switch preTokenizer.steps.count {
    case 1:
      if case .byteLevel(let settings) = preTokenizer.steps[0], settings.usesPattern {
        return settings.addsPrefixSpace
      }
      return isSplit(preTokenizer.steps[0], gpt2) ? false : nil
    case 2:
      guard isSplit(preTokenizer.steps[0], gpt2),
        case .byteLevel(let settings) = preTokenizer.steps[1], !settings.usesPattern,
        !settings.addsPrefixSpace
      else { return nil }
      return false
    default: return nil
    }
  }

  private static func isSplit(_ step: PreTokenizer.Step, _ named: NamedPattern) -> Bool {
    guard case .split(.pattern(let pattern), .isolated, inverts: false) = step else { return false }
    return pattern == named.pattern
      || pattern.dialect == .huggingFace && pattern.text == named.huggingFaceText
  }

  /// `vocab.txt` and `tokenizer_config.json`, as BERT has them.
  static func wordList(
    _ tokenizer: Tokenizer, _ account: inout ConversionAccount
  ) throws(FormatError) -> [File] {
    guard case .wordPiece(let model) = tokenizer.model else {
      throw account.unsupported("a model that is no WordPiece")
    }
    var tokenizer = tokenizer
    try bringToBERT(&tokenizer, model, &account)
    for id in 0..<TokenID(model.vocabulary.count) {
      guard let token = model.vocabulary[id] else { continue }
      if token.contains(UInt8(ascii: "\n")) || token.contains(UInt8(ascii: "\r")) {
        throw account.unsupported("the token \(quoted(token)), which has a line end")
      }
    }
    return HuggingFaceDirectory.modelFiles(of: tokenizer) + [
      File(
        name: "tokenizer_config.json", bytes: HuggingFaceDirectory.configuration(of: tokenizer))
    ]
  }

  /// Whatever is not as in BERT's tokenizers is given up.
  private static func bringToBERT(
    _ tokenizer: inout Tokenizer, _ model: WordPieceModel, _ account: inout ConversionAccount
  ) throws(FormatError) {
    if case .bert(let cleaning) = tokenizer.normalizer.steps.first,
      tokenizer.normalizer.steps.count == 1, cleaning.cleansText
    {
    } else {
      let names = tokenizer.normalizer.steps.map(\.name).joined(separator: ",")
      try account.lose("normalization other than BERT's (\(names.isEmpty ? "none" : names))")
      let lowercases = tokenizer.normalizer.steps.contains(.lowercase)
      tokenizer.normalizer = Normalizer([.bert(Normalizer.BERTCleaning(lowercases: lowercases))])
    }
    if tokenizer.preTokenizer.steps != [.bert] {
      try account.lose("cuts other than BERT's")
      tokenizer.preTokenizer = PreTokenizer([.bert])
    }
    if model.continuingPrefix != Array("##".utf8) {
      try account.lose("the prefix \(quoted(model.continuingPrefix)) of tokens that continue words")
    }
    if model.longestWord != 100 {
      try account.lose("a longest word of \(model.longestWord) characters: it would be 100")
    }
    let outside = tokenizer.specialTokens.filter { token in
      model.vocabulary[token.id].map { !$0.elementsEqual(token.content) } ?? true
    }
    if let first = outside.first {
      try account.lose(
        "\(outside.count) added tokens that the vocabulary does not have, such as "
          + quoted(first.content))
    }
  }

  /// Special tokens around a text are no matter of these files.
  static func loseTemplate(
    _ postProcessor: PostProcessor, _ account: inout ConversionAccount
  ) throws(FormatError) {
    switch postProcessor {
    case .none, .byteLevel: break
    default: try account.lose("the special tokens around a text (post_processor)")
    }
  }
}
