/// Turns ids back into the bytes that they stand for. Immutable, for any number of threads.
public struct TokenDecoder: Sendable {
  /// Texts of all tokens behind others.
  let texts: TokenTextTable
  /// Texts of tokens that stand first, if that makes a difference.
  let firstTexts: TokenTextTable?
  let specialIDs: [Bool]
  /// As SentencePiece has it: a token that has left nothing is not the first one.
  let seeksFirst: Bool
  let firstTakesOneBlank: Bool
  /// What happens to all of a sequence, joined or not.
  let chain: DecodingChain
  let joins: Bool
  /// Why nothing can be decoded.
  let failure: PatternError?

  public init(_ tokenizer: Tokenizer) {
    var isSpecial = [Bool](repeating: false, count: tokenizer.idCount)
    for token in tokenizer.specialTokens { isSpecial[Int(token.id)] = token.isSpecial }
    specialIDs = isSpecial
    if case .sentencePiece(let unknown, let front) = tokenizer.detokenizer {
      texts = .ofSentencePiece(tokenizer, unknown: unknown, front: .none)
      firstTexts =
        front == .none ? nil : .ofSentencePiece(tokenizer, unknown: unknown, front: front)
      seeksFirst = true
      firstTakesOneBlank = front == .one
      (chain, joins, failure) = (.empty, true, nil)
      return
    }
    seeksFirst = false
    firstTakesOneBlank = false
    let plan = DecodingPlan(tokenizer.detokenizer)
    joins = plan.joins
    do throws(PatternError) {
      (texts, firstTexts, chain) = try Self.parts(tokenizer, plan)
      failure = nil
    } catch {
      (texts, firstTexts, chain) = (.empty, nil, .empty)
      failure = error
    }
  }

  private static func parts(
    _ tokenizer: Tokenizer, _ plan: DecodingPlan
  ) throws(PatternError) -> (TokenTextTable, first: TokenTextTable?, DecodingChain) {
    let spellings = TokenSpellings(tokenizer)
    return (
      try spellings.table(plan.ofTokens, .later),
      plan.knowsFirst ? try spellings.table(plan.ofTokens, .first) : nil,
      try DecodingChain(plan.ofSequence)
    )
  }

  /// Appends the bytes of a sequence of ids.
  ///
  /// - Parameter skips: whether special tokens leave nothing, as with `skip_special_tokens` of
  ///   Hugging Face; added words stay.
  /// - Throws: `TokenizerError.unknownID` at the first id without a token, and `.pattern` where one
  ///   that the decoder replaces is refused or does not come to an end; nothing is appended.
  /// - Complexity: O(bytes).
  public func decode(
    _ ids: [TokenID], skippingSpecialTokens skips: Bool = false, into output: inout [UInt8]
  ) throws(TokenizerError) {
    if let failure { throw .pattern(failure) }
    if joins && chain.isEmpty { return try join(ids, skips, into: &output) }
    var parts = TokenTexts()
    if joins {
      var joined: [UInt8] = []
      try join(ids, skips, into: &joined)
      parts = TokenTexts(joined: joined)
    } else {
      for (position, id) in ids.enumerated() {
        guard texts.hasText(of: id) else { throw .unknownID(id: id, position: position) }
        if !(skips && specialIDs[Int(id)]) { parts.append(texts[id]) }
      }
    }
    do throws(PatternError) {
      output += try chain.apply(to: parts).bytes
    } catch {
      throw .pattern(error)
    }
  }

  /// The bytes of a sequence of ids.
  public func decode(
    _ ids: [TokenID], skippingSpecialTokens skips: Bool = false
  ) throws(TokenizerError) -> [UInt8] {
    var output: [UInt8] = []
    try decode(ids, skippingSpecialTokens: skips, into: &output)
    return output
  }

  /// Whether a token leaves nothing where special tokens are skipped.
  public func isSpecial(_ id: TokenID) -> Bool {
    Int(id) < specialIDs.count && specialIDs[Int(id)]
  }

  /// What a token leaves in a text behind others, before what a decoder does to all of a text; `nil` where
  /// the id has no token.
  public func bytes(of id: TokenID) -> ArraySlice<UInt8>? {
    texts.hasText(of: id) ? texts[id] : nil
  }

  private func join(
    _ ids: [TokenID], _ skips: Bool, into output: inout [UInt8]
  ) throws(TokenizerError) {
    let count = output.count
    var rest = ids[...]
    var isFirst = firstTexts != nil
    while isFirst, let firstTexts, let id = rest.first {
      guard texts.hasText(of: id) else { break }
      rest.removeFirst()
      if skips && specialIDs[Int(id)] { continue }
      let text = firstTexts[id]
      output.append(contentsOf: text)
      isFirst =
        seeksFirst && text.isEmpty && (texts[id].isEmpty || !firstTakesOneBlank)
    }
    if let missing = texts.append(rest, skipping: skips ? specialIDs : [], to: &output) {
      output.removeLast(output.count - count)
      throw .unknownID(id: ids[missing], position: missing)
    }
  }
}
