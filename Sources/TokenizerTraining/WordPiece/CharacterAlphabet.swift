import Primitives
import Tokenization

/// The characters that get a token, for the start of a word and behind it, and their ids after
/// those of the special tokens.
///
/// Characters that begin words come by code point, as in Hugging Face's `BpeTrainer`. Those that
/// continue words come as they are first met there, which in Hugging Face's library is the order of a
/// hash table; here it is that of the words by falling count, equal ones by their bytes.
struct CharacterAlphabet: BaseSymbols {
  private static let none = UInt32.max

  /// Id by code point, up to the highest with one.
  private var beginningIDs: [UInt32]
  private var continuingIDs: [UInt32]
  private let prefix: [UInt8]
  private let suspects: Int
  /// Texts by id; empty for special tokens that are no character.
  private(set) var spellings: [[UInt8]]
  /// Occurrences of characters without a token.
  private(set) var dropped: UInt64 = 0

  init(
    _ options: WordPieceTrainingOptions, specialTokens: [[UInt8]],
    _ occurrences: CharacterOccurrences, in words: borrowing PreTokenCounts
  ) {
    prefix = options.continuingPrefix
    suspects = occurrences.suspects
    spellings = specialTokens.map { _ in [] }
    let special = Dictionary(
      uniqueKeysWithValues: specialTokens.enumerated().map { ($1, UInt32($0)) })
    let kept = Self.kept(options, occurrences)
    let room =
      1 + Int(max(occurrences.characters.last?.scalar ?? 0, options.initialAlphabet.max() ?? 0))
    beginningIDs = [UInt32](repeating: Self.none, count: room)
    continuingIDs = beginningIDs
    for scalar in kept { beginningIDs[Int(scalar)] = id(of: Self.text(scalar), special) }
    for character in occurrences.characters where beginningIDs[Int(character.scalar)] == Self.none {
      // As in Hugging Face's library, a special token of one character keeps that one.
      let text = Self.text(character.scalar)
      if special[text] != nil {
        beginningIDs[Int(character.scalar)] = id(of: text, special)
      } else {
        dropped += character.count
      }
    }
    for scalar in Self.continuing(options, occurrences, in: words)
    where beginningIDs[Int(scalar)] != Self.none {
      continuingIDs[Int(scalar)] = id(of: prefix + Self.text(scalar), special)
    }
  }

  /// The id of a token: that of a special token spelled like it, or the next.
  private mutating func id(of text: [UInt8], _ special: [[UInt8]: UInt32]) -> UInt32 {
    if let id = special[text] {
      spellings[Int(id)] = text
      return id
    }
    spellings.append(text)
    return UInt32(spellings.count - 1)
  }

  /// Characters within the limit, by code point.
  private static func kept(
    _ options: WordPieceTrainingOptions, _ occurrences: CharacterOccurrences
  ) -> [UInt32] {
    let initial = Set(options.initialAlphabet)
    var weights = initial.map { (scalar: $0, weight: UInt64.max) }
    for character in occurrences.characters where !initial.contains(character.scalar) {
      weights.append((character.scalar, character.count))
    }
    weights.sort { ($1.weight, $0.scalar) < ($0.weight, $1.scalar) }
    return weights.prefix(options.alphabetLimit ?? .max).map(\.scalar).sorted()
  }

  /// Characters that continue words, in the order of their ids.
  private static func continuing(
    _ options: WordPieceTrainingOptions, _ occurrences: CharacterOccurrences,
    in words: borrowing PreTokenCounts
  ) -> [UInt32] {
    var first: [Int: Set<UInt32>] = [:]
    for character in occurrences.characters where character.continuedWord >= 0 {
      first[character.continuedWord, default: []].insert(character.scalar)
    }
    var numbers = Array(first.keys)
    numbers.sort { CharacterOccurrences.precedes($0, $1, in: words) }
    var order: [UInt32] = []
    words.bytes.withUnsafeBufferPointer { bytes in
      for word in numbers {
        let text = UnsafeBufferPointer(rebasing: bytes[words.range(of: word)])
        var place = CharacterSymbols.scalar(text, at: 0).length
        while place < text.count {
          let (scalar, length) = CharacterSymbols.scalar(text, at: place)
          if first[word]?.remove(scalar) != nil { order.append(scalar) }
          place += length
        }
      }
    }
    guard !options.continuingOrder.isEmpty else { return order }
    let present = Set(order)
    var named: Set<UInt32> = []
    let asked = options.continuingOrder.filter {
      present.contains($0) && named.insert($0).inserted
    }
    return asked + order.filter { !named.contains($0) }
  }

  private static func text(_ scalar: UInt32) -> [UInt8] {
    Unicode.Scalar(scalar).map { Array(String(Swift.Character($0)).utf8) } ?? []
  }

  /// Whether every character of the word has a token; each has its form behind another one, too.
  func spells(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var place = 0
    while place < text.count {
      let (scalar, length) = CharacterSymbols.scalar(text, at: place)
      if beginningIDs[Int(scalar)] == Self.none { return false }
      place += length
    }
    return true
  }

  func slotCount(of counts: borrowing PreTokenCounts) -> Int {
    counts.bytes.count + counts.wordCount + suspects + 1
  }

  /// A character without a token is left out, so that its neighbours stand side by side. A word that
  /// then begins with the prefix is cut behind it: a token that went on there would be spelled like
  /// one that continues words.
  func symbols<Symbol: SymbolInteger>(
    of counts: borrowing PreTokenCounts, separator: Symbol
  ) -> SymbolSequence<Symbol>? {
    guard
      var words = SymbolSequence<Symbol>(
        capacity: slotCount(of: counts), separator: separator)
    else { return nil }
    // A prefix without tokens is no beginning of a word.
    let prefixIDs = String(decoding: prefix, as: UTF8.self).unicodeScalars.enumerated().map {
      let ids = $0 == 0 ? beginningIDs : continuingIDs
      return Int($1.value) < ids.count ? ids[Int($1.value)] : Self.none
    }
    beginningIDs.withUnsafeBufferPointer { beginningIDs in
      continuingIDs.withUnsafeBufferPointer { continuingIDs in
        counts.bytes.withUnsafeBufferPointer { bytes in
          var place = 0
          for word in 0..<counts.wordCount {
            let first = place
            let end = counts.ends[word]
            var start = words.count
            // Symbols of the prefix that the word has begun with; -1: with another one.
            var matched = 0
            while place < end {
              let (scalar, length) = CharacterSymbols.scalar(bytes, at: place)
              let id = (place == first ? beginningIDs : continuingIDs)[Int(scalar)]
              place &+= length
              if id == Self.none { continue }
              if matched == prefixIDs.count {
                words.endWord(from: start, weight: counts.counts[word])
                start = words.count
                matched = -1
              } else if matched >= 0 {
                matched = id == prefixIDs[matched] ? matched &+ 1 : -1
              }
              words.append(Symbol(truncatingIfNeeded: id))
            }
            if words.count > start { words.endWord(from: start, weight: counts.counts[word]) }
          }
        }
      }
    }
    return words
  }
}
