import Primitives

/// Normalizes and encodes words of raw text that no cache has. One for each thread.
struct WordModel: PieceModel, ~Copyable {
  /// Words of more bytes are encoded part by part: few of them come again as a whole.
  private static let longestWhole = 31

  private let model: CompiledModel
  private let parts: CharacterParts
  private let normalization: NormalizationChain
  /// Parts of normalized words.
  private var cache: PieceCache
  private let cacheBytes: Int
  private let packing: IDPacking
  /// What unigram models need to know of the words before; others have none.
  private let sum: UnigramSum?

  init(
    _ words: RawWords, _ model: CompiledModel, _ normalization: NormalizationChain,
    _ sum: UnigramSum?, packing: IDPacking, cacheBytes: Int
  ) {
    self.model = model
    parts = words.parts
    self.normalization = normalization
    self.packing = packing
    cache = PieceCache(packing, byteCount: cacheBytes)
    self.cacheBytes = cacheBytes
    self.sum = sum
  }

  mutating func encode(
    _ piece: UnsafeBufferPointer<UInt8>, into output: UnsafeMutablePointer<TokenID>
  ) -> PieceOutcome {
    guard let text = normalized(piece, startsText: false, endsText: false) else {
      return PieceOutcome(count: CompiledModel.failure)
    }
    return text.count <= Self.longestWhole
      ? encode(part: text, into: output) : encodeParts(of: text, into: output)
  }

  /// The tokens of a word that no cache shall know, as it is normalized.
  ///
  /// - Parameter output: room for an id a byte, and `IDPacking.spareIDs`.
  /// - Returns: the number of ids, or `CompiledModel.failure`.
  mutating func encode(
    normalized text: UnsafeBufferPointer<UInt8>, into output: UnsafeMutablePointer<TokenID>
  ) -> Int {
    // Where scores are counted from another place on, all parts must be seen.
    return sum == nil && text.count > Self.longestWhole
      ? encodeParts(of: text, into: output).count : encode(part: text, into: output).count
  }

  /// A word as the model gets it, until the next one; at the ends of a text blanks are put or go. The
  /// steps of these tokenizers have no pattern, so that they do not fail.
  func normalized(
    _ word: UnsafeBufferPointer<UInt8>, startsText: Bool, endsText: Bool
  ) -> UnsafeBufferPointer<UInt8>? {
    try? normalization.normalize(
      word, startsDocument: startsText, endsDocument: endsText, recordingEdits: false
    ).bytes
  }

  private mutating func encodeParts(
    of text: UnsafeBufferPointer<UInt8>, into output: UnsafeMutablePointer<TokenID>
  ) -> PieceOutcome {
    var outcome = PieceOutcome(count: 0)
    var start = 0
    while start < text.count {
      let end = parts.end(of: text, from: start)
      let part = encodeCached(
        part: UnsafeBufferPointer(rebasing: text[start..<end]), into: output + outcome.count)
      if part.count < 0 { return part }
      outcome.count += part.count
      outcome.isFixed = outcome.isFixed && part.isFixed
      start = end
    }
    return outcome
  }

  private mutating func encodeCached(
    part: UnsafeBufferPointer<UInt8>, into output: UnsafeMutablePointer<TokenID>
  ) -> PieceOutcome {
    guard let key = ShortKey(part) else { return encode(part: part, into: output) }
    cache.makeRoom(for: 1, within: cacheBytes)
    let home = PieceCache.line(of: key, shift: cache.shift)
    if let packed = cache.packedIDs(of: key, home: home) {
      return PieceOutcome(count: packing.unpack(packed, into: output))
    }
    let outcome = encode(part: part, into: output)
    if outcome.isFixed, outcome.count >= 0, outcome.count <= cache.mostIDs {
      cache.insert(key, home: home, ids: output, count: outcome.count)
    }
    return outcome
  }

  private func encode(
    part: UnsafeBufferPointer<UInt8>, into output: UnsafeMutablePointer<TokenID>
  ) -> PieceOutcome {
    sum?.encode(part, into: output) ?? PieceOutcome(count: model.encode(part, into: output))
  }
}
