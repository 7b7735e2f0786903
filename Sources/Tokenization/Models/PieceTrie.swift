/// Texts of pieces by their first bytes: which pieces does a text begin with?
final class PieceTrie: Sendable {
  private let trie: DoubleArray
  /// Pieces with NUL, which ends keys of the trie: few, if any. By length.
  private let others: [(text: [UInt8], id: TokenID)]
  /// Bytes of the longest piece.
  let longest: Int

  /// - Parameter pieces: texts that are UTF-8 and not empty, and their ids; others are passed over. Of
  ///   equal texts the last counts.
  init(_ pieces: [(text: ArraySlice<UInt8>, id: TokenID)]) {
    var list = CharsmapRuleList()
    var ids: [UInt32] = []
    var longest = 0
    var others: [(text: [UInt8], id: TokenID)] = []
    for (text, id) in pieces where !text.isEmpty {
      guard !text.contains(0) else {
        others.append((Array(text), id))
        longest = max(longest, text.count)
        continue
      }
      guard let scalars = String(validating: text, as: UTF8.self)?.unicodeScalars else { continue }
      list.append(scalars.map(\.value), UInt32(ids.count))
      ids.append(id)
      longest = max(longest, text.count)
    }
    self.longest = longest
    self.others = others.sorted { ($0.text.count, $0.id) < ($1.text.count, $1.id) }
    let units =
      list.count == 0
      ? nil : DoubleArrayWriter.units(of: KeyAutomaton(RuleTree(list), offsets: ids))
    trie = units.map { DoubleArray(units: $0) } ?? .withoutKeys
  }

  /// Calls `found` with the length in bytes and the id of each piece that the text begins with,
  /// shortest first; those with NUL last.
  @inline(__always)
  func forEachPrefix(
    of text: UnsafePointer<UInt8>, to end: UnsafePointer<UInt8>,
    _ found: (_ length: Int, _ id: TokenID) -> Void
  ) {
    trie.walk(from: text, to: end) { length, value in
      found(length, TokenID(truncatingIfNeeded: value))
      return true
    }
    if !others.isEmpty { forEachOther(of: text, to: end, found) }
  }

  @inline(never)
  private func forEachOther(
    of text: UnsafePointer<UInt8>, to end: UnsafePointer<UInt8>,
    _ found: (_ length: Int, _ id: TokenID) -> Void
  ) {
    for (piece, id) in others where piece.count <= end - text {
      if UnsafeBufferPointer(start: text, count: piece.count).elementsEqual(piece) {
        found(piece.count, id)
      }
    }
  }

  /// The longest piece that the text begins with.
  @inline(__always)
  func longestPrefix(
    of text: UnsafePointer<UInt8>, to end: UnsafePointer<UInt8>
  ) -> (length: Int, id: TokenID)? {
    var longest = trie.longestMatch(at: text, to: end).map {
      (length: $0.length, id: TokenID(truncatingIfNeeded: $0.value))
    }
    if !others.isEmpty {
      forEachOther(of: text, to: end) { length, id in
        if length >= longest?.length ?? 0 { longest = (length, id) }
      }
    }
    return longest
  }
}
