import Primitives
import Tokenization

/// How many symbols from each place of the text may be one piece at most; all fewer may, too.
///
/// One scan from the end instead of a check of every substring: what makes a piece invalid is a
/// character that cannot be in one, or two neighbours of different scripts. The one rule that is not
/// closed under prefixes is asked for apart (`mayEnd`).
struct ValidLengths: ~Copyable {
  let lengths: PageBuffer<UInt16>
  private let kinds: [Kind]
  private let endsFreely: Bool
  private let allowsRows: Bool

  /// What a symbol does to a piece.
  private struct Kind {
    var script = PieceJoins.any
    /// Takes the script of the character before it.
    var isTransparent = false
    var isBlank = false
    var isPossible = true
    /// A piece of its own or none.
    var isAlone = false
  }

  init(_ text: borrowing UnigramText, _ rules: PieceRules) throws(SentencePieceTrainingError) {
    let kinds = text.alphabet.scalars.map { scalar in
      var kind = Kind()
      kind.isPossible = PieceRules.isPossible(scalar)
      kind.isBlank = scalar == PieceRules.blank
      let script = kind.isBlank ? nil : rules.script(of: scalar)
      kind.isTransparent = script == nil
      kind.script = script ?? PieceJoins.any
      kind.isAlone = rules.cuts.splitsDigits && SentencePieceCuts.isDigit(scalar)
      return kind
    }
    guard let lengths = PageBuffer<UInt16>(count: text.count) else {
      throw .outOfMemory(bytes: 2 * text.count)
    }
    self.kinds = kinds
    self.lengths = lengths
    endsFreely = rules.cuts.whitespace != .free || rules.putsSpacesBehindWords
    allowsRows = rules.allowsWhitespaceOnly
    Self.scan(text, rules, kinds, self.lengths.base)
  }

  private static func scan(
    _ text: borrowing UnigramText, _ rules: PieceRules, _ kinds: [Kind],
    _ lengths: UnsafeMutablePointer<UInt16>
  ) {
    let isFree = rules.cuts.whitespace == .free
    let isSuffix = rules.putsSpacesBehindWords
    let rows = rules.allowsWhitespaceOnly
    let maximum = rules.maximumLength
    let symbols = text.symbols.base
    kinds.withUnsafeBufferPointer { kinds in
      // Pieces from here end before `limit`; `row` ends the row of blanks that starts here.
      var limit = 0
      var row = 0
      // Script of the next character that is not transparent, and where it stands.
      var script = PieceJoins.any
      var scriptPlace = 0
      var place = text.count - 1
      while place >= 0 {
        let symbol = Int(symbols[place])
        let kind = kinds[symbol]
        if symbol == 0 || !kind.isPossible {
          // Nothing reaches over it, from wherever it starts.
          limit = place
          row = place
          script = PieceJoins.any
          lengths[place] = 0
          place -= 1
          continue
        }
        var own = limit
        if kind.isBlank {
          own = isSuffix ? place + 1 : limit
        } else {
          row = place
          if !kind.isTransparent {
            if kind.script != PieceJoins.any, script != PieceJoins.any, script != kind.script {
              limit = min(limit, scriptPlace)
            }
            script = kind.script
            scriptPlace = place
          }
          own = kind.isAlone ? place + 1 : limit
        }
        let longest = kind.isBlank && rows ? max(own, row) : own
        lengths[place] = UInt16(min(longest - place, maximum))
        // What holds for pieces that start further left.
        if kind.isBlank {
          if isSuffix && !isFree { limit = place + 1 }
          if !isSuffix && !isFree { limit = place }
        } else if kind.isAlone {
          limit = place
        }
        place -= 1
      }
    }
  }

  /// Whether a valid beginning is a piece: where marks of blanks may stand inside words, they may not
  /// end one.
  @inline(__always)
  func mayEnd(_ symbols: UnsafePointer<UInt32>, from start: Int, count: Int) -> Bool {
    if endsFreely || count < 2 || !kinds[Int(symbols[start + count - 1])].isBlank { return true }
    guard allowsRows else { return false }
    for place in start..<start + count where !kinds[Int(symbols[place])].isBlank { return false }
    return true
  }

  /// The places where pieces of two or more symbols start, in order.
  ///
  /// - Parameter limit: symbols after which places count as equal.
  func suffixOrder(
    of text: borrowing UnigramText, limit: Int, threads: Int
  ) throws(SentencePieceTrainingError) -> SuffixOrder {
    let lengths = lengths.base
    guard
      let order = SuffixOrder(
        text.symbols, greatest: text.alphabet.count, limit: limit, threads: threads,
        isStart: { lengths[$0] >= 2 })
    else { throw .outOfMemory(bytes: SuffixOrder.placeSize * text.count) }
    return order
  }
}
