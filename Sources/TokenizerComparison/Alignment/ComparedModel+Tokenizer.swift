import Primitives
import Tokenization

extension ComparedModel {
  /// - Complexity: O(bytes of the vocabulary).
  public init(_ tokenizer: Tokenizer, name: [UInt8]) {
    let family =
      switch tokenizer.model {
      case .bpe: "BPE"
      case .wordPiece: "WordPiece"
      case .unigram: "Unigram"
      case .wordLevel: "word level"
      }
    let tokens = (0..<TokenID(tokenizer.idCount)).compactMap { id in
      tokenizer.bytes(of: id).map { (id, $0) }
    }
    self.init(
      name: name, family: family, tokenCount: tokens.count,
      vocabularyFingerprint: Self.fingerprint(of: tokens).description,
      unknownID: tokenizer.model.unknownID)
  }

  /// Of id, length and bytes of each token, numbers in eight bytes, the lowest first.
  private static func fingerprint(of tokens: [(TokenID, ArraySlice<UInt8>)]) -> Fingerprint {
    var bytes: [UInt8] = []
    for (id, token) in tokens {
      for number in [UInt64(id), UInt64(token.count)] {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
      }
      bytes += token
    }
    return Fingerprint(of: bytes)
  }
}
