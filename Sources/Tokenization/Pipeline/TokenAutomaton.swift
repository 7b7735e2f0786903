/// Finds byte strings in a text: the leftmost, and of those that begin there the longest.
///
/// The automaton of Aho and Corasick (1975), where a way that has met a string goes on only as long as
/// that string's beginning stays the leftmost one. A state is what a string begins with. States are
/// numbered by length and then by their bytes, so that those that are one byte longer than another
/// stand side by side.
///
/// Complexity: building O(bytes of all strings), about 17 bytes each; searching O(bytes of the text),
/// whatever the number of strings.
struct TokenAutomaton: Sendable {
  private static let root: UInt32 = 0
  /// In place of a state: what has been found stands.
  private static let stop = UInt32.max

  /// The last byte of each state.
  private var labels: [UInt8] = [0]
  /// The first state that is longer by a byte; those of a state end where those of the next begin.
  private var firstLonger: [UInt32] = []
  /// The longest state that is an end of this one, or `stop`.
  private var failures: [UInt32] = [stop]
  /// 1 + the number of the string that ends with a state and begins leftmost; 0 for none.
  private var found: [UInt32] = [0]
  /// States of one byte; `root` where there is none.
  private var entries = [UInt32](repeating: root, count: 256)
  private let firstBytes: FirstByteScan

  /// - Parameter strings: ascending and different, none of them empty.
  init(_ strings: [[UInt8]]) {
    firstBytes = FirstByteScan(Set(strings.map { $0[0] }))
    let origins = addStates(strings)
    addFailures(origins)
  }

  /// Numbers the states; gives for each the state that it is longer than.
  private mutating func addStates(_ strings: [[UInt8]]) -> [UInt32] {
    var origins: [UInt32] = [Self.root]
    var longerCounts: [UInt32] = [0]
    var states = [UInt32](repeating: Self.root, count: strings.count)
    var rest = Array(strings.indices)
    var length = 0
    while !rest.isEmpty {
      var last = (origin: Self.stop, byte: UInt8(0))
      for index in rest {
        let (origin, byte) = (states[index], strings[index][length])
        if origin != last.origin || byte != last.byte {
          last = (origin, byte)
          labels.append(byte)
          origins.append(origin)
          longerCounts.append(0)
          found.append(0)
          longerCounts[Int(origin)] += 1
        }
        let state = UInt32(labels.count - 1)
        states[index] = state
        if strings[index].count == length + 1 { found[Int(state)] = UInt32(index + 1) }
      }
      length += 1
      rest.removeAll { strings[$0].count == length }
    }
    var next: UInt32 = 1
    firstLonger.reserveCapacity(labels.count + 1)
    for count in longerCounts {
      firstLonger.append(next)
      next += count
    }
    firstLonger.append(next)
    for state in firstLonger[0]..<firstLonger[1] { entries[Int(labels[Int(state)])] = state }
    return origins
  }

  /// A shorter state is finished before a longer one.
  private mutating func addFailures(_ origins: [UInt32]) {
    failures.reserveCapacity(labels.count)
    for state in 1..<max(1, labels.count) {
      let failure = found[state] != 0 ? Self.stop : failure(of: state, origins)
      if failure != Self.stop { found[state] = found[Int(failure)] }
      failures.append(failure)
    }
  }

  private func failure(of state: Int, _ origins: [UInt32]) -> UInt32 {
    if origins[state] == Self.root { return Self.root }
    var end = failures[Int(origins[state])]
    while end != Self.stop {
      let longer = self.longer(end, by: labels[state])
      if longer != Self.root || end == Self.root { return longer }
      end = failures[Int(end)]
    }
    return Self.stop
  }

  /// The state that is longer than another by a byte; `root` if there is none.
  @inline(__always)
  private func longer(_ state: UInt32, by byte: UInt8) -> UInt32 {
    if state == Self.root { return entries[Int(byte)] }
    var lower = firstLonger[Int(state)]
    let end = firstLonger[Int(state) + 1]
    var upper = end
    while lower < upper {
      let middle = (lower + upper) / 2
      if labels[Int(middle)] < byte { lower = middle + 1 } else { upper = middle }
    }
    return lower < end && labels[Int(lower)] == byte ? lower : Self.root
  }

  /// The number of the string that begins leftmost at or after `start`, the longest of such, and where
  /// it ends.
  func firstMatch(
    in text: UnsafeBufferPointer<UInt8>, from start: Int
  ) -> (string: Int, end: Int)? {
    var state = Self.root
    var match: (string: Int, end: Int)?
    var position = start
    while position < text.count {
      if state == Self.root {
        position = firstBytes.next(in: text, from: position)
        if position == text.count { break }
      }
      var longer = self.longer(state, by: text[position])
      while longer == Self.root && state != Self.root {
        state = failures[Int(state)]
        if state == Self.stop { return match }
        longer = self.longer(state, by: text[position])
      }
      state = longer
      position += 1
      let string = found[Int(state)]
      if string != 0 { match = (Int(string) - 1, position) }
    }
    return match
  }
}
