/// How tokens become text again: what `tokenizer.json` calls a decoder.
public enum Detokenizer: Sendable, Equatable {
  /// The bytes of the tokens, one after the other.
  case bytes
  /// A blank before each token but the first and those that begin with the prefix, which goes.
  /// `cleansUp`: the blanks before English punctuation and contractions go, too.
  case wordPiece(prefix: [UInt8], cleansUp: Bool)

  /// The mark of a blank, U+2581, becomes one; `unknown`: what stands for text that had no token,
  /// `nil`: the token's own text. Control symbols leave nothing.
  case sentencePiece(unknown: [UInt8]?, front: FrontBlanks)

  /// Which blanks go from the front of a text.
  public enum FrontBlanks: Sendable {
    case none, one, all
  }

  /// Whether a token that stands first leaves another text than behind others.
  var knowsFirst: Bool {
    switch self {
    case .bytes, .sentencePiece(_, .none): false
    default: true
    }
  }

  /// Whether a token that has left nothing but was first in the text is the only first one.
  var endsFirstWithBlank: Bool {
    if case .sentencePiece(_, .one) = self { true } else { false }
  }

  /// Appends the text that a token leaves.
  func append(_ token: some Collection<UInt8>, isFirst: Bool, to output: inout [UInt8]) {
    switch self {
    case .bytes: output.append(contentsOf: token)
    case .sentencePiece(_, let front):
      var rest = Array(token)[...]
      if isFirst && front != .none && rest.starts(with: Self.blank) {
        rest = rest.dropFirst(Self.blank.count)
      }
      while let first = rest.first {
        let isBlank = rest.starts(with: Self.blank)
        output.append(isBlank ? UInt8(ascii: " ") : first)
        rest = rest.dropFirst(isBlank ? Self.blank.count : 1)
      }
    case .wordPiece(let prefix, let cleansUp):
      var text = Array(token)
      if !isFirst {
        if text.starts(with: prefix) {
          text.removeFirst(prefix.count)
        } else {
          text.insert(UInt8(ascii: " "), at: 0)
        }
      }
      output.append(contentsOf: cleansUp ? Self.cleaned(text) : text)
    }
  }

  private static let blank = Array("▁".utf8)

  /// Each is replaced everywhere before the next is looked for, inside one token: those of
  /// `cleanup` in Hugging Face's decoder.
  private static let cleanings: [(StaticString, StaticString)] = [
    (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"),
    (" 'm", "'m"), (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
  ]

  private static func cleaned(_ text: [UInt8]) -> [UInt8] {
    guard text.contains(UInt8(ascii: " ")) else { return text }
    var text = text
    for (searched, replacement) in cleanings {
      searched.withUTF8Buffer { searched in
        guard text.count >= searched.count else { return }
        var cleaned: [UInt8] = []
        var start = 0
        while start < text.count {
          if text[start...].starts(with: searched) {
            replacement.withUTF8Buffer { cleaned.append(contentsOf: $0) }
            start += searched.count
          } else {
            cleaned.append(text[start])
            start += 1
          }
        }
        text = cleaned
      }
    }
    return text
  }
}
