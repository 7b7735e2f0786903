import Primitives

/// The characters that get a piece, numbered from 0 in the order they are given.
struct CharacterSymbols: BaseSymbols {
  static let none = UInt32.max

  /// Number by code point, below the highest that has one.
  private let numbers: [UInt32]
  let scalars: [UInt32]

  init(_ scalars: [UInt32]) {
    self.scalars = scalars
    var numbers = [UInt32](repeating: Self.none, count: Int(scalars.max() ?? 0) + 1)
    for (number, scalar) in scalars.enumerated() { numbers[Int(scalar)] = UInt32(number) }
    self.numbers = numbers
  }

  /// UTF-8 by number.
  var texts: [[UInt8]] {
    scalars.map { scalar in
      Unicode.Scalar(scalar).map { Array(String(Character($0)).utf8) } ?? []
    }
  }

  func number(of scalar: UInt32) -> UInt32 {
    Int(scalar) < numbers.count ? numbers[Int(scalar)] : Self.none
  }

  /// Calls `body` with the number of each character of a well-formed text; `none`: it has none.
  @inline(__always)
  func forEach(in text: UnsafeBufferPointer<UInt8>, _ body: (_ number: UInt32) -> Void) {
    numbers.withUnsafeBufferPointer { numbers in
      var place = 0
      while place < text.count {
        let (scalar, length) = Self.scalar(text, at: place)
        place &+= length
        body(Int(scalar) < numbers.count ? numbers[Int(scalar)] : Self.none)
      }
    }
  }

  /// The character at a place of a well-formed text, below U+110000 whatever the bytes are.
  @inline(__always)
  static func scalar(
    _ text: UnsafeBufferPointer<UInt8>, at place: Int
  ) -> (value: UInt32, length: Int) {
    let lead = UInt32(text[place])
    if lead < 0x80 { return (lead, 1) }
    if lead < 0xE0 { return ((lead & 31) &<< 6 | tail(text, place &+ 1), 2) }
    if lead < 0xF0 {
      return (
        (lead & 15) &<< 12 | tail(text, place &+ 1) &<< 6 | tail(text, place &+ 2), 3
      )
    }
    let value =
      (lead & 7) &<< 18 | tail(text, place &+ 1) &<< 12 | tail(text, place &+ 2) &<< 6
      | tail(text, place &+ 3)
    return (min(value, 0x10_FFFF), 4)
  }

  @inline(__always)
  private static func tail(_ text: UnsafeBufferPointer<UInt8>, _ place: Int) -> UInt32 {
    place < text.count ? UInt32(text[place]) & 63 : 0
  }

  func slotCount(of counts: borrowing PreTokenCounts) -> Int {
    counts.bytes.count + counts.wordCount + 1
  }

  /// A character without a number parts what stands around it: it is in no piece.
  func symbols<Symbol: SymbolInteger>(
    of counts: borrowing PreTokenCounts, separator: Symbol
  ) -> SymbolSequence<Symbol>? {
    guard
      var words = SymbolSequence<Symbol>(capacity: slotCount(of: counts), separator: separator)
    else { return nil }
    counts.bytes.withUnsafeBufferPointer { bytes in
      var begin = 0
      for word in 0..<counts.wordCount {
        let end = counts.ends[word]
        let start = words.count
        forEach(in: bytes.extracting(begin..<end)) { number in
          words.append(number == Self.none ? separator : Symbol(truncatingIfNeeded: number))
        }
        if words.count > start { words.endWord(from: start, weight: counts.counts[word]) }
        begin = end
      }
    }
    return words
  }
}
