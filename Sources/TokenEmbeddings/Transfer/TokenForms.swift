import Tokenization

/// What the tokens of a tokenizer are in text, so that those of different families can be compared: a
/// token that begins a word has a blank before it, whether its vocabulary writes `Ġword`, `▁word` or,
/// as WordPiece does, `word`.
struct TokenForms {
  /// Text by id; `nil` for ids without a token and for special tokens.
  let texts: [[UInt8]?]
  /// Content by id of tokens that stand for no text.
  let specials: [[UInt8]?]
  private let idsOfTexts: [[UInt8]: TokenID]
  private let idsOfSpecials: [[UInt8]: TokenID]

  init(_ tokenizer: Tokenizer) throws(TransferError) {
    var texts = [[UInt8]?](repeating: nil, count: tokenizer.idCount)
    var specials = texts
    for special in tokenizer.specialTokens where special.isSpecial {
      specials[Int(special.id)] = special.content
    }
    let reader = try BehindAnchor(tokenizer)
    var idsOfTexts: [[UInt8]: TokenID] = [:]
    var idsOfSpecials: [[UInt8]: TokenID] = [:]
    for id in 0..<TokenID(tokenizer.idCount) {
      if let special = specials[Int(id)] {
        idsOfSpecials[special] = idsOfSpecials[special] ?? id
        continue
      }
      guard let bytes = tokenizer.bytes(of: id) else { continue }
      let text = reader.text(of: id, bytes: bytes)
      texts[Int(id)] = text
      // Of two with the same text the lower id counts.
      idsOfTexts[text] = idsOfTexts[text] ?? id
    }
    self.texts = texts
    self.specials = specials
    self.idsOfTexts = idsOfTexts
    self.idsOfSpecials = idsOfSpecials
  }

  func id(ofText text: [UInt8]) -> TokenID? { idsOfTexts[text] }

  /// The token with the same text, or the special token of the same name.
  func id(like id: TokenID, of other: TokenForms) -> TokenID? {
    if let special = other.specials[Int(id)] { return idsOfSpecials[special] }
    return other.texts[Int(id)].flatMap { idsOfTexts[$0] }
  }
}

/// Reads a token as the text that it adds behind another one: there a tokenizer neither strips blanks
/// nor adds any that are not the token's own.
private struct BehindAnchor {
  private let decoder: TokenDecoder
  /// The token of "a", and its text alone.
  private let anchor: (id: TokenID, text: [UInt8])?

  init(_ tokenizer: Tokenizer) throws(TransferError) {
    do throws(TokenizerError) {
      decoder = TokenDecoder(tokenizer)
      var encoder = try TokenEncoder(CompiledTokenizer(tokenizer))
      var ids: [TokenID] = []
      try encoder.encode(Array("a".utf8), into: &ids)
      let text = try decoder.decode(ids)
      anchor = ids.count == 1 && text.last == UInt8(ascii: "a") ? (ids[0], text) : nil
    } catch {
      throw .tokenizer(error)
    }
  }

  func text(of id: TokenID, bytes: ArraySlice<UInt8>) -> [UInt8] {
    guard let anchor, let both = try? decoder.decode([anchor.id, id]),
      both.starts(with: anchor.text)
    else { return Array(bytes) }
    let text = Array(both.dropFirst(anchor.text.count))
    if !text.elementsEqual(bytes), let byte = Self.byte(spelled: bytes) { return [byte] }
    return text
  }

  /// The byte that SentencePiece's `<0x0A>` stands for, which is no text by itself.
  private static func byte(spelled bytes: ArraySlice<UInt8>) -> UInt8? {
    guard bytes.count == 6, bytes.starts(with: "<0x".utf8), bytes.last == UInt8(ascii: ">") else {
      return nil
    }
    return UInt8(String(decoding: bytes.dropFirst(3).dropLast(), as: UTF8.self), radix: 16)
  }
}
