import Primitives
import Tokenization

/// An explanation for a person: plain lines of at most 80 columns.
struct ExplanationListing {
  let tokenizer: Tokenizer

  func lines(of explanation: Explanation, _ text: [UInt8]) -> [String] {
    var lines = fact("text", [VisibleText.token(text[...])])
    if explanation.normalized != text {
      lines += fact("normalized", [VisibleText.token(explanation.normalized[...])])
    }
    let words = explanation.parts.map { part in
      switch part {
      case .token(let id, _): shown(id)
      case .word(let word): VisibleText.token(word.bytes[...])
      }
    }
    if words.count != 1 { lines += fact("pre-tokens", words) }
    lines += steps(of: explanation)
    lines += ["", "tokens"]
    var listed: Set<TokenID> = []
    for part in explanation.parts {
      let ids =
        switch part {
        case .token(let id, _): [id]
        case .word(let word): word.ids
        }
      for id in ids where listed.insert(id).inserted { lines += origin(of: id, in: explanation) }
    }
    return lines
  }

  /// What happens to each word, step by step; a word that comes again is left out.
  func steps(of explanation: Explanation) -> [String] {
    var seen: Set<[UInt8]> = []
    return explanation.parts.flatMap { part -> [String] in
      guard case .word(let word) = part, seen.insert(word.bytes).inserted else { return [] }
      return ["", cut(VisibleText.token(word.bytes[...]))] + steps(of: word)
    }
  }

  private func steps(of word: Explanation.Word) -> [String] {
    switch word.reason {
    case .whole: return row("", ["is a token, which is taken before all else"])
    case .tooLong: return row("", ["has more characters than the model looks at"])
    case .unfollowed:
      return row("", ["is too long to be followed:"] + word.ids.map(shown))
    case .merges(let symbols, let merges):
      return row("", symbols.map(shown))
        + merges.flatMap { row(Figures.grouped($0.rank), ofMerge($0)) }
        + (merges.isEmpty && symbols.count > 1 ? row("", ["no merge joins any two of them"]) : [])
    case .ways(let ways):
      let pieces = ways.flatMap { way in
        row(
          Figures.decimal(way.score, places: 3),
          way.pieces.map { piece in
            name(of: piece, in: word) + " \(Figures.decimal(piece.score, places: 3))"
          }, separator: "   ", mark: way.isTaken ? "*" : " ")
      }
      return ways.contains(where: \.isTaken)
        ? pieces : pieces + row("", ["*"] + word.ids.map(shown))
    case .matches(let matches):
      return matches.flatMap { match -> [String] in
        let rest = VisibleText.token(word.bytes[match.start...])
        guard let taken = match.found.first else {
          return row("", [rest + ":", "no token matches, so that the word is unknown"])
        }
        let others = match.found.dropFirst().map { shown($0.id) }
        return row(
          "", [cut(rest) + ":", shown(taken.id)] + (others.isEmpty ? [] : ["before"]) + others)
      }
    }
  }

  private func ofMerge(_ merge: Explanation.Merge) -> [String] {
    [shown(merge.left), "+", shown(merge.right) + "  "] + merge.tokens.map(shown)
  }

  /// Unknown characters show as they are.
  private func name(of piece: Explanation.Piece, in word: Explanation.Word) -> String {
    piece.id == tokenizer.model.unknownID
      ? "?" + VisibleText.token(word.bytes[piece.range]) : shown(piece.id)
  }

  private func origin(of id: TokenID, in explanation: Explanation) -> [String] {
    let reason: [String] =
      switch tokenizer.origin(of: id, in: explanation) {
      case nil: ["no token"]
      case .special: ["a special token"]
      case .added: ["a word that was added"]
      case .unknown: ["stands for text without a token"]
      case .byte(let byte): ["the byte", hexadecimal(byte)]
      case .character: ["a character of the alphabet"]
      case .merge(let rank, let left, let right):
        ["merge \(Figures.grouped(rank)):", shown(left), "+", shown(right)]
      case .unmerged: ["no merge makes it"]
      case .piece(let score): ["a piece with the score \(Figures.decimal(score, places: 4))"]
      case .userDefined: ["a symbol that the user asked for"]
      case .unused: ["not used any more"]
      case .wordStart: ["begins a word"]
      case .wordContinuation: ["continues a word"]
      case .word: ["a word"]
      }
    return row(String(id), [shown(id) + "  "] + reason)
  }

  private func hexadecimal(_ byte: UInt8) -> String {
    (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
  }

  private func shown(_ id: TokenID) -> String {
    tokenizer.bytes(of: id).map { cut(VisibleText.token($0)) } ?? "(no token)"
  }

  // MARK: - Layout

  private static let width = 80
  private static let indent = 12

  /// What does not fit a line by far ends in an ellipsis.
  private func cut(_ text: String) -> String {
    Columns.cut(text, to: Self.width - Self.indent - 7)
  }

  private func fact(_ name: String, _ words: [String]) -> [String] {
    wrapped(words.map(cut), first: name + blanks(Self.indent - name.utf8.count))
  }

  /// A number at the right of its column, and words behind it.
  private func row(
    _ number: String, _ words: [String], separator: String = " ", mark: String = " "
  ) -> [String] {
    wrapped(
      words,
      first: blanks(Self.indent - 4 - number.utf8.count) + number + " " + mark + "  ",
      separator: separator)
  }

  private func wrapped(
    _ words: [String], first: String, separator: String = " "
  ) -> [String] {
    var lines: [String] = []
    var line = first
    var columns = Columns.of(first)
    var isFirst = true
    for word in words {
      let length = Columns.of(word)
      if !isFirst && columns + separator.utf8.count + length > Self.width {
        lines.append(line)
        (line, columns, isFirst) = (blanks(Self.indent), Self.indent, true)
      }
      line += (isFirst ? "" : separator) + word
      columns += (isFirst ? 0 : separator.utf8.count) + length
      isFirst = false
    }
    return lines + [line]
  }

  private func blanks(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }
}
