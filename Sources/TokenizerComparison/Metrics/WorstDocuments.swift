/// The documents whose numbers of tokens differ most between the first model and another.
struct WorstDocuments: Sendable {
  struct Entry: Sendable {
    /// Greatest difference of tokens to the first model.
    var spread: Int
    var file: Int
    /// In its file, from 1.
    var number: Int
    /// As much as is kept of it.
    var text: [UInt8]
    var byteCount: Int
    var tokenCounts: [Int]
  }

  let limit: Int
  /// Bytes of each that are kept at most.
  let textLimit: Int
  /// The greatest spread first; of equals the earlier document.
  private(set) var entries: [Entry] = []

  init(limit: Int, textLimit: Int) {
    self.limit = limit
    self.textLimit = textLimit
  }

  /// Offers a document that stands behind all before; one on which all models agree is left out.
  mutating func offer(
    _ document: ArraySlice<UInt8>, tokenCounts: [Int], file: Int, number: Int
  ) {
    let first = tokenCounts.first ?? 0
    let spread = tokenCounts.reduce(0) { max($0, abs($1 - first)) }
    guard limit > 0, spread > 0, entries.count < limit || spread > entries[limit - 1].spread
    else { return }
    let place = entries.firstIndex { $0.spread < spread } ?? entries.count
    let entry = Entry(
      spread: spread, file: file, number: number, text: Array(kept(of: document)),
      byteCount: document.count, tokenCounts: tokenCounts)
    entries.insert(entry, at: place)
    if entries.count > limit { entries.removeLast() }
  }

  /// The beginning of a document, up to a character that would be too much.
  private func kept(of document: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard document.count > textLimit else { return document }
    var kept = document.prefix(textLimit)
    var tails = 0
    while tails < 3, document[kept.endIndex] & 0xC0 == 0x80, !kept.isEmpty {
      kept.removeLast()
      tails += 1
    }
    return kept
  }
}
