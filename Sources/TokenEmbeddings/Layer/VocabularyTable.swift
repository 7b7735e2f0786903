import Primitives
import Tokenization

/// `vocab.tsv`: the vocabulary as an embedding layer needs it, a line for each row of tokens.
///
/// Columns: id; the token's bytes, printable ASCII as it is but for the backslash, all else as `\xHH`;
/// what it is; its score, where the model has scores; how often it was used, where that is known. A column
/// without a value is empty.
public enum VocabularyTable {
  public static let fileName = "vocab.tsv"

  /// What a row is for.
  enum Kind: String {
    case token, byte, unknown, special, added, unused
  }

  /// - Parameter counts: how often each id was used.
  public static func bytes(of tokenizer: Tokenizer, counts: [UInt64]? = nil) -> [UInt8] {
    var text = Array("id\ttoken\tkind\tscore\tcount\n".utf8)
    var kinds = [Kind](repeating: .token, count: tokenizer.idCount)
    for id in kinds.indices { kinds[id] = kind(of: TokenID(id), in: tokenizer) }
    for token in tokenizer.specialTokens where Int(token.id) < kinds.count {
      kinds[Int(token.id)] = token.isSpecial ? .special : .added
    }
    if let unknown = tokenizer.model.unknownID, Int(unknown) < kinds.count {
      kinds[Int(unknown)] = .unknown
    }
    for id in kinds.indices {
      text += "\(id)\t".utf8
      for byte in tokenizer.bytes(of: TokenID(id)) ?? [] { append(byte, to: &text) }
      text += "\t\(kinds[id].rawValue)\t".utf8
      if case .unigram(let model) = tokenizer.model, id < model.scores.count {
        text += "\(model.scores[id])".utf8
      }
      text.append(UInt8(ascii: "\t"))
      if let counts, id < counts.count { text += "\(counts[id])".utf8 }
      text.append(UInt8(ascii: "\n"))
    }
    return text
  }

  private static func kind(of id: TokenID, in tokenizer: Tokenizer) -> Kind {
    guard let bytes = tokenizer.bytes(of: id) else { return .unused }
    if case .unigram(let model) = tokenizer.model, Int(id) < model.kinds.count {
      switch model.kinds[Int(id)] {
      case .normal: return .token
      case .unknown: return .unknown
      case .control: return .special
      case .userDefined: return .added
      case .unused: return .unused
      case .byte: return .byte
      }
    }
    if case .bpe(let model) = tokenizer.model, model.base == .bytes, bytes.count == 1 {
      return .byte
    }
    return .token
  }

  private static func append(_ byte: UInt8, to text: inout [UInt8]) {
    if (0x20..<0x7F).contains(byte) && byte != UInt8(ascii: "\\") {
      text.append(byte)
    } else {
      text += byte < 0x10 ? "\\x0".utf8 : "\\x".utf8
      text += String(byte, radix: 16, uppercase: true).utf8
    }
  }
}
