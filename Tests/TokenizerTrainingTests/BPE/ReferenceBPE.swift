import Tokenization

@testable import TokenizerTraining

/// The obvious trainer: counts all pairs anew for every merge and takes the best.
struct ReferenceBPE {
  struct Pair: Hashable {
    var left: Int
    var right: Int
  }

  var tokens: [[UInt8]] = []
  var merges: [Merge] = []
  var counts: [UInt64] = []
  var corpusTokens: UInt64 = 0

  /// - Parameter words: bytes and count; every byte has a token.
  init(_ words: [([UInt8], UInt64)], _ options: BPETrainingOptions) {
    let specials = options.specialTokens
    tokens = specials.map { _ in [] }
    let present = Set(words.flatMap(\.0)).union(options.initialAlphabet)
    let order = options.tieBreak == .pairIDs ? ByteAlphabet.bytesInOrder : Array(0...255)
    var id: [UInt8: Int] = [:]
    for byte in order where present.contains(byte) {
      if let special = specials.firstIndex(of: ByteAlphabet.spelling(of: [byte])) {
        tokens[special] = [byte]
        id[byte] = special
      } else {
        id[byte] = tokens.count
        tokens.append([byte])
      }
    }
    var rows = words.map { (symbols: $0.0.compactMap { id[$0] }, count: $0.1) }
    while tokens.count < options.vocabularySize {
      var found: [Pair: UInt64] = [:]
      for row in rows {
        for i in row.symbols.indices.dropLast() {
          let pair = Pair(left: row.symbols[i], right: row.symbols[i + 1])
          let length = tokens[pair.left].count + tokens[pair.right].count
          if length <= options.maximumTokenLength ?? .max { found[pair, default: 0] += row.count }
        }
      }
      let best = found.max { lhs, rhs in
        if lhs.value != rhs.value { return lhs.value < rhs.value }
        if options.tieBreak != .greatestBytes {
          return (lhs.key.left, lhs.key.right) > (rhs.key.left, rhs.key.right)
        }
        if lhs.key.left != rhs.key.left {
          return tokens[lhs.key.left].lexicographicallyPrecedes(tokens[rhs.key.left])
        }
        return tokens[lhs.key.right].lexicographicallyPrecedes(tokens[rhs.key.right])
      }
      guard let best, best.value >= max(1, options.minimumFrequency) else { break }
      let bytes = tokens[best.key.left] + tokens[best.key.right]
      var result = tokens.count
      if let special = specials.firstIndex(of: ByteAlphabet.spelling(of: bytes)) {
        result = special
        tokens[special] = bytes
      } else {
        tokens.append(bytes)
      }
      merges.append(
        Merge(
          left: TokenID(best.key.left), right: TokenID(best.key.right), result: TokenID(result)))
      counts.append(best.value)
      for index in rows.indices {
        rows[index].symbols = Self.merge(rows[index].symbols, best.key, into: result)
      }
    }
    corpusTokens = rows.reduce(0) { $0 + UInt64($1.symbols.count) * $1.count }
  }

  private static func merge(_ symbols: [Int], _ pair: Pair, into result: Int) -> [Int] {
    var merged: [Int] = []
    var i = 0
    while i < symbols.count {
      if i + 1 < symbols.count, symbols[i] == pair.left, symbols[i + 1] == pair.right {
        merged.append(result)
        i += 2
      } else {
        merged.append(symbols[i])
        i += 1
      }
    }
    return merged
  }
}
