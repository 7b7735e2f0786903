/// What each token of a vocabulary leaves in a text.
struct TokenTextTable: Sendable {
  /// Bytes that are copied at once, whatever the length.
  static let padding = 16
  private static let absent = UInt32.max

  /// Texts of all tokens, with room to copy 16 bytes from any of them.
  private var bytes: [UInt8] = []
  /// Where the text of each token begins, and its length; `absent` where the id has no token.
  private var places: [(offset: UInt32, length: UInt32)] = []

  static let empty = TokenTextTable(count: 0) { _, _ in false }

  /// - Parameter append: adds the text of an id; false if it has none.
  init(count: Int, _ append: (_ id: TokenID, _ bytes: inout [UInt8]) -> Bool) {
    places.reserveCapacity(count)
    for id in 0..<TokenID(count) {
      let start = bytes.count
      let hasText = append(id, &bytes)
      places.append(
        (UInt32(start), hasText ? UInt32(bytes.count - start) : Self.absent))
    }
    bytes.append(contentsOf: repeatElement(0, count: Self.padding))
  }

  func hasText(of id: TokenID) -> Bool {
    Int(id) < places.count && places[Int(id)].length != Self.absent
  }

  /// Bytes of the text of an id that has one.
  func length(of id: TokenID) -> Int { Int(places[Int(id)].length) }

  /// The text of an id that has one.
  subscript(id: TokenID) -> ArraySlice<UInt8> {
    let place = places[Int(id)]
    return bytes[Int(place.offset)...].prefix(Int(place.length))
  }

  /// Writes the texts of ids one after the other.
  ///
  /// 16 bytes at a time are copied: what is too much is overwritten by the next.
  /// - Parameters:
  ///   - skipping: by id, what leaves nothing; empty: each leaves its text.
  ///   - target: room for all texts, and `padding` bytes.
  func copy(
    _ ids: ArraySlice<TokenID>, skipping: [Bool], to target: UnsafeMutablePointer<UInt8>
  ) {
    bytes.withUnsafeBufferPointer { bytes in
      places.withUnsafeBufferPointer { places in
        guard let source = bytes.baseAddress else { return }
        var target = target
        for id in ids {
          if !skipping.isEmpty && skipping[Int(id)] { continue }
          let place = places[Int(id)]
          let length = Int(place.length)
          if length <= Self.padding {
            UnsafeMutableRawPointer(target).copyMemory(
              from: source + Int(place.offset), byteCount: Self.padding)
          } else {
            target.update(from: source + Int(place.offset), count: length)
          }
          target += length
        }
      }
    }
  }
}

extension TokenTextTable {
  private static let blank = Array("▁".utf8)

  /// The texts of SentencePiece's pieces.
  ///
  /// - Parameters:
  ///   - unknown: see `Detokenizer.sentencePiece`.
  ///   - front: whether a blank in front goes.
  static func ofSentencePiece(
    _ tokenizer: Tokenizer, unknown: [UInt8]?, front: Detokenizer.FrontBlanks
  ) -> TokenTextTable {
    let unknownID = tokenizer.model.unknownID
    var control = [Bool](repeating: false, count: tokenizer.idCount)
    for token in tokenizer.specialTokens where token.isSpecial { control[Int(token.id)] = true }
    return TokenTextTable(count: tokenizer.idCount) { id, bytes in
      guard let token = tokenizer.bytes(of: id) else { return false }
      if id == unknownID {
        bytes.append(contentsOf: unknown ?? Array(token))
      } else if let byte = tokenizer.model.fallbackByte(of: id) {
        bytes.append(byte)
      } else if !control[Int(id)] {
        let isCut = front != .none && token.starts(with: blank)
        bytes.append(
          isCut ? token.dropFirst(blank.count) : token, replacing: blank,
          by: [UInt8(ascii: " ")])
      }
      return true
    }
  }
}
