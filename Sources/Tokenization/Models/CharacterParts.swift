/// Parts of a long word that can be encoded apart: no token reaches across, and no run of unknown
/// characters that become one token.
struct CharacterParts: Sendable {
  private let pairs: CharacterPairs
  /// Whose unknown characters become one token; `nil` where there are none.
  private let fusing: CompiledModel?

  init(_ pairs: CharacterPairs, fusing: CompiledModel?) {
    self.pairs = pairs
    self.fusing = fusing
  }

  /// The first place behind `start` where a part of a normalized word ends.
  func end(of word: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    guard let base = word.baseAddress else { return word.count }
    var before = character(base, start, word.count)
    var place = start + before.length
    while place < word.count {
      let after = character(base, place, word.count)
      if !pairs.mayJoin(before.value, after.value)
        && (fusing == nil || isKnown(base + place - before.length, before.length)
          || isKnown(base + place, after.length))
      {
        return place
      }
      before = after
      place += after.length
    }
    return word.count
  }

  /// A character and its length; a byte that is none counts as U+FFFD.
  @inline(__always)
  private func character(
    _ text: UnsafePointer<UInt8>, _ place: Int, _ count: Int
  ) -> (value: UInt32, length: Int) {
    if text[place] < 0x80 { return (UInt32(text[place]), 1) }
    let scalar = UTF8Decoding.scalar(at: text + place, readable: count - place)
    return (scalar?.value ?? CharacterPairs.replacement, scalar?.length ?? 1)
  }

  private func isKnown(_ start: UnsafePointer<UInt8>, _ length: Int) -> Bool {
    fusing?.hasToken(for: UnsafeBufferPointer(start: start, count: length)) ?? true
  }
}
