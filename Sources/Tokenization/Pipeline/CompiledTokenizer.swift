/// A tokenizer in the form in which it is applied: immutable, made once, shared by all encoders.
public final class CompiledTokenizer: Sendable {
  /// What it was made from.
  public let tokenizer: Tokenizer
  let model: CompiledModel
  let preTokenizer: CompiledPreTokenizer
  let normalizer: CompiledNormalizer
  /// Special and added tokens: those that are looked for before normalization, and after it, as they
  /// are normalized.
  private let rawTokens: [SpecialToken]
  private let normalizedTokens: [SpecialToken]
  /// What finds all of them.
  private let rawMatcher: SpecialTokenMatcher
  private let normalizedMatcher: SpecialTokenMatcher
  /// Words of raw text, where the tokenizer has such.
  let words: RawWords?

  /// - Throws: `TokenizerError.preparation`, `.vocabularyTooLarge`, `.absentUnknownToken`, and
  ///   `.pattern` where a pattern that normalizes special tokens does not come to an end.
  public init(_ tokenizer: Tokenizer) throws(TokenizerError) {
    guard tokenizer.idCount <= Int(PieceCache.greatestID) + 1 else {
      throw .vocabularyTooLarge(count: tokenizer.idCount)
    }
    do throws(TextPreparationError) {
      normalizer = try CompiledNormalizer(tokenizer.normalizer)
    } catch {
      throw .preparation(error)
    }
    do throws(PatternError) {
      preTokenizer = try CompiledPreTokenizer(
        tokenizer.preTokenizer, keepsBytes: tokenizer.model.holdsBytes)
    } catch {
      throw .preparation(.pattern(error))
    }
    guard let model = CompiledModel(tokenizer.model) else {
      throw .absentUnknownToken(token: tokenizer.model.unknownToken)
    }
    self.model = model
    do throws(PatternError) {
      words = try RawWords(tokenizer, normalizer, model)
    } catch {
      throw .preparation(.pattern(error))
    }
    self.tokenizer = tokenizer
    rawTokens = tokenizer.specialTokens.filter { !$0.normalized }
    normalizedTokens = try Self.normalized(
      tokenizer.specialTokens.filter(\.normalized), by: normalizer)
    rawMatcher = SpecialTokenMatcher(rawTokens)
    normalizedMatcher = SpecialTokenMatcher(normalizedTokens)
  }

  private static func normalized(
    _ tokens: [SpecialToken], by normalizer: CompiledNormalizer
  ) throws(TokenizerError) -> [SpecialToken] {
    if normalizer.isIdentity || tokens.isEmpty { return tokens }
    var tokens = tokens
    let chain = NormalizationChain(normalizer)
    do throws(PatternError) {
      for index in tokens.indices {
        tokens[index].content = try tokens[index].content.withUnsafeBufferPointer {
          (text) throws(PatternError) in
          Array(try chain.normalize(text, recordingEdits: false).bytes)
        }
      }
    } catch {
      throw .pattern(error)
    }
    return tokens
  }

  /// What finds the tokens that are taken from text, before normalization and after it. Added words
  /// always are. Where no special token is allowed, each still hides what it contains, as with
  /// `encode_special_tokens` of Hugging Face's library.
  ///
  /// - Throws: `TokenizerError.unknownSpecialToken`.
  func tokenMatchers(
    for allowed: EncodingOptions.AllowedSpecialTokens
  ) throws(TokenizerError) -> (raw: SpecialTokenMatcher, normalized: SpecialTokenMatcher) {
    switch allowed {
    case .none:
      return (rawMatcher.hidingSpecialTokens, normalizedMatcher.hidingSpecialTokens)
    case .all: return (rawMatcher, normalizedMatcher)
    case .named(let names):
      let wanted = Set(names)
      var unknown = wanted
      var taken: Set<TokenID> = []
      for token in tokenizer.specialTokens {
        if !token.isSpecial || wanted.contains(token.content) { taken.insert(token.id) }
        unknown.remove(token.content)
      }
      if let name = names.first(where: unknown.contains) { throw .unknownSpecialToken(name: name) }
      return (
        SpecialTokenMatcher(rawTokens.filter { taken.contains($0.id) }),
        SpecialTokenMatcher(normalizedTokens.filter { taken.contains($0.id) })
      )
    }
  }

  /// What finds the special tokens that the options refuse, as they are spelled.
  func refusedTokens(_ options: EncodingOptions) -> SpecialTokenMatcher {
    guard options.otherSpecialTokens == .error, options.allowedSpecialTokens != .all else {
      return SpecialTokenMatcher([])
    }
    var allowed: Set<[UInt8]> = []
    if case .named(let names) = options.allowedSpecialTokens { allowed = Set(names) }
    return SpecialTokenMatcher(
      tokenizer.specialTokens.filter { $0.isSpecial && !allowed.contains($0.content) })
  }

  /// All ways through a text, and what one becomes; `nil` for models without scores. Made for each who
  /// asks. Complexity: O(bytes of the vocabulary).
  var unigramLattice: (UnigramLattice, UnigramTokens)? {
    guard case .unigram(let source) = tokenizer.model else { return nil }
    switch model {
    case .unigram(let model):
      return (UnigramLattice(source, trie: model.trie), UnigramTokens(source))
    case .doubleUnigram(let model):
      return (UnigramLattice(source, trie: model.trie), UnigramTokens(source))
    default: return nil
    }
  }
}
