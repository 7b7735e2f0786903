/// Pairs of classes between which a boundary is certain, whatever stands further away: where one
/// text may be given to two threads.
struct CutTable {
  private let rows: CharacterRows
  private let classCount: Int
  /// By first class, then second.
  private let cuts: [Bool]
  let hasCuts: Bool

  init(_ cuts: [Bool], _ rows: CharacterRows, classCount: Int) {
    self.cuts = cuts
    self.rows = rows
    self.classCount = classCount
    hasCuts = cuts.contains(true)
  }

  /// See `CompiledPattern.nextCut`.
  func next(
    in text: UnsafePointer<UInt8>, count: Int, from lower: Int, to upper: Int
  ) -> Int? {
    guard hasCuts else { return nil }
    var at = max(lower, 1)
    while at < min(upper, count) {
      if text[at] & 0xC0 != 0x80, let first = rows.rowBefore(text, at) {
        let second = rows.character(text, at, count)
        if second.isWellFormed,
          cuts[first / rows.rowSize * classCount + second.row / rows.rowSize]
        {
          return at
        }
      }
      at += 1
    }
    return nil
  }
}
