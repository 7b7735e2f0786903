/// Texts that normalization leaves as they are, wherever a unit begins with one.
struct RawSymbols: Sendable {
  private let trie: DoubleArray
  /// First code points.
  let firsts: [UInt32]
  /// All code points of all symbols.
  let members: Set<UInt32>

  /// nil without symbols.
  /// - Throws: `.unusableSymbol`, `.tooManyRules`.
  init?(_ symbols: [[UInt8]]) throws(CharsmapError) {
    var list = CharsmapRuleList()
    for symbol in symbols where !symbol.isEmpty {
      guard symbol.count <= Charsmap.longestText, !symbol.contains(0),
        let text = String(validating: symbol, as: UTF8.self)
      else { throw .unusableSymbol(symbol) }
      list.append(text.unicodeScalars.map(\.value), 0)
    }
    if list.count == 0 { return nil }
    guard
      let units = DoubleArrayWriter.units(of: KeyAutomaton(RuleTree(list), offsets: [0]))
    else { throw .tooManyRules }
    trie = DoubleArray(units: units)
    firsts = Set((0..<list.count).compactMap { list.key($0).first }).sorted()
    members = Set((0..<list.count).flatMap { list.key($0) })
  }

  /// Bytes of the longest symbol that the text begins with; nil without one.
  @inline(__always)
  func length(at text: UnsafePointer<UInt8>, to end: UnsafePointer<UInt8>) -> Int? {
    trie.longestMatch(at: text, to: end)?.length
  }
}
