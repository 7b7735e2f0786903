/// Shows of tokens that no text becomes them, whatever stands around them. It may find nothing for a
/// token that is unreachable all the same.
struct UnreachableProof {
  private let tokenizer: Tokenizer
  private let vocabulary: Vocabulary
  private let index: TokenIndex
  private let model: CompiledModel
  private let cuts: CertainCuts?
  private let fixedText: FixedText?
  private let normalizedText: SentencePieceText?
  /// Whether the text of each token is that of its symbols, one after the other.
  private let tokensAreText: Bool
  private let rivals: SpellingRivals?
  private let added: Set<TokenID>

  init(_ compiled: CompiledTokenizer) {
    tokenizer = compiled.tokenizer
    vocabulary = tokenizer.model.vocabulary
    index = TokenIndex(vocabulary)
    model = compiled.model
    cuts = CertainCuts(compiled)
    fixedText = FixedText(tokenizer)
    normalizedText = SentencePieceText(compiled.normalizer)
    added = Set(tokenizer.specialTokens.map(\.id))
    if case .bpe(let model) = tokenizer.model {
      tokensAreText = Self.tokensAreText(model)
    } else {
      tokensAreText = true
    }
    switch (tokenizer.model, model) {
    case (.unigram(let model), .unigram(let compiled)):
      rivals = SpellingRivals(model, compiled.trie)
    case (.unigram(let model), .doubleUnigram(let compiled)):
      rivals = SpellingRivals(model, compiled.trie)
    default: rivals = nil
    }
  }

  /// Whether no text becomes a token of the vocabulary. Tokens that were added may stand in the text
  /// themselves: nothing is claimed of them.
  func excludes(_ id: TokenID) -> Bool {
    guard let token = vocabulary[id], !added.contains(id) else { return false }
    switch tokenizer.model {
    case .bpe(let model):
      guard tokensAreText else { return false }
      if let byte = tokenizer.model.fallbackByte(of: id) {
        return excludes(byte: byte) && !isItsOwnText(id, token)
      }
      // Taken whole, a token needs no merges.
      return !model.ignoresMerges && !isItsOwnText(id, token) || isNoPiece(token)
    case .wordPiece(let model): return excludes(token, model)
    case .unigram(let model): return excludes(id, token, model)
    case .wordLevel: return isNoPiece(token)
    }
  }

  /// Whether no pre-token has a text in it.
  private func isNoPiece(_ text: ArraySlice<UInt8>) -> Bool {
    (cuts?.separate(text) ?? false) || (fixedText?.changes(text) ?? false)
  }

  // MARK: BPE

  private static func tokensAreText(_ model: BPEModel) -> Bool {
    guard (model.continuingPrefix ?? []).isEmpty, (model.endOfWordSuffix ?? []).isEmpty else {
      return false
    }
    let vocabulary = model.vocabulary
    let unknown = model.characterBase?.unknownToken ?? []
    let fallsBack = model.characterBase?.fallsBackToBytes ?? false
    return model.merges.allSatisfy { merge in
      guard let left = vocabulary[merge.left], let right = vocabulary[merge.right],
        let result = vocabulary[merge.result], result.count == left.count + right.count,
        result.starts(with: left), result.dropFirst(left.count).elementsEqual(right)
      else { return false }
      // These symbols stand for other text than their own.
      return model.base == .bytes
        || ![left, right].contains {
          $0.elementsEqual(unknown) || fallsBack && ByteFallback.byte(spelled: $0) != nil
        }
    }
  }

  /// Whether a token's text, by itself, is merged to it. If not, no text is: when a token stands in a
  /// text, no merge has crossed its borders, so that its symbols were merged as they would have been
  /// alone (see `RankMerges`).
  private func isItsOwnText(_ id: TokenID, _ token: ArraySlice<UInt8>) -> Bool {
    token.withUnsafeBufferPointer { text in
      withUnsafeTemporaryAllocation(of: TokenID.self, capacity: text.count + 8) { output in
        guard let base = output.baseAddress, !text.isEmpty else { return false }
        return model.encode(text, into: base) == 1 && output[0] == id
      }
    }
  }

  // MARK: WordPiece

  /// A token must be ruled out as a beginning, with its prefix as text, and as a continuation.
  private func excludes(_ token: ArraySlice<UInt8>, _ model: WordPieceModel) -> Bool {
    guard token.isEmpty || Self.length(token) > model.longestWord || isNoPiece(token) else {
      return false
    }
    guard token.starts(with: model.continuingPrefix) else { return true }
    let text = token.dropFirst(model.continuingPrefix.count)
    return text.isEmpty || Self.length(text) >= model.longestWord || isNoPiece(text)
      || cuts?.isolatesFirst(of: text) ?? false
  }

  /// Characters.
  private static func length(_ text: ArraySlice<UInt8>) -> Int {
    text.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
  }

  // MARK: Unigram

  private func excludes(
    _ id: TokenID, _ token: ArraySlice<UInt8>, _ model: UnigramModel
  ) -> Bool {
    if case .huggingFace(true) = model.rules, ByteFallback.byte(spelled: token) != nil {
      return false
    }
    switch model.kinds[Int(id)] {
    case .normal: return rivals?.beat(id) ?? false || isNoPiece(token)
    case .unused: return model.rules == .sentencePiece
    case .byte:
      guard model.rules == .sentencePiece, let byte = ByteFallback.byte(spelled: token) else {
        return false
      }
      if model.byteIDs == nil { return true }
      return excludes(byte: byte)
    case .unknown, .control, .userDefined: return false
    }
  }

  // MARK: Bytes

  /// Whether no character without a token has a byte. Characters of ASCII and those of two bytes can be
  /// looked at one by one.
  private func excludes(byte: UInt8) -> Bool {
    if normalizedText?.lacks(byte) ?? false { return true }
    switch byte {
    case 0x20 where replacesBlanks: return true
    case ..<0x80: return hasToken([byte])
    case 0xC2...0xDF:
      return normalizedText != nil && (UInt8(0x80)...0xBF).allSatisfy { hasToken([byte, $0]) }
    default: return false
    }
  }

  /// Whether normalization ends with putting something else in the place of blanks.
  private var replacesBlanks: Bool {
    guard case .replace(.text([0x20]), let replacement) = tokenizer.normalizer.steps.last,
      !tokenizer.preTokenizer.steps.contains(where: {
        if case .byteLevel = $0 { true } else { false }
      })
    else { return false }
    return !replacement.contains(0x20)
  }

  /// Whether a character is a token that text is matched with.
  private func hasToken(_ character: [UInt8]) -> Bool {
    guard let id = index.id(of: character) else { return false }
    if case .unigram(let model) = tokenizer.model { return model.kinds[Int(id)].isText }
    return true
  }
}
