import NativeBridges
import Primitives

/// The patterns of GPT-2, cl100k, Llama 3, Qwen 2 and BERT, and words of raw text, on processors with
/// AVX2 or AVX-512: the classes of 64 bytes at once, and ends by shifts of masks. 1 to 5 GB/s where
/// tables make 0.4 to 1.5.
///
/// The pieces are those of `CompiledPattern`, which does what is left to it.
struct BlockWalk: Sendable {
  private enum Kind {
    case ends(tt_block_rules)
    case words
  }

  private let classes: BlockClasses
  private let kind: Kind

  /// Shorter texts are not worth a call.
  private static let shortest = 64

  /// `nil` for other patterns, and for other processors.
  init?(
    _ pattern: SplitPattern, linesAreDocuments: Bool, kernel: BlockKernel? = .best
  ) {
    guard let kernel else { return nil }
    let classes: BlockClasses?
    if let rules = Self.rules(of: pattern, linesAreDocuments) {
      kind = .ends(rules)
      classes = .letters(kernel)
    } else if pattern == .bertWords, !linesAreDocuments {
      kind = .words
      classes = .signs(kernel)
    } else {
      return nil
    }
    guard let classes else { return nil }
    self.classes = classes
  }

  /// Words of raw text, as `WordBorders.pattern` has them; all sets but that of weak ends are ASCII.
  init?(
    blanks: CodePointSet, weakEnds: CodePointSet, signs: CodePointSet, single: CodePointSet,
    isolatesLineFeeds: Bool, kernel: BlockKernel?
  ) {
    guard let kernel,
      let classes = BlockClasses(weakEnds, signs, blanks, singles: single, kernel)
    else { return nil }
    self.classes = classes
    kind = .ends(
      tt_block_rules(
        pattern: tt_block_raw_words, splits_lines: false, digits: 0, joins_end: false,
        isolates_line_feeds: isolatesLineFeeds))
  }

  /// The matches alone, of a pattern whose matches depend on no character around them; `nil` for other
  /// patterns, and for a text that is left to the automaton.
  ///
  /// The same as what `PieceFilter` leaves of marked ends; `starts` has as much room as `ends`.
  func matches(
    in text: UnsafePointer<UInt8>, from lower: Int, to upper: Int,
    starts: UnsafeMutablePointer<UInt32>, ends: UnsafeMutablePointer<UInt32>
  ) -> Int? {
    guard case .words = kind, upper - lower >= Self.shortest,
      UTF8Validation.isValid(text + lower, count: upper - lower)
    else { return nil }
    let count = classes.words(
      text + lower, count: upper - lower, base: UInt32(truncatingIfNeeded: lower), starts: starts,
      ends: ends)
    return count >= 0 ? count : nil
  }

  /// As `CompiledPattern.pieceEnds`; `nil` for a text that is left to it.
  func pieceEnds(
    of text: UnsafePointer<UInt8>, from lower: Int, to upper: Int, startsDocument: Bool,
    endsDocument: Bool, into ends: UnsafeMutablePointer<UInt32>
  ) -> Int? {
    guard case .ends(let rules) = kind, upper - lower >= Self.shortest else { return nil }
    // The characters around a cut say that it is an end, whatever stands further away.
    let start = startsDocument ? lower : Self.start(ofCharacterBefore: lower, in: text)
    let end = endsDocument ? upper : upper + Self.length(ofCharacterAt: text + upper)
    guard UTF8Validation.isValid(text + start, count: end - start) else { return nil }
    var count = classes.walk(
      text + start, count: end - start, base: UInt32(truncatingIfNeeded: start), by: rules,
      into: ends)
    guard count > 0 else { return nil }
    if end > upper { count -= 1 }
    if start < lower {
      ends.update(from: ends + 1, count: count - 1)
      count -= 1
    }
    return count
  }

  private static func start(
    ofCharacterBefore place: Int, in text: UnsafePointer<UInt8>
  ) -> Int {
    var start = place - 1
    while start > 0, text[start] & 0xC0 == 0x80, place - start < 4 { start -= 1 }
    return start
  }

  private static func length(ofCharacterAt text: UnsafePointer<UInt8>) -> Int {
    switch text[0] {
    case ..<0xC0: 1
    case ..<0xE0: 2
    case ..<0xF0: 3
    default: 4
    }
  }

  private static func rules(
    of pattern: SplitPattern, _ linesAreDocuments: Bool
  ) -> tt_block_rules? {
    func isOne(of names: NamedPattern...) -> Bool {
      names.contains {
        $0.pattern == pattern || $0.huggingFaceText.map { SplitPattern($0) } == pattern
      }
    }
    var rules = tt_block_rules(
      pattern: tt_block_cl100k, splits_lines: linesAreDocuments, digits: 3, joins_end: false,
      isolates_line_feeds: false)
    if isOne(of: .gpt2) || gpt2Spellings.contains(pattern.text) {
      rules.pattern = tt_block_gpt2
    } else if isOne(of: .cl100k) {
      rules.joins_end = true
    } else if isOne(of: .qwen2) {
      rules.digits = 1
    } else if !isOne(of: .llama3) {
      return nil
    }
    return rules
  }

  /// What tiktoken (`tiktoken_ext/openai_public.py`) has had for GPT-2; equal in both dialects.
  private static let gpt2Spellings = [
    #"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#,
    #"'(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s"#,
  ]
}
