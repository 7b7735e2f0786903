import Tokenization

/// The tokens that the old tokenizer makes of a new token's text.
struct OldPieces: ~Copyable {
  private let forms: TokenForms
  private let unknown: TokenID?
  private var encoder: TokenEncoder
  /// Whether the tokenizer takes the start of a text for the start of a word.
  private let addsBlank: Bool

  init(_ tokenizer: Tokenizer, _ forms: TokenForms) throws(TransferError) {
    var encoder = try Self.encoder(of: tokenizer)
    let ids = try Self.ids(of: Array("a".utf8), by: &encoder)
    addsBlank = ids.first.flatMap { forms.texts[Int($0)] }?.first == UInt8(ascii: " ")
    self.forms = forms
    unknown = tokenizer.model.unknownID
    self.encoder = encoder
  }

  private static func encoder(of tokenizer: Tokenizer) throws(TransferError) -> TokenEncoder {
    do throws(TokenizerError) {
      return try TokenEncoder(CompiledTokenizer(tokenizer))
    } catch {
      throw .tokenizer(error)
    }
  }

  private static func ids(
    of text: [UInt8], by encoder: inout TokenEncoder
  ) throws(TransferError) -> [TokenID] {
    var ids: [TokenID] = []
    do throws(TokenizerError) { try encoder.encode(text, into: &ids) } catch {
      throw .tokenizer(error)
    }
    return ids
  }

  /// Empty where the old tokenizer knows none of the text.
  mutating func ids(of text: [UInt8]) throws(TransferError) -> [TokenID] {
    let beginsWord = text.first == UInt8(ascii: " ")
    var ids = try Self.ids(
      of: addsBlank && beginsWord ? Array(text.dropFirst()) : text, by: &encoder)
    if addsBlank, !beginsWord { withoutBlank(&ids) }
    return ids.filter { $0 != unknown }
  }

  /// Takes the blank away that the tokenizer put before a text from the middle of a word.
  private func withoutBlank(_ ids: inout [TokenID]) {
    guard let first = ids.first, let text = forms.texts[Int(first)],
      text.first == UInt8(ascii: " ")
    else { return }
    if text.count == 1 {
      ids.removeFirst()
    } else if let inside = forms.id(ofText: Array(text.dropFirst())) {
      ids[0] = inside
    }
  }
}
