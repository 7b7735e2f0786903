import Primitives

/// What each token of a vocabulary leaves in a text.
struct TokenTextTable: Sendable {
  /// Bytes that are copied at once, whatever the length.
  static let padding = 16
  private static let absent = UInt32.max

  /// Texts of all tokens, with room to copy 16 bytes from any of them.
  private var bytes: [UInt8] = []
  /// Where the text of each token begins, and its length; `absent` where the id has no token.
  private var places: [(offset: UInt32, length: UInt32)] = []
  /// The texts of up to 15 bytes, which are most, where one look at memory brings them; `long` in place
  /// of others, and of ids without a token.
  private var shortTexts: [ShortKey] = []

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
    shortTexts = bytes.withUnsafeBufferPointer { bytes in
      places.map { place in
        guard let base = bytes.baseAddress, place.length <= ShortKey.maximumLength else {
          return .long
        }
        return place.length == 0
          ? .empty : ShortKey(at: base + Int(place.offset), length: Int(place.length))
      }
    }
  }

  func hasText(of id: TokenID) -> Bool {
    Int(id) < places.count && places[Int(id)].length != Self.absent
  }

  /// The text of an id that has one.
  subscript(id: TokenID) -> ArraySlice<UInt8> {
    let place = places[Int(id)]
    return bytes[Int(place.offset)...].prefix(Int(place.length))
  }

  /// Ids whose texts are put together before they are appended.
  private static let blockSize = 512

  /// Appends the texts of ids one after the other, up to the first id that has none; returns its place.
  ///
  /// 16 bytes at a time are written: what is too much is overwritten by the next.
  /// - Parameter skipping: by id, what leaves nothing; empty: each leaves its text.
  func append(
    _ ids: ArraySlice<TokenID>, skipping: [Bool], to output: inout [UInt8]
  ) -> Int? {
    withUnsafeTemporaryAllocation(
      of: UInt8.self, capacity: Self.blockSize * Self.padding
    ) { block in
      guard let base = block.baseAddress else { return nil }
      var place = ids.startIndex
      while place < ids.endIndex {
        let (end, next) = write(
          ids[place..<min(place + Self.blockSize, ids.endIndex)], skipping, to: base)
        output.append(contentsOf: UnsafeBufferPointer(start: base, count: end - base))
        place = next
        if place < ids.endIndex, !isShort(ids[place]) {
          guard hasText(of: ids[place]) else { return place }
          if skipping.isEmpty || !skipping[Int(ids[place])] {
            output.append(contentsOf: self[ids[place]])
          }
          place += 1
        }
      }
      return nil
    }
  }

  /// Writes the texts of ids up to the first that is not short; returns where they end, and its place.
  private func write(
    _ ids: ArraySlice<TokenID>, _ skipping: [Bool], to target: UnsafeMutablePointer<UInt8>
  ) -> (end: UnsafeMutablePointer<UInt8>, next: Int) {
    shortTexts.withUnsafeBufferPointer { texts in
      var target = target
      for (place, id) in zip(ids.indices, ids) {
        guard Int(id) < texts.count, texts[Int(id)].length <= ShortKey.maximumLength else {
          return (target, place)
        }
        if !skipping.isEmpty && skipping[Int(id)] { continue }
        let text = texts[Int(id)]
        text.write(to: target)
        target += text.length
      }
      return (target, ids.endIndex)
    }
  }

  private func isShort(_ id: TokenID) -> Bool {
    Int(id) < shortTexts.count && shortTexts[Int(id)].length <= ShortKey.maximumLength
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
