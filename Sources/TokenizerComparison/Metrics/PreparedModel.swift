import Tokenization

/// What all threads share of a model.
struct PreparedModel: Sendable {
  let name: [UInt8]
  let compiled: CompiledTokenizer
  let decoder: TokenDecoder
  let texts: TokenTextList
  /// Whether the texts of tokens are what they stand for, so that their lengths tell where borders are if
  /// they are the document, one behind the other. Where blanks are dropped and guessed again, they are
  /// not: `the` stands for three bytes and decodes to four.
  let textsAreSpans: Bool
  /// By id, how long its text is and what it is for.
  let traits: [TokenTrait]

  /// - Throws: `ComparisonError.model`.
  init(_ model: NamedTokenizer) throws(ComparisonError) {
    name = model.name
    var tokenizer = model.tokenizer
    // A comparison leaves nothing to chance.
    if case .bpe(var bpe) = tokenizer.model, bpe.dropout != nil {
      bpe.dropout = nil
      tokenizer.model = .bpe(bpe)
    }
    do throws(TokenizerError) {
      compiled = try CompiledTokenizer(tokenizer)
    } catch {
      throw .model(name: name, error)
    }
    let obstacles = Losslessness(tokenizer).obstacles
    textsAreSpans = !obstacles.contains(.guessedBlanks) && !obstacles.contains(.droppedText)
    decoder = TokenDecoder(tokenizer)
    texts = TokenTextList(tokenizer, decoder)
    let (model, unknown) = (tokenizer.model, tokenizer.model.unknownID)
    let bytes = Self.fallbackBytes(of: model)
    traits = texts.lengths.enumerated().map { id, length in
      let id = TokenID(truncatingIfNeeded: id)
      return TokenTrait(
        length: length, isUnknown: id == unknown,
        isByte: model.fallbackByte(of: id) != nil || bytes.contains(id))
    }
  }

  /// Of a unigram model with Hugging Face's rules, whose file has no kinds of pieces: those that are
  /// spelled as bytes are.
  private static func fallbackBytes(of model: TokenizerModel) -> Set<TokenID> {
    guard case .unigram(let unigram) = model,
      unigram.rules == .huggingFace(fallsBackToBytes: true)
    else { return [] }
    let spellings = Set((0...255).map { ByteFallback.spelling(of: UInt8($0)) })
    return Set(
      (0..<TokenID(unigram.vocabulary.count)).filter { id in
        unigram.vocabulary[id].map { spellings.contains(Array($0)) } ?? false
      })
  }

  var idCount: Int { traits.count }
}

/// What counting must know of a token, in one word.
struct TokenTrait: Sendable {
  private let bits: UInt32

  /// - Parameter length: of its text, in bytes; a vocabulary has less than 4 GB, a token less than 1 GB.
  init(length: UInt32, isUnknown: Bool, isByte: Bool) {
    bits = min(length, 1 << 30 - 1) | (isUnknown ? 1 << 30 : 0) | (isByte ? 1 << 31 : 0)
  }

  @inline(__always) var length: Int { Int(bits & (1 << 30 - 1)) }
  /// 1 for the unknown token.
  @inline(__always) var unknown: Int { Int(bits >> 30 & 1) }
  /// 1 for a token that stands for a byte without a token of its own.
  @inline(__always) var byteFallback: Int { Int(bits >> 31) }
}
