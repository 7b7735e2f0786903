import Primitives
import Tokenization

/// Counts as a table that people and scripts read and write: a word, a tab, its count, and where the
/// ends of sentences matter a tab and how often the word stood at one. A line each.
///
/// A backslash, a tab and line ends are written `\\`, `\t`, `\n` and `\r`, other control characters of
/// ASCII and the bytes of words that are not UTF-8 as `\xHH`.
public enum CountTable {
  /// The text of some counts, in ascending order of bytes.
  ///
  /// - Throws: `CountFileError.noTable` where words carry the characters that follow them.
  public static func text(
    of counts: PreTokenCounts, sentences: SentenceRules?
  ) throws(CountFileError) -> [UInt8] {
    if let sentences, sentences.marksFollowers, sentences.whitespace == .ends {
      throw .noTable(
        reason:
          "a table cannot say what follows words whose blanks end them; write a file of counts")
    }
    let marksEnds = sentences?.marksFollowers ?? false
    var rows: [(word: ArraySlice<UInt8>, count: UInt64, atEnd: UInt64)] = []
    var start = 0
    for index in 0..<counts.wordCount {
      let (end, count) = (counts.ends[index], counts.counts[index])
      let isAtEnd = marksEnds && counts.bytes[end - 1] == SentenceRules.endMark
      rows.append(
        (counts.bytes[start..<end - (isAtEnd ? 1 : 0)], count, isAtEnd ? count : 0))
      start = end
    }
    rows.sort { one, other in
      one.word == other.word
        ? one.atEnd < other.atEnd : one.word.lexicographicallyPrecedes(other.word)
    }
    var text: [UInt8] = []
    for (place, row) in rows.enumerated() {
      // A word that also ends sentences has a second row behind its first.
      if place + 1 < rows.count, rows[place + 1].word == row.word { continue }
      let isSecond = place > 0 && rows[place - 1].word == row.word
      append(row.word, to: &text)
      text.append(UInt8(ascii: "\t"))
      text += "\(row.count + (isSecond ? rows[place - 1].count : 0))".utf8
      if marksEnds { text += "\t\(row.atEnd)".utf8 }
      text.append(UInt8(ascii: "\n"))
    }
    return text
  }

  private static let escapes: [(byte: UInt8, letter: UInt8)] = [
    (UInt8(ascii: "\\"), UInt8(ascii: "\\")), (UInt8(ascii: "\t"), UInt8(ascii: "t")),
    (UInt8(ascii: "\n"), UInt8(ascii: "n")), (UInt8(ascii: "\r"), UInt8(ascii: "r")),
  ]

  private static func append(_ word: ArraySlice<UInt8>, to text: inout [UInt8]) {
    let isText = word.withUnsafeBufferPointer { UTF8Validation.isValid($0) }
    for byte in word {
      if let escape = escapes.first(where: { $0.byte == byte }) {
        text += [UInt8(ascii: "\\"), escape.letter]
      } else if byte >= 0x80 ? !isText : byte < 0x20 || byte == 0x7F {
        let digits = String(byte, radix: 16, uppercase: true)
        text += "\\x\(digits.count < 2 ? "0" : "")\(digits)".utf8
      } else {
        text.append(byte)
      }
    }
  }

  /// Reads a table.
  ///
  /// - Parameter path: names the file in errors.
  /// - Returns: the words in the order in which counting lists them, and whether the ends of sentences
  ///   that `sentences` asks for were there.
  public static func read(
    _ text: [UInt8], path: [UInt8], sentences: SentenceRules?, options: CorpusOptions, threads: Int
  ) throws(CountFileError) -> (corpus: CountedCorpus, hasEnds: Bool) {
    let marksEnds = sentences?.marksFollowers ?? false
    var rows: [(word: [UInt8], count: UInt64)] = []
    var summary = CorpusSummary()
    var hasEnds = !marksEnds
    var number = 0
    for line in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      number += 1
      if line.isEmpty { continue }
      let row = try CountTableRow(line, path: path, line: number)
      if marksEnds {
        hasEnds = hasEnds || row.atEnd != nil
        let atEnd = row.atEnd ?? 0
        if row.count > atEnd { rows.append((row.word, row.count - atEnd)) }
        if atEnd > 0 { rows.append((row.word + [SentenceRules.endMark], atEnd)) }
      } else {
        rows.append((row.word, row.count))
      }
    }
    rows.sort { $0.word.lexicographicallyPrecedes($1.word) }
    var words = CountedWords()
    for (place, row) in rows.enumerated() {
      if place > 0, rows[place - 1].word == row.word {
        throw .noTable(
          reason: "\(VisibleText.path(path)): '\(VisibleText.path(row.word))' stands there twice; "
            + "add its counts up")
      }
      try row.word.withUnsafeBufferPointer { (word) throws(CountFileError) in
        try words.append(word, count: row.count)
      }
    }
    try words.check(sentences, path: path)
    summary.files = 1
    summary.preTokens = words.sum
    summary.sources = [Fingerprint(of: text)]
    summary.distinctPreTokens = words.count
    return (
      CountedCorpus(
        counts: WordList.listing(words, threads: threads), summary: summary, options: options),
      hasEnds
    )
  }
}

/// A line of a table.
private struct CountTableRow {
  var word: [UInt8] = []
  let count: UInt64
  let atEnd: UInt64?

  init(_ line: ArraySlice<UInt8>, path: [UInt8], line number: Int) throws(CountFileError) {
    let cells = line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
    guard (2...3).contains(cells.count), let count = Self.number(cells[1]), count > 0 else {
      throw .line(path: path, number, expected: "a word, a tab and a count from 1 to 2^63 - 1")
    }
    self.count = count
    atEnd = cells.count == 3 ? Self.number(cells[2]) : nil
    guard cells.count == 2 || atEnd.map({ $0 <= count }) == true else {
      throw .line(
        path: path, number, expected: "a count at ends of sentences that is not above the first one"
      )
    }
    guard let word = Self.unescaped(cells[0]), !word.isEmpty else {
      throw .line(
        path: path, number,
        expected: "a word in which each backslash begins \\\\, \\t, \\n, \\r or \\xHH")
    }
    self.word = word
  }

  private static func number(_ cell: ArraySlice<UInt8>) -> UInt64? {
    guard !cell.isEmpty, cell.allSatisfy({ (0x30...0x39).contains($0) }),
      let number = UInt64(String(decoding: cell, as: UTF8.self)), number <= UInt64(Int64.max)
    else { return nil }
    return number
  }

  private static func unescaped(_ cell: ArraySlice<UInt8>) -> [UInt8]? {
    var word: [UInt8] = []
    var rest = cell
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\") else {
        word.append(byte)
        continue
      }
      switch rest.popFirst() {
      case UInt8(ascii: "\\"): word.append(UInt8(ascii: "\\"))
      case UInt8(ascii: "t"): word.append(UInt8(ascii: "\t"))
      case UInt8(ascii: "n"): word.append(UInt8(ascii: "\n"))
      case UInt8(ascii: "r"): word.append(UInt8(ascii: "\r"))
      case UInt8(ascii: "x"):
        let digits = rest.prefix(2)
        guard digits.count == 2,
          digits.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }),
          let byte = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
        else { return nil }
        word.append(byte)
        rest = rest.dropFirst(2)
      default: return nil
      }
    }
    return word
  }
}
