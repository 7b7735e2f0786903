import Primitives
import Tokenization

/// How often each byte occurs in all words.
struct ByteOccurrences {
  /// All 0 unless asked for.
  private(set) var byByte = [UInt64](repeating: 0, count: 256)
  private(set) var total: UInt64 = 0

  /// - Parameter countsEach: whether it matters which bytes they are, and not only how many.
  init(_ counts: borrowing PreTokenCounts, countsEach: Bool) throws(BPETrainingError) {
    var start = 0
    for word in 0..<counts.wordCount {
      let end = counts.ends[word]
      let weight = counts.counts[word]
      let (sum, overflows) = weight.multipliedReportingOverflow(by: UInt64(end - start))
      let (all, exceeds) = total.addingReportingOverflow(sum)
      // Counts of pairs are signed, and no pair occurs more often than bytes do.
      guard !overflows, !exceeds, all <= UInt64(Int64.max) else { throw .countsTooLarge }
      total = all
      // Bounded by `total`, so it cannot overflow.
      if countsEach {
        for i in start..<end { byByte[Int(counts.bytes[i])] &+= weight }
      }
      start = end
    }
  }
}

/// The single bytes that get a token, and their ids after those of the special tokens.
struct BaseAlphabet: BaseSymbols {
  /// Id by byte; -1: the byte has no token and is left out of words.
  private(set) var ids = [Int](repeating: -1, count: 256)
  /// Special tokens and single bytes.
  private(set) var idCount: Int

  /// - Parameter occurrences: by byte; `nil` before anything is counted.
  init(_ options: BPETrainingOptions, specialTokens: [[UInt8]], occurrences: [UInt64]?) {
    let isInitial = Set(options.initialAlphabet)
    var kept = (UInt8.min...UInt8.max).filter {
      isInitial.contains($0) || (occurrences?[Int($0)] ?? 0) > 0
    }
    if let limit = options.alphabetLimit, kept.count > limit {
      let weight = { (byte: UInt8) in
        isInitial.contains(byte) ? UInt64.max : occurrences?[Int(byte)] ?? 0
      }
      kept.sort { (weight($1), $0) < (weight($0), $1) }
      kept.removeLast(kept.count - limit)
    }
    let isKept = Set(kept)
    let order = options.tieBreak == .pairIDs ? ByteAlphabet.bytesInOrder : Array(0...255)
    let special = Dictionary(
      uniqueKeysWithValues: specialTokens.enumerated().map { ($1, $0) })
    idCount = specialTokens.count
    for byte in order where isKept.contains(byte) {
      // A special token spelled like the byte's character owns its id, as in Hugging Face's
      // `compute_alphabet`.
      if let id = special[ByteAlphabet.spelling(of: [byte])] {
        ids[Int(byte)] = id
      } else {
        ids[Int(byte)] = idCount
        idCount += 1
      }
    }
  }

  /// Whether every byte has a token, whatever the words are.
  var isComplete: Bool { !ids.contains(-1) }

  /// Bytes by id; empty for special tokens that are no byte.
  var spellings: [[UInt8]] {
    var spellings = [[UInt8]](repeating: [], count: idCount)
    for byte in UInt8.min...UInt8.max where ids[Int(byte)] >= 0 {
      spellings[ids[Int(byte)]] = [byte]
    }
    return spellings
  }

  /// Byte strings of several bytes whose printable spelling is a special token's text.
  func reserved(_ specialTokens: [[UInt8]]) -> [[UInt8]: TokenID] {
    var reserved: [[UInt8]: TokenID] = [:]
    for (id, text) in specialTokens.enumerated() {
      if let bytes = ByteAlphabet.bytes(spelled: text), bytes.count > 1 {
        reserved[bytes] = TokenID(id)
      }
    }
    return reserved
  }

  /// Occurrences of bytes without a token.
  func dropped(_ occurrences: [UInt64]) -> UInt64 {
    (0..<256).reduce(0) { $0 + (ids[$1] < 0 ? occurrences[$1] : 0) }
  }

  func slotCount(of counts: borrowing PreTokenCounts) -> Int {
    counts.bytes.count + counts.wordCount + 1
  }

  /// A byte without a token is left out, so that its neighbours stand side by side.
  func symbols<Symbol: SymbolInteger>(
    of counts: borrowing PreTokenCounts, separator: Symbol
  ) -> SymbolSequence<Symbol>? {
    guard
      var words = SymbolSequence<Symbol>(
        capacity: slotCount(of: counts), separator: separator)
    else { return nil }
    let none = separator
    let symbolOfByte = ids.map { $0 < 0 ? none : Symbol($0) }
    symbolOfByte.withUnsafeBufferPointer { symbolOfByte in
      counts.bytes.withUnsafeBufferPointer { bytes in
        var i = 0
        for word in 0..<counts.wordCount {
          let end = counts.ends[word]
          let start = words.count
          while i < end {
            let symbol = symbolOfByte[Int(bytes[i])]
            if symbol != none { words.append(symbol) }
            i &+= 1
          }
          if words.count > start { words.endWord(from: start, weight: counts.counts[word]) }
        }
      }
    }
    return words
  }
}
