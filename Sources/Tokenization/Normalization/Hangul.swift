/// Decomposes and composes Korean syllables by arithmetic (The Unicode Standard, section 3.12).
enum Hangul {
  private static let syllables: UInt32 = 0xAC00
  private static let leading: UInt32 = 0x1100
  private static let vowels: UInt32 = 0x1161
  /// One below the first trailing consonant: index 0 says that there is none.
  private static let trailing: UInt32 = 0x11A7
  private static let leadingCount: UInt32 = 19
  private static let vowelCount: UInt32 = 21
  private static let trailingCount: UInt32 = 28
  private static let syllableCount: UInt32 = 11172

  /// The jamo of a run that is one syllable; nil for any other run.
  @inline(__always)
  static func decomposed(_ run: NormalizationTable.Run) -> RunReplacement? {
    guard run.end - run.start == 3, run.start[0] >= 0xEA, run.start[0] <= 0xED else { return nil }
    let index = scalar(run.start) &- syllables
    guard index < syllableCount else { return nil }
    let lead = leading + index / (vowelCount * trailingCount)
    let vowel = vowels + index / trailingCount % vowelCount
    let trail = index % trailingCount
    return RunReplacement(lead, vowel, trail == 0 ? nil : trailing + trail)
  }

  /// The syllable of a run of jamo L V, L V T or LV T; nil for any other run.
  @inline(__always)
  static func composed(_ run: NormalizationTable.Run) -> RunReplacement? {
    let length = run.end - run.start
    guard length == 6 || length == 9, run.start[0] >= 0xE1, run.start[0] <= 0xED,
      run.start[3] == 0xE1
    else { return nil }
    let first = scalar(run.start)
    let second = scalar(run.start + 3)
    let lead = first &- leading
    let vowel = second &- vowels
    if lead < leadingCount && vowel < vowelCount {
      let syllable = syllables + (lead * vowelCount + vowel) * trailingCount
      if length == 6 { return RunReplacement(syllable) }
      return scalar(run.start + 6, ifThreeBytes: 0xE1).flatMap { joined(syllable, $0) }
    }
    guard length == 6, first &- syllables < syllableCount,
      (first - syllables) % trailingCount == 0
    else { return nil }
    return joined(first, second)
  }

  @inline(__always)
  private static func joined(_ syllable: UInt32, _ last: UInt32) -> RunReplacement? {
    let trail = last &- trailing
    return trail > 0 && trail < trailingCount ? RunReplacement(syllable + trail) : nil
  }

  @inline(__always)
  private static func scalar(
    _ text: UnsafePointer<UInt8>, ifThreeBytes lead: UInt8
  ) -> UInt32? {
    text[0] == lead ? scalar(text) : nil
  }

  /// - Precondition: a lead byte of three-byte characters at `text`.
  @inline(__always)
  private static func scalar(_ text: UnsafePointer<UInt8>) -> UInt32 {
    UInt32(text[0] & 15) << 12 | UInt32(text[1] & 63) << 6 | UInt32(text[2] & 63)
  }
}
