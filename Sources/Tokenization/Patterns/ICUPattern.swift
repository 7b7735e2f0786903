import NativeBridges

/// A pattern in ICU's engine, for what the automaton does not take: back-references, long
/// look-around, loops over what may be empty. Some 20 to 100 MB/s.
///
/// It backtracks, so that time and memory are bounded by counting steps: a pattern that does not
/// come to an end is an error, at the same place of a text on every machine.
final class ICUPattern: Sendable {
  /// Written in `init` only; ICU's compiled patterns are immutable.
  nonisolated(unsafe) fileprivate let regex: OpaquePointer

  /// Longest pattern, in scalars: ICU takes a second for some millions.
  private static let longest = 100_000

  init(_ pattern: SplitPattern) throws(PatternError) {
    guard pattern.text.unicodeScalars.count <= Self.longest else {
      throw .unsuitable(reason: "it is longer than \(Self.longest) characters")
    }
    let text = try ICUPatternText(pattern)
    var compiled: OpaquePointer?
    var offset = 0
    var reason: UnsafePointer<CChar>?
    let status = text.output.bytes.withUnsafeBytes { bytes in
      tt_regex_compile(
        bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count, &compiled, &offset,
        &reason)
    }
    guard status == TT_REGEX_OK, let compiled else {
      if status == TT_REGEX_NO_MEMORY { throw .outOfMemory }
      let name = reason.map { String(cString: $0) } ?? ""
      // ICU may have read the construct behind the one at fault.
      throw .refused(
        offset: text.output.source(of: max(0, offset - 1)),
        construct: name == "U_REGEX_LOOK_BEHIND_LIMIT"
          ? "look-behind of unlimited length" : "what ICU calls \(name)")
    }
    regex = compiled
  }

  deinit { tt_regex_free(regex) }
}

/// Runs an `ICUPattern` on texts. Owns scratch, two bytes for each of the longest text; for one thread
/// at a time.
final class ICUMatcher {
  /// Outlives the matcher.
  private let pattern: ICUPattern
  /// Nil without memory, as the first text will tell.
  private let matcher: OpaquePointer?

  init(_ pattern: ICUPattern) {
    self.pattern = pattern
    matcher = tt_regex_matcher_create(pattern.regex)
  }

  deinit { tt_regex_matcher_free(matcher) }

  /// Ends of the pieces of text[lower..<upper], a whole document; `ends` has room for
  /// `2 * (upper - lower) + 1`. Matches carry `CompiledPattern.matchMark`.
  func pieceEnds(
    of text: UnsafePointer<UInt8>, from lower: Int, to upper: Int,
    into ends: UnsafeMutablePointer<UInt32>
  ) throws(PatternError) -> Int {
    guard let matcher else { throw .outOfMemory }
    guard upper <= Int(CompiledPattern.matchMark) else { throw .textTooLong(bytes: upper) }
    var pieces = 0
    var failure = 0
    switch tt_regex_pieces(
      matcher, text + lower, upper - lower, UInt32(lower), ends, &pieces, &failure)
    {
    case TT_REGEX_OK: return pieces
    case TT_REGEX_TOO_SLOW: throw .tooSlow(byte: lower + failure)
    case TT_REGEX_TOO_DEEP: throw .tooDeep(byte: lower + failure)
    case TT_REGEX_TOO_LONG: throw .textTooLong(bytes: upper - lower)
    default: throw .outOfMemory
    }
  }
}
