/// A user's own rules: a line each, what is replaced and, after a tab, by what; both as hexadecimal
/// code points separated by blanks, with or without `U+` (the file that SentencePiece's
/// `--normalization_rule_tsv` names; builder.cc, `Builder::LoadCharsMap`).
///
/// Nothing after the tab, or no tab, deletes. A second tab begins a comment. Of two lines that replace
/// the same the later holds.
struct RuleFile {
  private var list = CharsmapRuleList()
  private var replacements = ReplacementList()

  /// - Throws: `.rule`, naming the line, `.noRules`, `.nestedTooDeeply` and `.tooManyRules`.
  static func precompiled(_ bytes: [UInt8]) throws(CharsmapError) -> [UInt8] {
    var file = RuleFile()
    var line = 1
    var rest = bytes[...]
    while !rest.isEmpty {
      let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
      try file.read(rest[..<end], line)
      rest = rest[end...].dropFirst()
      line += 1
    }
    guard file.list.count > 0 else { throw .noRules }
    return try RuleTree(file.list).precompiled(file.replacements)
  }

  private mutating func read(_ text: ArraySlice<UInt8>, _ line: Int) throws(CharsmapError) {
    let columns = text.split(
      separator: UInt8(ascii: "\t"), maxSplits: 2, omittingEmptySubsequences: false)
    let key = try Self.scalars(columns[0], line)
    guard !key.isEmpty else { throw .rule(line: line, .nothingReplaced) }
    let replacement = columns.count > 1 ? try Self.scalars(columns[1], line) : []
    list.append(key, replacements.number(of: replacement))
  }

  private static func scalars(
    _ column: ArraySlice<UInt8>, _ line: Int
  ) throws(CharsmapError) -> [UInt32] {
    var scalars: [UInt32] = []
    var length = 0
    for word in column.split(whereSeparator: { $0 == 0x20 || $0 == 0x0D }) {
      guard let value = number(word) else { throw .rule(line: line, .notHexadecimal(Array(word))) }
      guard value != 0, let scalar = Unicode.Scalar(value) else {
        throw .rule(line: line, .noCharacter(value))
      }
      scalars.append(value)
      length += UTF8.width(scalar)
    }
    guard length <= Charsmap.longestText else { throw .rule(line: line, .tooLong) }
    return scalars
  }

  private static func number(_ word: ArraySlice<UInt8>) -> UInt32? {
    var digits = word
    for prefix in ["U+", "0x", "0X"] where digits.starts(with: prefix.utf8) {
      digits = digits.dropFirst(2)
      break
    }
    guard !digits.isEmpty, digits.count <= 8 else { return nil }
    var value: UInt32 = 0
    for digit in digits {
      guard let digit = hexadecimal(digit) else { return nil }
      value = value << 4 | digit
    }
    return value
  }

  private static func hexadecimal(_ digit: UInt8) -> UInt32? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(digit - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(digit - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(digit - UInt8(ascii: "A") + 10)
    default: nil
    }
  }
}
