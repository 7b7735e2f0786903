/// Whether decoding gives back every string of bytes that was encoded, and what stands in the way.
///
/// It is judged by what a tokenizer is made of, not by trying: without an obstacle,
/// `decode(encode(x)) == x` for all bytes. With one, most texts may come back all the same.
public struct Losslessness: Sendable, Equatable {
  /// What may change a text.
  public enum Obstacle: Sendable, Hashable, CaseIterable {
    /// Normalization makes one text of several.
    case normalization
    /// The mark that stands for a blank becomes one, though it was in the text.
    case blankMark
    /// A blank is put before a text and stays there, or one that was there is taken for it.
    case prefixBlank
    /// Text between pre-tokens is left out.
    case droppedText
    /// Text without a token becomes the unknown one, or is left out.
    case unknownText
    /// The decoder guesses where blanks stood.
    case guessedBlanks
    /// The decoder changes the text of tokens in other ways.
    case decoding
    /// Added words take the blanks around them along, or are looked for in changed text.
    case addedWords
    /// Bytes that are not UTF-8 become U+FFFD.
    case otherBytes
    /// Merges make tokens that are not the text of their parts.
    case merges
  }

  /// In the order of the cases; none: every string of bytes comes back.
  public let obstacles: [Obstacle]

  public var isLossless: Bool { obstacles.isEmpty }

  public init(_ tokenizer: Tokenizer) {
    var found = Set<Obstacle>()
    Self.judge(tokenizer.normalizer, &found)
    for step in tokenizer.preTokenizer.steps { Self.judge(step, &found) }
    Self.judge(tokenizer.model, &found)
    Self.judge(tokenizer.detokenizer, of: tokenizer, &found)
    for token in tokenizer.specialTokens where !token.isSpecial {
      Self.judge(token, of: tokenizer, &found)
    }
    obstacles = Obstacle.allCases.filter { found.contains($0) }
  }

  private static func judge(_ normalizer: Normalizer, _ found: inout Set<Obstacle>) {
    for step in normalizer.steps {
      switch step {
      case .prepend: found.insert(.prefixBlank)
      // The alphabet alone loses nothing, if the decoder reads it; that is judged there.
      case .byteLevel: found.insert(.decoding)
      case .replace(.text([0x20]), replacement: BlankMark.text): found.insert(.blankMark)
      case .sentencePiece(let settings):
        found.insert(.otherBytes)
        if !hasNoRules(settings.rules) || settings.removesExtraSpaces {
          found.insert(.normalization)
        }
        if settings.escapesSpaces { found.insert(.blankMark) }
        if settings.addsDummyPrefix && !settings.escapesSpaces { found.insert(.prefixBlank) }
      default: found.insert(.normalization)
      }
    }
  }

  private static func hasNoRules(_ rules: SentencePieceNormalization.Rules) -> Bool {
    if case .charsmap(let charsmap) = rules { return charsmap == Charsmap.identity }
    return false
  }

  private static func judge(_ step: PreTokenizer.Step, _ found: inout Set<Obstacle>) {
    switch step {
    case .split(.pattern(let pattern), .removed, inverts: true):
      if !pattern.matchesEverywhere { found.insert(.droppedText) }
    case .split(_, .removed, _), .punctuation(.removed), .bert, .whitespace, .whitespaceSplit,
      .characterDelimiter, .unicodeScripts:
      found.insert(.droppedText)
    case .byteLevel(let settings): if settings.addsPrefixSpace { found.insert(.prefixBlank) }
    case .metaspace: found.insert(.blankMark)
    case .split, .punctuation, .digits, .sentencePiece, .fixedLength: break
    }
  }

  private static func judge(_ model: TokenizerModel, _ found: inout Set<Obstacle>) {
    switch model {
    case .bpe(let model):
      if !ByteCoverage(.bpe(model)).coversAllBytes { found.insert(.unknownText) }
      if !model.merges.allSatisfy({ joins($0, in: model.vocabulary) }) { found.insert(.merges) }
    case .unigram: if !ByteCoverage(model).coversAllBytes { found.insert(.unknownText) }
    case .wordPiece, .wordLevel: found.insert(.unknownText)
    }
  }

  private static func joins(_ merge: Merge, in vocabulary: Vocabulary) -> Bool {
    guard let left = vocabulary[merge.left], let right = vocabulary[merge.right],
      let result = vocabulary[merge.result]
    else { return false }
    return result.count == left.count + right.count && result.starts(with: left)
      && result.dropFirst(left.count).elementsEqual(right)
  }

  private static func judge(
    _ detokenizer: Detokenizer, of tokenizer: Tokenizer, _ found: inout Set<Obstacle>
  ) {
    for step in detokenizer.flattened {
      switch step {
      case .byteLevel: if !tokenizer.model.holdsBytes { found.insert(.decoding) }
      case .none, .wordPiece: found.insert(.guessedBlanks)
      case .metaspace, .sentencePiece: found.insert(.blankMark)
      case .fuse: break
      // Where text is spelled, as `<0x41>`, what stands for a byte cannot be told from its spelling.
      case .byteFallback, .bpe, .ctc, .strip, .replace: found.insert(.decoding)
      case .sequence: break
      }
    }
    if detokenizer.flattened.isEmpty { found.insert(.guessedBlanks) }
    if case .bpe(let model) = tokenizer.model, model.base == .bytes {
      if !detokenizer.flattened.contains(where: { if case .byteLevel = $0 { true } else { false } })
      {
        found.insert(.decoding)
      }
    } else if found.isEmpty {
      // Only tokens of bytes are known to be the text that they come from.
      found.insert(.decoding)
    }
  }

  private static func judge(
    _ word: SpecialToken, of tokenizer: Tokenizer, _ found: inout Set<Obstacle>
  ) {
    let known = tokenizer.model.vocabulary[word.id]
    if word.stripsLeft || word.stripsRight
      || known.map({ !$0.elementsEqual(word.content) }) ?? false
    {
      found.insert(.addedWords)
    }
  }
}
