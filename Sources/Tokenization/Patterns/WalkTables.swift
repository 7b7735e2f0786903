/// The tables of an automaton, class-major: the row depends on the character only, so one load
/// per character is on the chain of states.
///
/// Unchecked Sendable: the memory is written in `init` only.
final class WalkTables: @unchecked Sendable {
  private let next: UnsafeMutablePointer<UInt16>
  private let action: UnsafeMutablePointer<UInt8>
  private let ascii: UnsafeMutablePointer<UInt32>
  private let stages: UnsafeMutablePointer<UInt16>
  private let blocks: UnsafeMutablePointer<UInt8>
  private let cuts: UnsafeMutablePointer<Bool>
  private let stateCount: Int
  private let classCount: Int
  private let start: Int
  let hasCuts: Bool

  init(_ automaton: PieceAutomaton, _ classes: CharacterClasses) {
    stateCount = automaton.steps.count
    classCount = classes.count
    start = automaton.steps[0][classes.count].next
    let size = stateCount * (classCount + 1)
    next = .allocate(capacity: size)
    action = .allocate(capacity: size)
    for (state, row) in automaton.steps.enumerated() {
      for (number, step) in row.enumerated() {
        next[number * stateCount + state] = UInt16(step.next)
        action[number * stateCount + state] = UInt8(step.store | step.commit << 3)
      }
    }
    cuts = .allocate(capacity: classCount * classCount)
    var any = false
    for first in 0..<classCount {
      for second in 0..<classCount {
        let isCut = automaton.isCut(first, second)
        cuts[first * classCount + second] = isCut
        any = any || isCut
      }
    }
    hasCuts = any

    stages = .allocate(capacity: 0x110000 / 64)
    var content: [UInt8] = []
    var uniform = [Int](repeating: -1, count: classCount)
    let runs = classes.runs
    var run = 0
    for stage in 0..<0x110000 / 64 {
      let first = UInt32(stage * 64)
      while run + 1 < runs.count, runs[run + 1].start <= first { run += 1 }
      let isUniform = run + 1 == runs.count || runs[run + 1].start >= first + 64
      if isUniform, uniform[runs[run].number] >= 0 {
        stages[stage] = UInt16(uniform[runs[run].number])
        continue
      }
      if isUniform { uniform[runs[run].number] = content.count / 64 }
      stages[stage] = UInt16(content.count / 64)
      for scalar in first..<first + 64 {
        while run + 1 < runs.count, runs[run + 1].start <= scalar { run += 1 }
        content.append(UInt8(runs[run].number))
      }
    }
    blocks = .allocate(capacity: content.count)
    blocks.initialize(from: content, count: content.count)
    ascii = .allocate(capacity: 128)
    for byte in 0..<128 {
      ascii[byte] = UInt32(Int(blocks[Int(stages[byte / 64]) * 64 + byte % 64]) * stateCount)
    }
  }

  deinit {
    next.deallocate()
    action.deallocate()
    ascii.deallocate()
    stages.deallocate()
    blocks.deallocate()
    cuts.deallocate()
  }

  /// Class and length of the character at a place; an ill-formed byte counts as U+FFFD.
  @inline(__always)
  private func character(_ text: UnsafePointer<UInt8>, _ at: Int, _ limit: Int) -> (Int, Int, Bool)
  {
    let lead = UInt32(text[at])
    var scalar: UInt32 = 0xFFFD
    var length = 1
    let room = limit &- at
    if lead < 0x80 {
      scalar = lead
    } else if lead >= 0xC2, lead < 0xE0, room >= 2, text[at &+ 1] & 0xC0 == 0x80 {
      scalar = (lead & 0x1F) << 6 | UInt32(text[at &+ 1] & 0x3F)
      length = 2
    } else if lead >= 0xE0, lead < 0xF0, room >= 3, text[at &+ 1] & 0xC0 == 0x80,
      text[at &+ 2] & 0xC0 == 0x80
    {
      let value =
        (lead & 0xF) << 12 | UInt32(text[at &+ 1] & 0x3F) << 6 | UInt32(text[at &+ 2] & 0x3F)
      if value >= 0x800, value & 0xF800 != 0xD800 { (scalar, length) = (value, 3) }
    } else if lead >= 0xF0, lead < 0xF5, room >= 4, text[at &+ 1] & 0xC0 == 0x80,
      text[at &+ 2] & 0xC0 == 0x80, text[at &+ 3] & 0xC0 == 0x80
    {
      let high = (lead & 7) << 18 | UInt32(text[at &+ 1] & 0x3F) << 12
      let value = high | UInt32(text[at &+ 2] & 0x3F) << 6 | UInt32(text[at &+ 3] & 0x3F)
      if value >= 0x10000, value < 0x110000 { (scalar, length) = (value, 4) }
    }
    let number = blocks[Int(stages[Int(scalar >> 6)]) &* 64 &+ Int(scalar & 63)]
    return (Int(number), length, lead < 0x80 || length > 1)
  }

  /// The well-formed character that ends before a place.
  private func characterBefore(_ text: UnsafePointer<UInt8>, _ at: Int) -> Int? {
    for length in 1...4 where length <= at && text[at - length] & 0xC0 != 0x80 {
      let (number, found, isWellFormed) = character(text, at - length, at)
      return isWellFormed && found == length ? number : nil
    }
    return nil
  }

  func nextCut(
    _ text: UnsafePointer<UInt8>, _ count: Int, _ lower: Int, _ upper: Int
  ) -> Int? {
    guard hasCuts else { return nil }
    var at = max(lower, 1)
    while at < min(upper, count) {
      if text[at] & 0xC0 != 0x80, let first = characterBefore(text, at) {
        let (second, _, isWellFormed) = character(text, at, count)
        if isWellFormed, cuts[first * classCount + second] { return at }
      }
      at += 1
    }
    return nil
  }

  func walk(
    _ text: UnsafePointer<UInt8>, _ lower: Int, _ upper: Int, _ startsDocument: Bool,
    _ endsDocument: Bool, _ ends: UnsafeMutablePointer<UInt32>
  ) -> Int {
    guard lower < upper else { return 0 }
    let (next, action, ascii, stateCount) = (next, action, ascii, stateCount)
    var state = start
    var at = lower
    var out = ends
    if !startsDocument, let before = characterBefore(text, lower) {
      let (number, length, _) = character(text, lower, endsDocument ? upper : upper &+ 4)
      state = Int(next[before &* stateCount &+ state])
      state = Int(next[number &* stateCount &+ state])
      at &+= length
    }
    while at < upper {
      while upper &- at >= 8 {
        let word = UnsafeRawPointer(text + at).loadUnaligned(as: UInt64.self)
        if word & 0x8080_8080_8080_8080 != 0 { break }
        for index in 0..<8 {
          let row = Int(ascii[Int(text[at &+ index])])
          let step = Int((action + row)[state])
          out[step & 7] = UInt32(truncatingIfNeeded: at &+ index)
          out += step >> 3
          state = Int((next + row)[state])
        }
        at &+= 8
      }
      if at == upper { break }
      let byte = text[at]
      let row: Int
      var length = 1
      if byte < 0x80 {
        row = Int(ascii[Int(byte)])
      } else {
        let (number, found, _) = character(text, at, upper)
        row = number &* stateCount
        length = found
      }
      let step = Int((action + row)[state])
      out[step & 7] = UInt32(truncatingIfNeeded: at)
      out += step >> 3
      state = Int((next + row)[state])
      at &+= length
    }
    let after = endsDocument ? classCount : character(text, upper, upper &+ 4).0
    let step = Int(action[after &* stateCount &+ state])
    out[step & 7] = UInt32(truncatingIfNeeded: upper)
    out += step >> 3
    return out - ends
  }
}
