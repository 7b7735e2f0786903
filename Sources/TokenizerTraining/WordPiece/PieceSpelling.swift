import Tokenization

/// Pieces as symbols and as tokens of `vocab.txt`.
struct PieceSpelling {
  let characters: CharacterSymbols
  let prefix: [UInt8]
  /// In id order, each once.
  let specialTokens: [[UInt8]]
  /// Characters that begin words and those that continue them, without those that are special
  /// tokens.
  let beginnings: [[UInt8]]
  let continuations: [(symbol: UInt32, text: [UInt8])]
  private let texts: [[UInt8]]

  init(_ characters: CharacterSymbols, prefix: [UInt8], specialTokens: [[UInt8]]) {
    self.characters = characters
    self.prefix = prefix
    self.specialTokens = specialTokens
    texts = characters.texts
    let special = Set(specialTokens)
    let count = characters.scalars.count
    beginnings = texts.filter { !special.contains($0) }
    continuations = texts.enumerated().map { (UInt32(count + $0 + 1), prefix + $1) }
      .filter { !special.contains($1) }
  }

  /// Tokens that there are whatever is learned.
  var fixedCount: Int { specialTokens.count + beginnings.count + continuations.count }

  var greatestSymbol: Int { 2 * texts.count }

  /// The symbol of a character by its number.
  @inline(__always)
  func symbol(_ number: UInt32, begins: Bool) -> UInt32 {
    number &+ (begins ? 1 : UInt32(truncatingIfNeeded: texts.count) &+ 1)
  }

  /// The token of a piece by its symbols.
  func text(of piece: some Sequence<UInt32>) -> [UInt8] {
    var text: [UInt8] = []
    for symbol in piece {
      let number = Int(symbol) - 1
      if number >= texts.count {
        if text.isEmpty { text = prefix }
        text += texts[number - texts.count]
      } else {
        text += texts[number]
      }
    }
    return text
  }

  /// The symbols of a piece; `nil` of none or with a character that has no token.
  func symbols(of text: some Collection<UInt8>, begins: Bool) -> [UInt32]? {
    var symbols: [UInt32] = []
    let string = String(decoding: text, as: UTF8.self)
    guard !text.isEmpty, string.utf8.elementsEqual(text) else { return nil }
    for scalar in string.unicodeScalars {
      let number = characters.number(of: scalar.value)
      if number == CharacterSymbols.none { return nil }
      symbols.append(symbol(number, begins: begins && symbols.isEmpty))
    }
    return symbols
  }

  /// Every piece of more than one character that is spelled like a special token.
  var specialPieces: [[UInt32]] {
    specialTokens.flatMap { token in
      [
        symbols(of: token, begins: true),
        token.starts(with: prefix)
          ? symbols(of: token.dropFirst(prefix.count), begins: false) : nil,
      ].compactMap { $0 }
    }.filter { $0.count > 1 }
  }
}
