/// The lines of a text file, one after the other, without their ends, which may be those of Windows.
/// What follows the last end is a line if there is anything.
struct TextLines: Sequence, IteratorProtocol {
  private let text: [UInt8]
  private var place = 0

  init(_ text: [UInt8]) { self.text = text }

  mutating func next() -> ArraySlice<UInt8>? {
    guard place < text.count else { return nil }
    let start = place
    while place < text.count, text[place] != 0x0A { place += 1 }
    let end = place > start && text[place - 1] == 0x0D ? place - 1 : place
    if place < text.count { place += 1 }
    return text[start..<end]
  }
}
