import Primitives

/// The files of older programs, which hold tokens and little else.
extension Conversion {
  /// `vocab.json`, `merges.txt`, and what stands beside them. Text is cut by GPT-2's pattern where they
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
    if case .byteLevel = tokenizer.detokenizer {
    } else {
      try account.lose("a decoder other than that of bytes")
    }
    try checkAddedTokens(tokenizer, &account)
    let prefix = prefixOfGPT2(tokenizer.preTokenizer)
    if prefix == nil { try account.lose("how text is cut: it would be GPT-2's way") }
    return HuggingFaceDirectory.modelFiles(of: tokenizer)
      + ConfigurationFiles(of: tokenizer, prefixOfGPT2: prefix ?? false).besideVocabulary
  }

  /// Older programs count the tokens of a vocabulary, and take added ones if their ids go on from there
  /// (`_from_pretrained` of transformers 4.33 in `tokenization_utils_base.py`).
  private static func checkAddedTokens(
    _ tokenizer: Tokenizer, _ account: inout ConversionAccount
  ) throws(FormatError) {
    let count = tokenizer.model.vocabulary.count
    let behind = tokenizer.tokensBehindVocabulary
    if !behind.isEmpty {
      let ids = Set(tokenizer.specialTokens.map(\.id))
      let free = (0..<TokenID(count + behind.count)).first {
        tokenizer.model.vocabulary[$0] == nil && !ids.contains($0)
      }
      if let free { throw account.unsupported("added tokens behind the free id \(free)") }
    }
    let changed = tokenizer.specialTokens.filter { token in
      !token.isSpecial
        && (token.singleWord || token.stripsLeft || token.stripsRight || !token.normalized
          || Int(token.id) < count)
    }
    if let first = changed.first {
      account.differences.append(
        "releases of transformers before 4.34 know added tokens that are not special by their text "
          + "and id alone, and none of those inside the vocabulary (\(changed.count), such as "
          + "\(quoted(first.content)))")
    }
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

  /// `vocab.txt`, and what stands beside it, as BERT has them.
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
    return HuggingFaceDirectory.modelFiles(of: tokenizer)
      + ConfigurationFiles(of: tokenizer).besideVocabulary
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
    if let hole = tokenizer.specialTokens.first(where: {
      Int($0.id) < model.vocabulary.count && model.vocabulary[$0.id] == nil
    }) {
      throw account.unsupported(
        "the added token \(quoted(hole.content)) (id \(hole.id)) in a gap of the vocabulary")
    }
    try checkAddedTokens(tokenizer, &account)
    try loseTemplateOfBERT(tokenizer, &account)
    if tokenizer.detokenizer != WordPieceList.detokenizer {
      try account.lose("a decoder other than BERT's")
    }
  }

  /// Where the vocabulary has BERT's two tokens, they stand around every text.
  private static func loseTemplateOfBERT(
    _ tokenizer: Tokenizer, _ account: inout ConversionAccount
  ) throws(FormatError) {
    let read = WordPieceList.template(tokenizer.specialTokens)
    for isPair in [false, true] {
      let pieces = tokenizer.postProcessor.pieces(isPair: isPair, addsSpecialTokens: true)
      guard pieces == read.pieces(isPair: isPair, addsSpecialTokens: true) else {
        return try account.lose(
          "special tokens around a text other than BERT's (post_processor)")
      }
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
