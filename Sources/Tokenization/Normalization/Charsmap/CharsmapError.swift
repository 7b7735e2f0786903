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
    }
  }
}
