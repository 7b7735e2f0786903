/// Texts that may become tokens, encoded to see whether they do.
struct ReachWitnesses: ~Copyable {
  /// What stands before and behind the text of a token that by itself becomes something else. The
  /// private character is hardly part of any token, so that nothing is joined across it.
  private static let usualLefts = [
    "", " ", "\u{F8FF}", "a", "e", "1", "0", "ж", "中", "ا", "'", ".", "\n",
  ]
  private static let rights = ["", "a", " ", "\u{F8FF}", ".", "\n"]
  /// Single characters of a WordPiece vocabulary that words begin with, to be continued.
  private static let beginningCount = 64

  private let tokenizer: Tokenizer
  private var encoder: TokenEncoder
  private let beginnings: [[UInt8]]
  private let lefts: [[UInt8]]
  private let spellsBytes: Bool
  private var ids: [TokenID] = []
  /// Bytes that may still be encoded around tokens, `textCost` more for each text.
  private var budget = 1 << 24
  private static let textCost = 16
  /// Longest text that is tried: a Unigram model takes time for the square of it.
  private static let longestText = 1 << 12
  private var isReached: [Bool]

  /// - Parameter encoder: one of its own.
  init(_ encoder: consuming TokenEncoder) {
    let tokenizer = encoder.compiled.tokenizer
    let spellsBytes =
      tokenizer.preTokenizer.endsInBytes || tokenizer.normalizer.steps.contains(.byteLevel)
    beginnings = Self.beginnings(of: tokenizer.model)
    lefts = Self.usualLefts.map { Array($0.utf8) } + beginnings
    self.spellsBytes = spellsBytes && !tokenizer.model.holdsBytes
    isReached = [Bool](repeating: false, count: tokenizer.idCount)
    self.tokenizer = tokenizer
    self.encoder = encoder
  }

  private static func beginnings(of model: TokenizerModel) -> [[UInt8]] {
    guard case .wordPiece(let model) = model else { return [] }
    var found: [[UInt8]] = []
    for id in 0..<TokenID(model.vocabulary.count) where found.count < beginningCount {
      guard let token = model.vocabulary[id], token.count <= 4,
        let text = String(validating: token, as: UTF8.self), text.unicodeScalars.count == 1,
        text.unicodeScalars.first?.properties.isAlphabetic ?? false
      else { continue }
      found.append(Array(token))
    }
    return found
  }

  /// Single bytes, and characters that have each byte of UTF-8 at each place: what tokens of bytes
  /// are found by.
  mutating func tryBytes() {
    for byte in UInt8.min...UInt8.max { encode([byte]) }
    for lead in UInt8(0xC2)...0xF4 {
      for next in UInt8(0x80)...0xBF {
        let text =
          lead < 0xE0
          ? [lead, next] : lead < 0xF0 ? [lead, next, next] : [lead, next, next, next]
        encode(text)
      }
    }
  }

  /// Whether a text was found that becomes a token.
  ///
  /// - Parameter easily: only the texts of the token itself are tried. Else what may stand around them
  ///   is, until the effort for all tokens is spent.
  mutating func reach(_ id: TokenID, easily: Bool) -> Bool {
    if isReached[Int(id)] { return true }
    let texts = texts(of: id)
    if easily {
      for text in texts {
        encode(text)
        if isReached[Int(id)] { return true }
      }
      return false
    }
    for text in texts where budget > 0 {
      for left in lefts {
        for right in Self.rights {
          attempt(left + text + right.utf8)
          if isReached[Int(id)] { return true }
        }
      }
    }
    return tokenizer.model.holdsBytes && reachCompleted(id)
  }

  /// Characters that a token begins or ends in are made whole in all ways that cost little.
  private mutating func reachCompleted(_ id: TokenID) -> Bool {
    guard let token = tokenizer.bytes(of: id) else { return false }
    let whole = WholeCharacters.inside(token)
    let isCutAtStart = whole.startIndex > token.startIndex
    let isCutAtEnd = whole.endIndex < token.endIndex
    guard isCutAtStart || isCutAtEnd else { return false }
    let starts = isCutAtStart ? Self.starts(of: token[..<whole.startIndex]) : [[]]
    let ends = isCutAtEnd ? Self.ends(of: token[whole.endIndex...]) : [[]]
    for start in starts {
      if budget <= 0 { return false }
      for end in isCutAtStart ? Array(ends.prefix(Self.endCount)) : ends {
        attempt(start + token + end)
        if isReached[Int(id)] { return true }
      }
    }
    return false
  }

  /// What may stand before the last bytes of a character.
  private static func starts(of rest: ArraySlice<UInt8>) -> [[UInt8]] {
    let twos = rest.count == 1 ? (UInt8(0xC2)...0xDF).map { [$0] } : []
    let threes = (UInt8(0xE0)...0xEF).flatMap { lead in
      rest.count == 2 ? [[lead]] : continuations.map { [lead, $0] }
    }
    let fours = (UInt8(0xF0)...0xF4).flatMap { lead in
      rest.count == 3 ? [[lead]] : continuations.map { [lead, $0] + (rest.count == 1 ? [$0] : []) }
    }
    return rest.count > 3 ? [] : twos + (rest.count < 3 ? threes : []) + fours
  }

  /// What may stand behind the first bytes of a character.
  private static func ends(of rest: ArraySlice<UInt8>) -> [[UInt8]] {
    guard let lead = rest.first else { return [[]] }
    let missing = (lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4) - rest.count
    return continuations.flatMap { first in
      missing < 2
        ? [[first]] : continuations.map { [first] + [UInt8](repeating: $0, count: missing - 1) }
    }
  }

  private static let continuations = Array(UInt8(0x80)...0xBF)
  /// Ends that are tried with each of many starts.
  private static let endCount = 8

  /// What a token may have been in a text.
  private func texts(of id: TokenID) -> [[UInt8]] {
    guard let token = tokenizer.bytes(of: id) else { return [] }
    if tokenizer.model.holdsBytes { return [Array(token)] }
    if let byte = tokenizer.model.fallbackByte(of: id) { return [[byte], Array(token)] }
    var texts = [Array(token)]
    let (prefix, suffix) = affixes
    if !prefix.isEmpty && token.starts(with: prefix) {
      let text = token.dropFirst(prefix.count)
      // Nearly all continuations follow on one of these.
      texts += beginnings.prefix(4).map { $0 + text }
      texts.append(Array(text))
    }
    if !suffix.isEmpty && token.suffix(suffix.count).elementsEqual(suffix) {
      texts.append(Array(token.dropLast(suffix.count)))
    }
    if spellsBytes, let bytes = ByteAlphabet.bytes(spelled: token) { texts.insert(bytes, at: 0) }
    var blanks: [UInt8] = []
    blanks.append(token, replacing: Array("▁".utf8), by: [0x20])
    if blanks != texts[0] {
      // A blank is put before texts by most models that have the mark.
      texts.insert(blanks, at: 0)
      if blanks.first == 0x20 { texts.insert(Array(blanks.dropFirst()), at: 0) }
    }
    return texts
  }

  private var affixes: (prefix: [UInt8], suffix: [UInt8]) {
    switch tokenizer.model {
    case .bpe(let model): (model.continuingPrefix ?? [], model.endOfWordSuffix ?? [])
    case .wordPiece(let model): (model.continuingPrefix, [])
    case .unigram, .wordLevel: ([], [])
    }
  }

  private mutating func attempt(_ text: [UInt8]) {
    budget -= text.count + Self.textCost
    encode(text)
  }

  /// A text that cannot be encoded shows nothing.
  private mutating func encode(_ text: [UInt8]) {
    guard text.count <= Self.longestText else { return }
    ids.removeAll(keepingCapacity: true)
    guard (try? encoder.encode(text, into: &ids)) != nil else { return }
    for id in ids { isReached[Int(id)] = true }
  }
}
