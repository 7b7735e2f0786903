/// Turns ids back into the bytes that they stand for. Immutable, for any number of threads.
public struct TokenDecoder: Sendable {
  private typealias Place = (offset: UInt32, length: UInt32)

  /// Texts of all tokens, with room to copy 16 bytes from any of them.
  private let bytes: [UInt8]
  /// Where the text of each token begins, and its length; `absent` where the id has no token.
  private let places: [Place]
  /// The same for a token that stands first, if that makes a difference.
  private let firstPlaces: [Place]
  private let isSpecial: [Bool]
  private let firstTakesOneBlank: Bool

  private static let absent = UInt32.max

  public init(_ tokenizer: Tokenizer) {
    let count = tokenizer.idCount
    var bytes: [UInt8] = []
    func places(isFirst: Bool) -> [Place] {
      var places = [Place](repeating: (0, Self.absent), count: count)
      func place(_ token: some Collection<UInt8>, at id: Int) {
        let start = bytes.count
        if case .sentencePiece(let unknown, _) = tokenizer.detokenizer,
          let text = tokenizer.plainText(of: TokenID(id), unknown: unknown)
        {
          bytes.append(contentsOf: text)
        } else {
          tokenizer.detokenizer.append(token, isFirst: isFirst, to: &bytes)
        }
        places[id] = (UInt32(start), UInt32(bytes.count - start))
      }
      let vocabulary = tokenizer.model.vocabulary
      for id in 0..<vocabulary.count {
        if let token = vocabulary[TokenID(id)] { place(token, at: id) }
      }
      for token in tokenizer.specialTokens where places[Int(token.id)].length == Self.absent {
        place(token.content, at: Int(token.id))
      }
      return places
    }
    self.places = places(isFirst: false)
    firstPlaces = tokenizer.detokenizer.knowsFirst ? places(isFirst: true) : []
    bytes.append(contentsOf: repeatElement(0, count: 16))
    self.bytes = bytes
    var isSpecial = [Bool](repeating: false, count: count)
    for token in tokenizer.specialTokens { isSpecial[Int(token.id)] = token.isSpecial }
    self.isSpecial = isSpecial
    firstTakesOneBlank = tokenizer.detokenizer.endsFirstWithBlank
  }

  /// Appends the bytes of a sequence of ids.
  ///
  /// - Parameter skips: whether special tokens leave nothing, as with `skip_special_tokens` of
  ///   Hugging Face; added words stay.
  /// - Throws: `TokenizerError.unknownID` at the first id without a token; nothing is appended.
  /// - Complexity: O(bytes).
  public func decode(
    _ ids: [TokenID], skippingSpecialTokens skips: Bool = false, into output: inout [UInt8]
  ) throws(TokenizerError) {
    var total = 0
    for (position, id) in ids.enumerated() {
      guard Int(id) < places.count, places[Int(id)].length != Self.absent else {
        throw .unknownID(id: id, position: position)
      }
      total += skips && isSpecial[Int(id)] ? 0 : Int(places[Int(id)].length)
    }
    var rest = ids[...]
    // Tokens are first until one of them has left something.
    var isFirst = !firstPlaces.isEmpty
    while isFirst, let id = rest.popFirst() {
      if skips && isSpecial[Int(id)] { continue }
      let place = firstPlaces[Int(id)]
      output.append(contentsOf: bytes[Int(place.offset)...].prefix(Int(place.length)))
      total -= Int(places[Int(id)].length)
      isFirst =
        place.length == 0 && (places[Int(id)].length == 0 || !firstTakesOneBlank)
    }
    let decoded = [UInt8](unsafeUninitializedCapacity: total + 16) { target, count in
      guard let base = target.baseAddress else { return }
      copy(rest, skippingSpecial: skips, to: base)
      count = total
    }
    output.append(contentsOf: decoded)
  }

  /// The bytes of a sequence of ids.
  public func decode(
    _ ids: [TokenID], skippingSpecialTokens skips: Bool = false
  ) throws(TokenizerError) -> [UInt8] {
    var output: [UInt8] = []
    try decode(ids, skippingSpecialTokens: skips, into: &output)
    return output
  }

  /// Copies 16 bytes at a time whatever the length: what is too much is overwritten by the next.
  private func copy(
    _ ids: ArraySlice<TokenID>, skippingSpecial skips: Bool, to target: UnsafeMutablePointer<UInt8>
  ) {
    bytes.withUnsafeBufferPointer { bytes in
      places.withUnsafeBufferPointer { places in
        guard let source = bytes.baseAddress else { return }
        var target = target
        for id in ids {
          if skips && isSpecial[Int(id)] { continue }
          let place = places[Int(id)]
          let length = Int(place.length)
          if length <= 16 {
            UnsafeMutableRawPointer(target).copyMemory(
              from: source + Int(place.offset), byteCount: 16)
          } else {
            target.update(from: source + Int(place.offset), count: length)
          }
          target += length
        }
      }
    }
  }
}

extension Tokenizer {
  /// What a token of a SentencePiece vocabulary leaves where that is not its own text.
  fileprivate func plainText(of id: TokenID, unknown: [UInt8]?) -> [UInt8]? {
    if id == model.unknownID { return unknown }
    if let byte = model.fallbackByte(of: id) { return [byte] }
    return specialTokens.contains { $0.id == id && $0.isSpecial } ? [] : nil
  }
}
