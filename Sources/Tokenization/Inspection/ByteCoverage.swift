/// Which bytes a model can spell, whatever the text: by tokens of single bytes, or by tokens that stand
/// for bytes of characters without one.
public struct ByteCoverage: Sendable, Equatable {
  /// Of the 256 bytes, those that can be spelled, ascending.
  public let bytes: [UInt8]
  /// Number of tokens that are single characters.
  public let characterCount: Int

  public init(_ model: TokenizerModel) {
    let vocabulary = model.vocabulary
    var isSpelled = [Bool](repeating: false, count: 256)
    var characters = 0
    for id in 0..<TokenID(vocabulary.count) {
      guard let token = vocabulary[id] else { continue }
      if let byte = model.fallbackByte(of: id) ?? Self.fallbackByte(token, in: model) {
        isSpelled[Int(byte)] = true
      } else if model.holdsBytes && token.count == 1 {
        token.first.map { isSpelled[Int($0)] = true }
      }
      if Self.isCharacter(token) { characters += 1 }
    }
    bytes = isSpelled.indices.filter { isSpelled[$0] }.map { UInt8($0) }
    characterCount = characters
  }

  /// Whether all of UTF-8 can be spelled: every byte but those 13 that stand in no text.
  public var coversUTF8: Bool {
    let known = Set(bytes)
    return (UInt8.min...UInt8.max).allSatisfy { known.contains($0) || Self.isNoUTF8($0) }
  }

  public var coversAllBytes: Bool { bytes.count == 256 }

  private static func isNoUTF8(_ byte: UInt8) -> Bool {
    byte == 0xC0 || byte == 0xC1 || byte > 0xF4
  }

  /// Hugging Face's unigram model has no kinds of tokens: spelling is all.
  private static func fallbackByte(
    _ token: ArraySlice<UInt8>, in model: TokenizerModel
  ) -> UInt8? {
    guard case .unigram(let model) = model, model.rules == .huggingFace(fallsBackToBytes: true)
    else { return nil }
    return ByteFallback.byte(spelled: token)
  }

  private static func isCharacter(_ token: ArraySlice<UInt8>) -> Bool {
    guard token.count <= 4, let text = String(validating: token, as: UTF8.self) else {
      return false
    }
    return text.unicodeScalars.count == 1
  }
}
