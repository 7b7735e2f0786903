/// Texts of pieces by their first bytes: which pieces does a text begin with?
final class PieceTrie: Sendable {
  private let trie: DoubleArray
  /// Bytes of the longest piece.
  let longest: Int

  /// - Parameter pieces: texts that are UTF-8, not empty and without NUL, and their ids; others are
  ///   passed over. Of equal texts the last counts.
  init(_ pieces: [(text: ArraySlice<UInt8>, id: TokenID)]) {
    var list = CharsmapRuleList()
    var ids: [UInt32] = []
    var longest = 0
    for (text, id) in pieces where !text.isEmpty && !text.contains(0) {
      guard let scalars = String(validating: text, as: UTF8.self)?.unicodeScalars else { continue }
      list.append(scalars.map(\.value), UInt32(ids.count))
      ids.append(id)
      longest = max(longest, text.count)
    }
    self.longest = longest
    let units =
      list.count == 0
      ? nil : DoubleArrayWriter.units(of: KeyAutomaton(RuleTree(list), offsets: ids))
    trie = units.map { DoubleArray(units: $0) } ?? .withoutKeys
  }

  /// Calls `found` with the length in bytes and the id of each piece that the text begins with,
  /// shortest first.
  @inline(__always)
  func forEachPrefix(
    of text: UnsafePointer<UInt8>, to end: UnsafePointer<UInt8>,
    _ found: (_ length: Int, _ id: TokenID) -> Void
  ) {
    trie.walk(from: text, to: end) { length, value in
      found(length, TokenID(truncatingIfNeeded: value))
      return true
    }
  }

  /// The longest piece that the text begins with.
  @inline(__always)
  func longestPrefix(
    of text: UnsafePointer<UInt8>, to end: UnsafePointer<UInt8>
  ) -> (length: Int, id: TokenID)? {
    trie.longestMatch(at: text, to: end).map { ($0.length, TokenID(truncatingIfNeeded: $0.value)) }
  }
}
