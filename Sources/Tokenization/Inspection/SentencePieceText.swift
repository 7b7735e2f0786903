/// What text is like that SentencePiece's normalizer has made: it is UTF-8, since U+FFFD is put in the
/// place of what is not, and some characters never stand in it.
struct SentencePieceText {
  private let normalizer: CompiledNormalizer
  private let hasBlanks: Bool
  /// Whether a byte stands in a replacement, or in a symbol to which no rule is applied.
  private let isWritten: [Bool]

  /// `nil` for another normalizer, one of several steps, and rules that write what is not UTF-8.
  init?(_ normalizer: CompiledNormalizer) {
    guard normalizer.normalizer.steps.count == 1,
      case .sentencePiece(let settings) = normalizer.normalizer.steps[0],
      let rules = try? settings.rules.charsmap()
    else { return nil }
    // Behind its size and a trie, a charsmap has the replacements.
    let size = rules.precompiled.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
    let written = [Array(rules.precompiled.dropFirst(4 + size))] + settings.rawSymbols
    guard written.allSatisfy({ String(validating: $0, as: UTF8.self) != nil }) else { return nil }
    var isWritten = [Bool](repeating: false, count: 256)
    for text in written { for byte in text { isWritten[Int(byte)] = true } }
    hasBlanks = !settings.escapesSpaces || settings.rawSymbols.contains { $0.contains(0x20) }
    self.isWritten = isWritten
    self.normalizer = normalizer
  }

  /// Whether a byte never stands in normalized text.
  ///
  /// A character that has a rule is always replaced, by that rule or by one of a longer text around it.
  func lacks(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x20: !hasBlanks
    case 0xC0, 0xC1, 0xF5...: true
    case ..<0x80:
      !isWritten[Int(byte)] && (try? normalizer.normalize([byte]))?.contains(byte) == false
    default: false
    }
  }
}
