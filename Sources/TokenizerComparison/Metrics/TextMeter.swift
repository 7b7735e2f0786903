import NativeBridges
import Primitives

/// What is to be known of a document before any model cuts it. One for each thread.
final class TextMeter {
  /// Where a word or a run of digits stands, half-open, in bytes.
  typealias Stretch = (start: Int, end: Int)

  /// Bytes that ICU gets at a time, more if no line ends there. A line feed bounds words whatever
  /// stands around it (Unicode Standard Annex 29, WB3a and WB3b).
  private static let pieceSize = 1 << 16
  /// Where a text without line ends is cut all the same: what ICU takes has its limit.
  private static let longestPiece = 1 << 28

  private let breaker: OpaquePointer?
  private var found: [tt_word] = []

  private(set) var words: [Stretch] = []
  /// Runs of at least two of the digits 0 to 9.
  private(set) var digitRuns: [Stretch] = []
  /// Bytes that are no first byte of a character: 80 to BF.
  private(set) var tails = PlaceSet()
  /// Whether there are any.
  private(set) var hasTails = false
  private(set) var characters = 0
  private(set) var wideCharacters = 0
  private(set) var isUTF8 = true

  init() { breaker = tt_word_breaker_create() }

  deinit { tt_word_breaker_free(breaker) }

  /// Reads a document; what was known of the one before is forgotten.
  ///
  /// - Returns: whether there was memory enough.
  func read(_ document: UnsafeBufferPointer<UInt8>) -> Bool {
    countCharacters(document)
    findDigitRuns(document)
    return findWords(document)
  }

  /// Places inside runs of digits where a group of three from the right begins.
  var groupBorders: Int { digitRuns.reduce(0) { $0 + ($1.end - $1.start - 1) / 3 } }

  private func countCharacters(_ document: UnsafeBufferPointer<UInt8>) {
    characters = 0
    for byte in document { characters &+= byte & 0xC0 == 0x80 ? 0 : 1 }
    hasTails = characters < document.count
    wideCharacters = 0
    tails.reset(document.count)
    isUTF8 = UTF8Validation.isValid(document)
    guard hasTails else { return }
    var followsTail = true
    for (place, byte) in document.enumerated() {
      let isTail = byte & 0xC0 == 0x80
      if isTail {
        tails.insert(place)
        if !followsTail { wideCharacters &+= 1 }
      }
      followsTail = isTail
    }
  }

  private func findDigitRuns(_ document: UnsafeBufferPointer<UInt8>) {
    digitRuns.removeAll(keepingCapacity: true)
    var place = 0
    while place < document.count {
      guard document[place] &- 0x30 < 10 else {
        place &+= 1
        continue
      }
      let start = place
      while place < document.count, document[place] &- 0x30 < 10 { place &+= 1 }
      if place &- start > 1 { digitRuns.append((start, place)) }
    }
  }

  private func findWords(_ document: UnsafeBufferPointer<UInt8>) -> Bool {
    words.removeAll(keepingCapacity: true)
    guard let breaker else { return false }
    guard let base = document.baseAddress else { return true }
    var start = 0
    while start < document.count {
      let end = Self.pieceEnd(in: document, from: start)
      if found.count < end - start {
        found = Array(repeating: tt_word(start: 0, end: 0), count: end - start)
      }
      let count = found.withUnsafeMutableBufferPointer {
        tt_words(breaker, base + start, end - start, $0.baseAddress)
      }
      guard count <= found.count else { return false }
      for word in found[..<count] {
        words.append((start + Int(word.start), start + Int(word.end)))
      }
      start = end
    }
    return true
  }

  /// Behind the first line feed from the size of a piece on.
  private static func pieceEnd(in document: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    guard document.count - start > pieceSize else { return document.count }
    let limit = min(document.count, start + longestPiece)
    var end = start + pieceSize
    while end < limit {
      end &+= 1
      if document[end &- 1] == UInt8(ascii: "\n") { return end }
    }
    // Not inside a character, in text that is UTF-8.
    while limit < document.count, end > limit - 4, document[end] & 0xC0 == 0x80 { end -= 1 }
    return end
  }
}
