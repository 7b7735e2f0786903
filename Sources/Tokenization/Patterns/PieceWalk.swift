import Primitives

/// What a walk adds to the places that it notes.
protocol EndMarks {
  static func mark(_ step: WalkTables.Step) -> UInt32
  static func firstMark(_ step: PairTable.Step) -> UInt32
  static func secondMark(_ step: PairTable.Step) -> UInt32
}

/// Nothing.
enum NoMarks: EndMarks {
  @inline(__always) static func mark(_ step: WalkTables.Step) -> UInt32 { 0 }
  @inline(__always) static func firstMark(_ step: PairTable.Step) -> UInt32 { 0 }
  @inline(__always) static func secondMark(_ step: PairTable.Step) -> UInt32 { 0 }
}

/// `CompiledPattern.matchMark` at the ends of matches.
enum MatchMarks: EndMarks {
  @inline(__always) static func mark(_ step: WalkTables.Step) -> UInt32 { step.mark }
  @inline(__always) static func firstMark(_ step: PairTable.Step) -> UInt32 { step.firstMark }
  @inline(__always) static func secondMark(_ step: PairTable.Step) -> UInt32 { step.secondMark }
}

/// Walking a text with the tables: a step a character.
///
/// A step is `out[store] = place; out += commit; state = next`. The slot of no store lies behind
/// those in use, so `out` needs room for `slack` ends more than there are.
extension WalkTables {
  static let slack = 40
  /// From here on two lanes take turns, each in a half of the text: a step waits for the load of
  /// the one before, and a processor does two such chains in the time of one.
  private static let shortestForLanes = 1 << 10
  /// Bytes behind the middle where the halves may meet.
  private static let searchForMiddle = 1 << 10
  /// Bytes walked with the trie before ASCII is looked for again.
  private static let stretch = 32
  private static let nonASCII: UInt64 = 0x8080_8080_8080_8080

  private struct Lane {
    /// In bytes of a row.
    var state: Int
    /// Place of the next byte.
    var at: Int
    var out: UnsafeMutablePointer<UInt32>
    /// Where the trie is inside a character; 0 between two.
    var node = 0

    /// The same before the character that it is in: none of its bytes but the last makes a step.
    func beforeCharacter(_ text: UnsafePointer<UInt8>) -> Lane {
      var place = at
      while text[place] & 0xC0 == 0x80 { place -= 1 }
      return Lane(state: state, at: place, out: out)
    }
  }

  /// See `CompiledPattern.pieceEnds`.
  func walk<Marks: EndMarks>(
    _ text: UnsafePointer<UInt8>, _ lower: Int, _ upper: Int, _ startsDocument: Bool,
    _ endsDocument: Bool, _ ends: UnsafeMutablePointer<UInt32>, _ marks: Marks.Type
  ) -> Int {
    guard lower < upper else { return 0 }
    var (lane, after) = edges(text, lower, upper, startsDocument, endsDocument, ends)
    let length = upper - lower
    if length < 2 * Self.stretch || !UTF8Validation.isValid(text + lower, count: length) {
      walkAny(text, &lane, upper, marks)
    } else if length >= Self.shortestForLanes,
      let middle = cut(near: lower + length / 2, text, upper)
    {
      let secondEnds = ends + (middle - lower + Self.slack)
      var second = self.lane(text, fromCut: middle, upper, secondEnds)
      walkLanes(text, &lane, middle, &second, upper, marks)
      let count = finish(lane, rows.character(text, middle, upper).row, middle, marks) - ends
      let secondCount = finish(second, after, upper, marks) - secondEnds
      (ends + count).update(from: secondEnds, count: secondCount)
      return count + secondCount
    } else {
      walkWellFormed(text, &lane, upper, marks)
    }
    return finish(lane, after, upper, marks) - ends
  }

  /// The lane where a walk begins, and the row that ends it.
  private func edges(
    _ text: UnsafePointer<UInt8>, _ lower: Int, _ upper: Int, _ startsDocument: Bool,
    _ endsDocument: Bool, _ ends: UnsafeMutablePointer<UInt32>
  ) -> (Lane, after: Int) {
    (
      startsDocument
        ? Lane(state: 0, at: lower, out: ends)
        : lane(text, fromCut: lower, endsDocument ? upper : upper + 4, ends),
      after: endsDocument ? rows.endOfText : rows.character(text, upper, upper + 4).row
    )
  }

  private func cut(near middle: Int, _ text: UnsafePointer<UInt8>, _ upper: Int) -> Int? {
    cuts.next(
      in: text, count: upper, from: middle, to: min(middle + Self.searchForMiddle, upper))
  }

  /// The characters around a cut lead to one state, whatever came before them.
  private func lane(
    _ text: UnsafePointer<UInt8>, fromCut cut: Int, _ limit: Int,
    _ out: UnsafeMutablePointer<UInt32>
  ) -> Lane {
    guard let before = rows.rowBefore(text, cut) else { return Lane(state: 0, at: cut, out: out) }
    let first = rows.character(text, cut, limit)
    let state = Self.step(steps, before, 0).next
    return Lane(
      state: Self.step(steps, first.row, state).next, at: cut + first.length, out: out)
  }

  /// Ends a lane before the character of a row; returns where its ends end.
  private func finish<Marks: EndMarks>(
    _ lane: Lane, _ row: Int, _ upper: Int, _: Marks.Type
  ) -> UnsafeMutablePointer<UInt32> {
    let step = Self.step(steps, row, lane.state)
    lane.out[step.store] = UInt32(truncatingIfNeeded: upper) | Marks.mark(step)
    return lane.out + step.commit
  }

  /// Any bytes, a character at a time.
  private func walkAny<Marks: EndMarks>(
    _ text: UnsafePointer<UInt8>, _ lane: inout Lane, _ upper: Int, _: Marks.Type
  ) {
    let (steps, rows) = (steps, rows)
    var (state, at, out) = (lane.state, lane.at, lane.out)
    while at < upper {
      let character = rows.character(text, at, upper)
      let step = Self.step(steps, character.row, state)
      out[step.store] = UInt32(truncatingIfNeeded: at) | Marks.mark(step)
      out += step.commit
      state = step.next
      at &+= character.length
    }
    lane = Lane(state: state, at: at, out: out)
  }

  /// Well-formed text: pairs of ASCII characters, else a byte at a time without a branch.
  private func walkWellFormed<Marks: EndMarks>(
    _ text: UnsafePointer<UInt8>, _ lane: inout Lane, _ upper: Int, _ marks: Marks.Type
  ) {
    while upper &- lane.at >= Self.stretch {
      if let pairs { walkPairs(text, &lane, upper, pairs.rows, marks) }
      if upper &- lane.at >= Self.stretch { walkStretch(text, &lane, marks) }
    }
    if lane.node != 0 { lane = lane.beforeCharacter(text) }
    walkAny(text, &lane, upper, marks)
  }

  /// Eight ASCII characters after eight, as long as there are.
  @inline(never)
  private func walkPairs<Marks: EndMarks>(
    _ text: UnsafePointer<UInt8>, _ lane: inout Lane, _ upper: Int, _ rows: UnsafePointer<Int>,
    _: Marks.Type
  ) {
    var (state, at, out) = (lane.state &* PairTable.stateScale, lane.at, lane.out)
    while upper &- at >= 8 {
      let word = UnsafeRawPointer(text + at).loadUnaligned(as: UInt64.self)
      if word & Self.nonASCII != 0 { break }
      for index in 0..<4 {
        let place = at &+ 2 &* index
        let step = PairTable.step(rows, text[place], text[place &+ 1], state)
        out[step.firstStore] = UInt32(truncatingIfNeeded: place) | Marks.firstMark(step)
        out[step.secondStore] = UInt32(truncatingIfNeeded: place &+ 1) | Marks.secondMark(step)
        out += step.commit
        state = step.next
      }
      at &+= 8
    }
    (lane.state, lane.at, lane.out) = (state / PairTable.stateScale, at, out)
  }

  @inline(never)
  private func walkStretch<Marks: EndMarks>(
    _ text: UnsafePointer<UInt8>, _ lane: inout Lane, _: Marks.Type
  ) {
    let (steps, root) = (steps, rows.root)
    var (state, at, out, node) = (lane.state, lane.at, lane.out, lane.node)
    var place = node == 0 ? at : lane.beforeCharacter(text).at
    for _ in 0..<Self.stretch {
      let entry = CharacterRows.entry(root, text[at], node)
      let step = Self.step(steps, entry.row, state)
      place = node == 0 ? at : place
      out[step.store] = UInt32(truncatingIfNeeded: place) | Marks.mark(step)
      out += step.commit
      state = step.next
      node = entry.node
      at &+= 1
    }
    lane = Lane(state: state, at: at, out: out, node: node)
  }

  /// Two lanes of well-formed text in step, byte by byte, then what is left of each.
  private func walkLanes<Marks: EndMarks>(
    _ text: UnsafePointer<UInt8>, _ first: inout Lane, _ firstUpper: Int, _ second: inout Lane,
    _ secondUpper: Int, _ marks: Marks.Type
  ) {
    let distance = second.at - first.at
    let limit = min(firstUpper, secondUpper - distance)
    let secondEnds = second.out
    // Until they part, the second notes its places as the first would.
    second.at = first.at
    while limit &- first.at >= Self.stretch {
      if let pairs { walkPairs(text, &first, text + distance, &second, limit, pairs.rows, marks) }
      if limit &- first.at >= Self.stretch {
        walkStretch(text, &first, text + distance, &second, marks)
      }
    }
    second.at += distance
    for place in 0..<(second.out - secondEnds + PairTable.noStore) {
      secondEnds[place] &+= UInt32(truncatingIfNeeded: distance)
    }
    walkWellFormed(text, &first, firstUpper, marks)
    walkWellFormed(text, &second, secondUpper, marks)
  }

  @inline(never)
  private func walkPairs<Marks: EndMarks>(
    _ text: UnsafePointer<UInt8>, _ first: inout Lane, _ text2: UnsafePointer<UInt8>,
    _ second: inout Lane, _ upper: Int, _ rows: UnsafePointer<Int>, _: Marks.Type
  ) {
    var (state, out) = (first.state &* PairTable.stateScale, first.out)
    var (state2, out2) = (second.state &* PairTable.stateScale, second.out)
    var at = first.at
    while upper &- at >= 8 {
      let word = UnsafeRawPointer(text + at).loadUnaligned(as: UInt64.self)
      let word2 = UnsafeRawPointer(text2 + at).loadUnaligned(as: UInt64.self)
      if (word | word2) & Self.nonASCII != 0 { break }
      for index in 0..<4 {
        let place = at &+ 2 &* index
        let step = PairTable.step(rows, text[place], text[place &+ 1], state)
        let step2 = PairTable.step(rows, text2[place], text2[place &+ 1], state2)
        out[step.firstStore] = UInt32(truncatingIfNeeded: place) | Marks.firstMark(step)
        out2[step2.firstStore] = UInt32(truncatingIfNeeded: place) | Marks.firstMark(step2)
        out[step.secondStore] = UInt32(truncatingIfNeeded: place &+ 1) | Marks.secondMark(step)
        out2[step2.secondStore] = UInt32(truncatingIfNeeded: place &+ 1) | Marks.secondMark(step2)
        out += step.commit
        out2 += step2.commit
        state = step.next
        state2 = step2.next
      }
      at &+= 8
    }
    (first.state, first.at, first.out) = (state / PairTable.stateScale, at, out)
    (second.state, second.at, second.out) = (state2 / PairTable.stateScale, at, out2)
  }

  @inline(never)
  private func walkStretch<Marks: EndMarks>(
    _ text: UnsafePointer<UInt8>, _ first: inout Lane, _ text2: UnsafePointer<UInt8>,
    _ second: inout Lane, _: Marks.Type
  ) {
    let (steps, root) = (steps, rows.root)
    var (state, out, node) = (first.state, first.out, first.node)
    var (state2, out2, node2) = (second.state, second.out, second.node)
    var at = first.at
    var place = node == 0 ? at : first.beforeCharacter(text).at
    var place2 = node2 == 0 ? at : second.beforeCharacter(text2).at
    for _ in 0..<Self.stretch {
      let entry = CharacterRows.entry(root, text[at], node)
      let entry2 = CharacterRows.entry(root, text2[at], node2)
      let step = Self.step(steps, entry.row, state)
      let step2 = Self.step(steps, entry2.row, state2)
      place = node == 0 ? at : place
      place2 = node2 == 0 ? at : place2
      out[step.store] = UInt32(truncatingIfNeeded: place) | Marks.mark(step)
      out2[step2.store] = UInt32(truncatingIfNeeded: place2) | Marks.mark(step2)
      out += step.commit
      out2 += step2.commit
      state = step.next
      state2 = step2.next
      node = entry.node
      node2 = entry2.node
      at &+= 1
    }
    first = Lane(state: state, at: at, out: out, node: node)
    second = Lane(state: state2, at: at, out: out2, node: node2)
  }
}
