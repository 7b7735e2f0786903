/// Which two characters can stand side by side in one token of a model: between others a text may be
/// cut, and its parts encoded apart, with the ids of the whole.
///
/// A merge joins two symbols, so that some merge has the two characters at its seam, or none ever
/// reaches across. What is taken whole, or chosen among pieces, has the pair inside. A pair that
/// is not in the set is certain; one that is may be there by the chance of a hash.
struct CharacterPairs: Sendable {
  private static let bits = 18
  private static let kinds = 129

  /// A bit for each hash.
  private var words = [UInt64](repeating: 0, count: 1 << (bits - 6))
  /// For two characters of ASCII, exactly; all others are one, the last, but for the mark of a blank.
  private var asciiPairs = [Bool](repeating: false, count: kinds * kinds)
  /// The mark of a blank, U+2581, behind another character.
  private(set) var hasMarkInside = false
  /// A line feed beside another character.
  private(set) var hasLineFeedBeside = false

  /// Stands for bytes that are no character.
  static let replacement: UInt32 = 0xFFFD

  /// `nil` where merges make tokens of bytes that are parts of characters.
  init?(_ model: BPEModel, _ base: CharacterBase) {
    let texts = model.vocabulary
    let edges = TokenEdges(texts, sparingBytes: base.fallsBackToBytes)
    for merge in model.merges {
      guard Int(max(merge.left, merge.right)) < texts.count else { return nil }
      let (before, after) = (edges.lasts[Int(merge.left)], edges.firsts[Int(merge.right)])
      if before == TokenEdges.byte || after == TokenEdges.byte { return nil }
      insert(before, after)
    }
    for id in base.wholeTokens { insertPairs(of: texts[id] ?? []) }
  }

  init(_ model: UnigramModel) {
    for id in 0..<TokenID(model.vocabulary.count) where model.kinds[Int(id)].isText {
      insertPairs(of: model.vocabulary[id] ?? [])
    }
  }

  /// Whether a token can reach from one character to the next.
  @inline(__always)
  func mayJoin(_ before: UInt32, _ after: UInt32) -> Bool {
    let place = Self.place(of: before, after)
    return words[place >> 6] >> UInt64(place & 63) & 1 != 0
  }

  private mutating func insert(_ before: UInt32, _ after: UInt32) {
    let place = Self.place(of: before, after)
    words[place >> 6] |= 1 << UInt64(place & 63)
    if after == BlankMark.scalar && before != BlankMark.scalar { hasMarkInside = true }
    if before != BlankMark.scalar {
      asciiPairs[Self.kind(before) * Self.kinds + Self.kind(after)] = true
    }
    if before != after && (before == 0x0A || after == 0x0A) { hasLineFeedBeside = true }
  }

  private static func kind(_ character: UInt32) -> Int { Int(min(character, 128)) }

  /// Characters of ASCII among the candidates that stand beside no other in a token, but behind the
  /// mark of a blank.
  func alone(among candidates: Set<UInt8>) -> Set<UInt8> {
    candidates.filter { character in
      (0..<Self.kinds).allSatisfy { !areJoined(Int(character), $0) }
    }
  }

  /// The most of the candidates that stand beside each other only in a token, or behind the mark of a
  /// blank.
  func closed(among candidates: Set<UInt8>) -> Set<UInt8> {
    var kept = candidates
    while true {
      let open = kept.filter { character in
        (0..<Self.kinds).contains {
          ($0 == 128 || !kept.contains(UInt8($0))) && areJoined(Int(character), $0)
        }
      }
      if open.isEmpty { return kept }
      kept.subtract(open)
    }
  }

  private func areJoined(_ a: Int, _ b: Int) -> Bool {
    asciiPairs[a * Self.kinds + b] || asciiPairs[b * Self.kinds + a]
  }

  @inline(__always)
  private static func place(of before: UInt32, _ after: UInt32) -> Int {
    let pair = UInt64(before) << 21 | UInt64(after)
    return Int(truncatingIfNeeded: (pair &* 0x9E37_79B9_7F4A_7C15) >> UInt64(64 - bits))
  }

  private mutating func insertPairs(of text: ArraySlice<UInt8>) {
    text.withUnsafeBufferPointer { text in
      guard let start = text.baseAddress else { return }
      var before: UInt32?
      var place = 0
      while place < text.count {
        let scalar = UTF8Decoding.scalar(at: start + place, readable: text.count - place)
        let value = scalar?.value ?? Self.replacement
        if let before { insert(before, value) }
        before = value
        place += scalar?.length ?? 1
      }
    }
  }
}

/// The first and the last character of each token.
private struct TokenEdges {
  /// Stands for those of a token that is a byte, or no token.
  static let byte = UInt32.max

  private(set) var firsts: [UInt32]
  private(set) var lasts: [UInt32]

  /// - Parameter sparesBytes: whether tokens such as `<0x00>` are bytes.
  init(_ texts: Vocabulary, sparingBytes sparesBytes: Bool) {
    firsts = Array(repeating: CharacterPairs.replacement, count: texts.count)
    lasts = firsts
    texts.bytes.withUnsafeBufferPointer { bytes in
      for id in 0..<texts.count {
        let text = bytes.extracting(texts.range(of: TokenID(id)))
        let isByte = sparesBytes && text.count == 6 && ByteFallback.byte(spelled: text) != nil
        if isByte || !texts.present[id] {
          (firsts[id], lasts[id]) = (Self.byte, Self.byte)
          continue
        }
        guard let start = text.baseAddress, !text.isEmpty else { continue }
        if let first = UTF8Decoding.scalar(at: start, readable: text.count) {
          firsts[id] = first.value
        }
        if let last = UTF8Decoding.scalar(before: start + text.count, readable: text.count) {
          lasts[id] = last.value
        }
      }
    }
  }
}
