/// Cuts that look at each character and its neighbor, or only count them.
enum TextWalk: Sendable {
  /// Where the script changes; unassigned characters and blanks belong to what stands before, and
  /// are no match where nothing does.
  case scripts
  /// Where no piece of SentencePiece's reaches across.
  case sentencePiece(SentencePieceCuts)
  /// Every so many characters.
  case fixedLength(Int)

  /// Ends of the pieces of text[lower..<upper], with `CompiledPattern.matchMark` for matches; at most one a
  /// byte.
  func pieceEnds(
    of text: UnsafePointer<UInt8>, from lower: Int, to upper: Int,
    into ends: UnsafeMutablePointer<UInt32>
  ) -> Int {
    switch self {
    case .scripts: Self.scriptEnds(text, lower, upper, ends)
    case .sentencePiece(let cuts): Self.ends(text, lower, upper, ends, cuts.cutsBetween)
    case .fixedLength(let length): Self.fixedEnds(text, lower, upper, length, ends)
    }
  }

  /// The first place in lower..<upper, above 0, that is certainly an end, whatever stands further
  /// away than the characters around it.
  func nextCut(
    in text: UnsafePointer<UInt8>, count: Int, from lower: Int, to upper: Int
  ) -> Int? {
    var at = max(lower, 1)
    while at < min(upper, count) {
      if text[at] & 0xC0 != 0x80, let before = UTF8Decoding.scalar(before: text + at, readable: at),
        let after = UTF8Decoding.scalar(at: text + at, readable: count - at),
        isCut(before.value, after.value)
      {
        return at
      }
      at += 1
    }
    return nil
  }

  private func isCut(_ before: UInt32, _ after: UInt32) -> Bool {
    switch self {
    case .scripts:
      let (first, second) = (Self.script(before), Self.script(after))
      return first != second && first != ScriptTable.none && second != ScriptTable.none
    case .sentencePiece(let cuts): return cuts.cutsBetween(before, after)
    case .fixedLength: return false
    }
  }

  /// Hugging Face's `fixed_script`.
  @inline(__always)
  private static func script(_ scalar: UInt32, _ table: ScriptTable = .shared) -> UInt8 {
    scalar == 0x20 ? ScriptTable.none : table[scalar]
  }

  /// A character and its length; an ill-formed byte counts as U+FFFD.
  @inline(__always)
  private static func character(
    _ text: UnsafePointer<UInt8>, _ at: Int, _ upper: Int
  ) -> (scalar: UInt32, length: Int) {
    if text[at] < 0x80 { return (UInt32(text[at]), 1) }
    let found = UTF8Decoding.scalar(at: text + at, readable: upper - at)
    return (found?.value ?? 0xFFFD, found?.length ?? 1)
  }

  private static func scriptEnds(
    _ text: UnsafePointer<UInt8>, _ lower: Int, _ upper: Int,
    _ ends: UnsafeMutablePointer<UInt32>
  ) -> Int {
    // Fetched once: a shared value is looked up behind a lock.
    let table = ScriptTable.shared
    var count = 0
    var last = ScriptTable.none
    var at = lower
    while at < upper {
      let (scalar, length) = character(text, at, upper)
      let script = script(scalar, table)
      if script != ScriptTable.none, script != last {
        if at > lower {
          ends[count] =
            UInt32(truncatingIfNeeded: at)
            | (last == ScriptTable.none ? 0 : CompiledPattern.matchMark)
          count &+= 1
        }
        last = script
      }
      at &+= length
    }
    ends[count] =
      UInt32(truncatingIfNeeded: upper) | (last == ScriptTable.none ? 0 : CompiledPattern.matchMark)
    return count &+ 1
  }

  private static func ends(
    _ text: UnsafePointer<UInt8>, _ lower: Int, _ upper: Int,
    _ ends: UnsafeMutablePointer<UInt32>, _ cutsBetween: (UInt32, UInt32) -> Bool
  ) -> Int {
    var count = 0
    var (before, at) = character(text, lower, upper)
    at &+= lower
    while at < upper {
      let (scalar, length) = character(text, at, upper)
      if cutsBetween(before, scalar) {
        ends[count] = UInt32(truncatingIfNeeded: at) | CompiledPattern.matchMark
        count &+= 1
      }
      before = scalar
      at &+= length
    }
    ends[count] = UInt32(truncatingIfNeeded: upper) | CompiledPattern.matchMark
    return count &+ 1
  }

  private static func fixedEnds(
    _ text: UnsafePointer<UInt8>, _ lower: Int, _ upper: Int, _ length: Int,
    _ ends: UnsafeMutablePointer<UInt32>
  ) -> Int {
    var count = 0
    var rest = length
    var at = lower
    while at < upper {
      at &+= character(text, at, upper).length
      rest &-= 1
      if rest == 0 || at == upper {
        ends[count] = UInt32(truncatingIfNeeded: at) | CompiledPattern.matchMark
        count &+= 1
        rest = length
      }
    }
    return count
  }
}
