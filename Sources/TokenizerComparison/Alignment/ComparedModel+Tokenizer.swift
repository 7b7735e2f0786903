import Tokenization

extension ComparedModel {
  public init(_ tokenizer: Tokenizer, name: [UInt8]) {
    let family =
      switch tokenizer.model {
      case .bpe: "BPE"
      case .wordPiece: "WordPiece"
      case .unigram: "Unigram"
      case .wordLevel: "word level"
      }
    let count = (0..<TokenID(tokenizer.idCount)).lazy.filter { tokenizer.bytes(of: $0) != nil }
      .count
    self.init(name: name, family: family, tokenCount: count, vocabularyFingerprint: "")
  }
}
