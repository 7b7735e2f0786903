import Tokenization

/// The symbols of Unigram training: characters numbered from 1 by code point. 0 ends a word.
struct UnigramAlphabet {
  /// Characters with a symbol of their own, by code point: those that get a piece.
  let characters: CharacterSymbols
  /// The symbol of all others, the boundary among them, where SentencePiece has U+2585.
  let rare: UInt32
  /// Number of the greatest symbol.
  let count: Int
  /// Characters that get a piece as symbols, the most frequent first, with their counts.
  let pieces: [(symbol: UInt32, count: UInt64)]

  init(_ required: RequiredCharacters) {
    let sorted = Set(required.characters.map(\.scalar)).sorted()
    characters = CharacterSymbols(sorted)
    // Where U+2585 itself gets a piece, the others follow it.
    let rare = UInt32(sorted.prefix { $0 <= PieceRules.rare }.count + 1)
    self.rare = rare
    count = sorted.count + 1
    var numbers: [UInt32: UInt32] = [:]
    for (number, scalar) in sorted.enumerated() { numbers[scalar] = UInt32(number) }
    pieces = required.characters.compactMap { character in
      guard let number = numbers[character.scalar] else { return nil }
      return (number + (number + 1 >= rare ? 2 : 1), character.count)
    }
  }

  /// The symbol of a character's number in `characters`; `none`: of a rare one.
  @inline(__always)
  func symbol(ofNumber number: UInt32) -> UInt32 {
    if number == CharacterSymbols.none { return rare }
    return number + (number + 1 >= rare ? 2 : 1)
  }

  /// The first byte of a character as training sees it: a rare one is U+2585.
  func lead(of scalar: UInt32) -> UInt8 {
    guard characters.number(of: scalar) != CharacterSymbols.none,
      let text = Unicode.Scalar(scalar).map({ String(Character($0)).utf8 })
    else { return 0xE2 }
    return text.first ?? 0
  }

  /// The symbols of a well-formed text.
  func symbols(of text: [UInt8]) -> [UInt32] {
    var symbols: [UInt32] = []
    text.withUnsafeBufferPointer { text in
      characters.forEach(in: text) { symbols.append(symbol(ofNumber: $0)) }
    }
    return symbols
  }

  /// The character of each symbol; of 0 and `rare`: NUL, which is in no piece.
  var scalars: [UInt32] {
    var scalars = [UInt32](repeating: 0, count: count + 1)
    for (number, scalar) in characters.scalars.enumerated() {
      scalars[Int(symbol(ofNumber: UInt32(number)))] = scalar
    }
    return scalars
  }

  /// UTF-8 by symbol.
  var texts: [[UInt8]] {
    scalars.map { scalar in
      scalar == 0 ? [] : Unicode.Scalar(scalar).map { Array(String(Character($0)).utf8) } ?? []
    }
  }
}
