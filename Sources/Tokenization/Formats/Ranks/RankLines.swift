/// The lines of a rank file.
struct RankLines {
  let vocabulary: Vocabulary
  /// The file, where errors look for lines.
  private let text: [UInt8]

  init(reading text: [UInt8]) throws(FormatError) {
    let tokens = try Self.tokens(of: text)
    self.text = text
    let greatest = ModelLimits.greatestRank(of: tokens.lines.count)
    if let index = tokens.lines.firstIndex(where: { Int($0.id) > greatest }) {
      throw .line(
        Self.number(of: index, in: text),
        .idOutOfRange(token: Array(tokens.token(at: index)), greatest: greatest))
    }
    vocabulary =
      tokens.isAscending ? tokens.vocabulary : try Self.sorted(tokens, lines: text)
  }

  /// The error for a token that has two ids, with the line of the later one.
  func duplicateToken(_ first: TokenID, _ second: TokenID) -> FormatError {
    let lines = (try? Self.tokens(of: text))?.lines
    let last = lines?.lastIndex { $0.id == first || $0.id == second } ?? 0
    return .line(
      Self.number(of: last, in: text),
      .duplicateToken(token: vocabulary[first].map(Array.init) ?? []))
  }

  /// Whether a text begins with a token in base64, a blank and a rank.
  static func startsRanks(_ text: [UInt8]) -> Bool {
    guard let start = text.firstIndex(where: { !RankText.isLineEnd($0) }) else { return false }
    let line = Array(text[start...].prefix { !RankText.isLineEnd($0) })
    return (try? tokens(of: line)) != nil
  }

  private static func tokens(of text: [UInt8]) throws(FormatError) -> RankTokens {
    var failure: Int?
    let tokens = text.withUnsafeBufferPointer { RankTokens(reading: $0, failure: &failure) }
    if let failure { throw malformed(at: failure, in: text) }
    return tokens
  }

  private static func sorted(
    _ tokens: RankTokens, lines text: [UInt8]
  ) throws(FormatError) -> Vocabulary {
    let order = tokens.lines.indices.sorted {
      (tokens.lines[$0].id, $0) < (tokens.lines[$1].id, $1)
    }
    for (index, next) in zip(order, order.dropFirst())
    where tokens.lines[index].id == tokens.lines[next].id {
      throw .line(number(of: next, in: text), .duplicateID(id: tokens.lines[next].id))
    }
    return tokens.reordered(order).vocabulary
  }

  // MARK: - Errors

  private static func malformed(at place: Int, in text: [UInt8]) -> FormatError {
    let number = text[..<place].lazy.filter { $0 == 0x0A }.count + 1
    let line = text[place...].prefix { !RankText.isLineEnd($0) }
    return .line(number, .malformedRank(found: Array(line)))
  }

  /// The number, from 1, of a line by its place among those with tokens.
  private static func number(of index: Int, in text: [UInt8]) -> Int {
    var remaining = index
    var number = 0
    for line in text.split(separator: 0x0A, omittingEmptySubsequences: false) {
      number += 1
      if line.isEmpty || line.elementsEqual([0x0D]) { continue }
      if remaining == 0 { break }
      remaining -= 1
    }
    return number
  }
}
