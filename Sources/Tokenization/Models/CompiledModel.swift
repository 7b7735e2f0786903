/// A model of any family in the form in which it is applied. Encoders ask it for pieces that no
/// cache has, so that the choice between families costs nothing where it counts.
enum CompiledModel: Sendable {
  case bpe(CompiledBPE)
  case characterBPE(CompiledCharacterBPE)
  case wordPiece(CompiledWordPiece)
  case unigram(CompiledUnigram)
  case doubleUnigram(CompiledDoubleUnigram)
  case wordLevel(CompiledWordLevel)

  /// In place of a number of ids: a piece needs the unknown token, and the model has none.
  static let failure = -1

  /// `nil` if a WordPiece vocabulary lacks its unknown token.
  init?(_ model: TokenizerModel) {
    switch model {
    case .bpe(let model):
      switch model.base {
      case .bytes: self = .bpe(CompiledBPE(model))
      case .characters(let base): self = .characterBPE(CompiledCharacterBPE(model, base))
      }
    case .wordPiece(let model):
      guard let compiled = CompiledWordPiece(model) else { return nil }
      self = .wordPiece(compiled)
    case .unigram(let model):
      switch model.rules {
      case .sentencePiece: self = .unigram(CompiledUnigram(model))
      case .huggingFace(let fallsBack):
        self = .doubleUnigram(CompiledDoubleUnigram(model, fallsBackToBytes: fallsBack))
      }
    case .wordLevel(let model): self = .wordLevel(CompiledWordLevel(model))
    }
  }

  /// The tokens of one pre-token.
  ///
  /// - Parameter output: room for `piece.count` ids.
  /// - Returns: the number of ids, or `failure`.
  func encode(
    _ piece: UnsafeBufferPointer<UInt8>, into output: UnsafeMutablePointer<TokenID>
  ) -> Int {
    switch self {
    case .bpe(let model): model.encode(piece, into: output)
    case .characterBPE(let model): model.encode(piece, into: output)
    case .wordPiece(let model): model.encode(piece, into: output)
    case .unigram(let model): model.encode(piece, into: output)
    case .doubleUnigram(let model): model.encode(piece, into: output)
    case .wordLevel(let model): model.encode(piece, into: output)
    }
  }

  /// Whether each byte of unknown characters has a token.
  var hasAllBytes: Bool {
    switch self {
    case .characterBPE(let model): model.hasAllBytes
    case .unigram(let model): model.hasAllBytes
    case .bpe, .wordPiece, .doubleUnigram, .wordLevel: false
    }
  }

  /// Whether a character is a token by itself, as `hasAllBytes` of a model of characters that takes a
  /// text as one.
  func hasToken(for character: UnsafeBufferPointer<UInt8>) -> Bool {
    switch self {
    case .characterBPE(let model): model.hasToken(for: character)
    case .unigram(let model): model.hasToken(for: character)
    case .bpe, .wordPiece, .doubleUnigram, .wordLevel: false
    }
  }

  /// The same.
  func hasToken(for character: [UInt8]) -> Bool {
    character.withUnsafeBufferPointer { hasToken(for: $0) }
  }

  /// Appends where each token of a piece stands in it; there are as many ranges as tokens.
  ///
  /// - Parameter ids: ids of a text, beginning with those that `encode` gives for the piece.
  func appendRanges(
    of piece: UnsafeBufferPointer<UInt8>, _ ids: UnsafeBufferPointer<TokenID>,
    to ranges: inout [Range<Int>]
  ) {
    switch self {
    case .bpe(let model): model.appendRanges(of: piece, ids, to: &ranges)
    case .characterBPE(let model): model.appendRanges(of: piece, ids, to: &ranges)
    case .wordPiece(let model): model.appendRanges(of: piece, ids, to: &ranges)
    case .unigram(let model): model.appendRanges(of: piece, to: &ranges)
    case .doubleUnigram(let model): model.appendRanges(of: piece, to: &ranges)
    case .wordLevel: ranges.append(0..<piece.count)
    }
  }
}
