/// Why bytes or rules make no charsmap.
public enum CharsmapError: Error, Equatable, CustomStringConvertible {
  /// The first four bytes of a precompiled charsmap, the size of its trie, do not fit the rest.
  case trieSize(declared: Int, available: Int)
  /// A transition leads out of the trie. `unit`: index in the array.
  case transitionOutOfRange(unit: Int)
  /// Where a rule ends stands no offset of a replacement.
  case missingReplacement(unit: Int)
  /// A replacement begins behind the last byte. `offset`: in the strings behind the trie.
  case replacementOutOfRange(unit: Int, offset: Int)
  /// A replacement is not UTF-8.
  case replacementNotUTF8(offset: Int)
  /// A replacement is longer than `Charsmap.longestText`.
  case replacementTooLong(offset: Int)
  /// A rule replaces bytes that are not UTF-8.
  case ruleNotUTF8(unit: Int)
  /// A rule replaces more than `Charsmap.longestText` bytes, or the trie has a cycle.
  case ruleTooLong(unit: Int)
  /// A file of rules holds none.
  case noRules
  /// More than `Charsmap.greatestNesting` rules, each the beginning of the next.
  case nestedTooDeeply(Int)
  /// The trie would be larger than its links can reach.
  case tooManyRules
  /// A symbol that stays as it is, is not UTF-8, contains NUL, or is longer than
  /// `Charsmap.longestText`.
  case unusableSymbol([UInt8])
  /// The installed ICU gives other rules than those of the name.
  case unicodeData(name: String, icu: String)
  /// A line of a rule file, counted from 1, makes no rule.
  case rule(line: Int, RuleProblem)

  public enum RuleProblem: Error, Equatable, CustomStringConvertible {
    case nothingReplaced
    case notHexadecimal([UInt8])
    /// Surrogates, NUL, numbers above U+10FFFF.
    case noCharacter(UInt32)
    case tooLong

    public var description: String {
      switch self {
      case .nothingReplaced:
        "replaces nothing; write code points before the tab, such as 41 301"
      case .notHexadecimal(let word):
        "has \(quoted(word)) where a hexadecimal code point belongs, such as 1F600"
      case .noCharacter(let value):
        "names \(String(value, radix: 16, uppercase: true)), which is no character; "
          + "use 1 to 10FFFF without D800 to DFFF"
      case .tooLong:
        "has more than \(Charsmap.longestText) bytes of UTF-8 on one side; split the rule"
      }
    }
  }

  public var description: String {
    switch self {
    case .trieSize(let declared, let available):
      "the charsmap says that its trie has \(declared) bytes, but \(available) follow; "
        + "take it from an intact model"
    case .transitionOutOfRange(let unit):
      "unit \(unit) of the charsmap's trie leads out of the trie; take it from an intact model"
    case .missingReplacement(let unit):
      "unit \(unit) of the charsmap's trie ends a rule without a replacement; "
        + "take it from an intact model"
    case .replacementOutOfRange(let unit, let offset):
      "unit \(unit) of the charsmap's trie points to byte \(offset), behind the last replacement; "
        + "take it from an intact model"
    case .replacementNotUTF8(let offset):
      "the replacement at byte \(offset) of the charsmap is not UTF-8; take it from an intact model"
    case .replacementTooLong(let offset):
      "the replacement at byte \(offset) of the charsmap is longer than \(Charsmap.longestText) "
        + "bytes; split the rule"
    case .ruleNotUTF8(let unit):
      "a rule of the charsmap, at unit \(unit) of its trie, replaces bytes that are not UTF-8; "
        + "take it from an intact model"
    case .ruleTooLong(let unit):
      "a rule of the charsmap, at unit \(unit) of its trie, replaces more than "
        + "\(Charsmap.longestText) bytes; take it from an intact model"
    case .noRules:
      "the file of normalization rules is empty; write a line for each rule, such as 41<tab>61"
    case .nestedTooDeeply(let count):
      "\(count) of the rules each begin the next, and SentencePiece reads "
        + "\(Charsmap.greatestNesting) at most; remove some"
    case .tooManyRules:
      "the rules need a larger trie than the form of a charsmap can hold; remove some"
    case .unusableSymbol(let symbol):
      "the symbol \(quoted(symbol)) is not UTF-8, contains NUL, or is longer than "
        + "\(Charsmap.longestText) bytes; choose another"
    case .unicodeData(let name, let icu):
      "ICU \(icu) does not give the rules of \(name); install ICU 72 or a later one"
    case .rule(let line, let problem):
      "line \(line) of the normalization rules \(problem)"
    }
  }
}
