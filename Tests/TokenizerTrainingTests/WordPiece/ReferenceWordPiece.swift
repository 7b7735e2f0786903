import Tokenization

@testable import TokenizerTraining

/// The obvious trainer, on strings: counts all pairs anew for every merge and takes the best.
struct ReferenceWordPiece {
  var tokens: [String]
  var counts: [UInt64] = []
  var corpusTokens: UInt64 = 0
  var dropped: UInt64 = 0
  var leftOut = LeftOutWords()

  private var ids: [String: Int] = [:]
  /// Ids of tokens that continue words.
  private var continuing: Set<Int> = []
  private let prefix: String

  /// - Parameter words: text and count, no text twice.
  init(_ words: [(String, UInt64)], _ options: WordPieceTrainingOptions) {
    func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
    let isScored = options.score != .frequency
    let allWords = words
    let words = words.filter { !isScored || $0.0.unicodeScalars.count <= options.longestWord }
    leftOut.tooLong = allWords.reduce(0) { $0 + $1.1 } - words.reduce(0) { $0 + $1.1 }
    prefix = text(options.continuingPrefix)
    tokens = []
    for token in options.specialTokens.map(text) where !tokens.contains(token) {
      tokens.append(token)
    }
    for (id, token) in tokens.enumerated() { ids[token] = id }

    var weights: [Unicode.Scalar: UInt64] = [:]
    for (word, count) in words {
      for scalar in word.unicodeScalars { weights[scalar, default: 0] += count }
    }
    var order = weights
    for scalar in options.initialAlphabet.compactMap(Unicode.Scalar.init) { order[scalar] = .max }
    let kept = order.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .prefix(options.alphabetLimit ?? .max).map(\.key).sorted()
    for scalar in kept { _ = add(String(Character(scalar))) }

    let sorted = words.sorted {
      $0.1 == $1.1 ? Array($0.0.utf8).lexicographicallyPrecedes(Array($1.0.utf8)) : $0.1 > $1.1
    }
    let present = Set(words.flatMap { $0.0.unicodeScalars.dropFirst() })
    for scalar in options.continuingOrder.compactMap(Unicode.Scalar.init)
    where present.contains(scalar) && ids[String(Character(scalar))] != nil {
      _ = add(prefix + String(Character(scalar)))
    }
    var rows: [(symbols: [Int], count: UInt64)] = []
    for (word, count) in sorted {
      var row: [Int] = []
      var text = ""
      var begins = false
      let rowsBefore = rows.count
      let droppedBefore = dropped
      for (place, scalar) in word.unicodeScalars.enumerated() {
        let character = String(Character(scalar))
        guard let id = ids[character] else {
          dropped += count
          continue
        }
        if place == 0 { begins = true }
        if begins && text == prefix {
          rows.append((row, count))
          row = []
        }
        text.unicodeScalars.append(scalar)
        row.append(place == 0 ? id : add(prefix + character))
        if place > 0 { continuing.formUnion(row.suffix(1)) }
      }
      rows.append((row, count))
      if isScored && dropped > droppedBefore {
        rows.removeLast(rows.count - rowsBefore)
        leftOut.unspelled += count
      }
    }
    merge(&rows, options)
  }

  /// Id of a token: the one that it has, or the next.
  private mutating func add(_ token: String) -> Int {
    if let id = ids[token] { return id }
    ids[token] = tokens.count
    tokens.append(token)
    return tokens.count - 1
  }

  private func joined(_ left: Int, _ right: Int) -> String {
    tokens[left] + String(tokens[right].unicodeScalars.dropFirst(prefix.unicodeScalars.count))
  }

  /// Whether a pair may be a token at all.
  private func isAllowed(_ pair: [Int], _ options: WordPieceTrainingOptions) -> Bool {
    let text = joined(pair[0], pair[1]).unicodeScalars
    if continuing.contains(pair[0]) {
      return text.count - prefix.unicodeScalars.count <= options.longestWord
    }
    if options.score != .frequency && text.starts(with: prefix.unicodeScalars) { return false }
    return text.count <= options.longestWord
  }

  private mutating func merge(
    _ rows: inout [(symbols: [Int], count: UInt64)], _ options: WordPieceTrainingOptions
  ) {
    var allowed: [[Int]: Bool] = [:]
    let total = rows.reduce(0) { $0 + UInt64($1.symbols.count) * $1.count }
    while tokens.count < options.vocabularySize {
      var found: [[Int]: UInt64] = [:]
      var symbols: [Int: UInt64] = [:]
      for row in rows {
        for symbol in row.symbols { symbols[symbol, default: 0] += row.count }
        for pair in zip(row.symbols, row.symbols.dropFirst()) {
          found[[pair.0, pair.1], default: 0] += row.count
        }
      }
      for pair in found.keys where allowed[pair] == nil {
        allowed[pair] = isAllowed(pair, options)
      }
      let score = ReferenceScore(options, symbols, total: total)
      let eligible = found.filter { allowed[$0.key] == true && $0.value >= score.minimum }
      let best = eligible.max { lhs, rhs in
        let order = score.compare(lhs, rhs)
        if order != 0 { return order < 0 }
        return lhs.value != rhs.value
          ? lhs.value < rhs.value : rhs.key.lexicographicallyPrecedes(lhs.key)
      }
      guard let best else { break }
      counts.append(best.value)
      let id = add(joined(best.key[0], best.key[1]))
      if continuing.contains(best.key[0]) { continuing.insert(id) }
      for index in rows.indices {
        var merged: [Int] = []
        var place = 0
        let symbols = rows[index].symbols
        while place < symbols.count {
          if Array(symbols[place...].prefix(2)) == best.key {
            merged.append(id)
            place += 2
          } else {
            merged.append(symbols[place])
            place += 1
          }
        }
        rows[index].symbols = merged
      }
    }
    corpusTokens = rows.reduce(0) { $0 + UInt64($1.symbols.count) * $1.count }
  }
}

/// Scores of pairs, by the definitions.
struct ReferenceScore {
  typealias Pair = (key: [Int], value: UInt64)

  let minimum: UInt64
  private let score: WordPieceScore
  private let symbols: [Int: UInt64]
  private let total: UInt64

  init(_ options: WordPieceTrainingOptions, _ symbols: [Int: UInt64], total: UInt64) {
    score = options.score
    self.symbols = symbols
    self.total = total
    if case .likelihood(let count) = score {
      minimum = max(1, count ?? 1)
    } else {
      minimum = max(1, options.minimumFrequency)
    }
  }

  /// Above 0 where the first pair has the higher score, below 0 where the second has.
  func compare(_ lhs: Pair, _ rhs: Pair) -> Int {
    switch score {
    case .likelihood: ratio(lhs).compare(ratio(rhs))
    case .gain: Int((gain(lhs) - gain(rhs)).signum())
    default: 0
    }
  }

  private func ratio(_ pair: Pair) -> Ratio {
    Ratio(
      UInt128(pair.value), UInt128(symbols[pair.key[0]] ?? 0) * UInt128(symbols[pair.key[1]] ?? 0))
  }

  private func gain(_ pair: Pair) -> Int128 {
    func log(_ count: UInt64) -> Int64 { WholeLogarithm().value(Int64(count)) }
    let sum =
      log(pair.value) + log(total) - log(symbols[pair.key[0]] ?? 0)
      - log(symbols[pair.key[1]] ?? 0)
    return Int128(pair.value) * Int128(sum)
  }
}

/// A fraction of two positive numbers, compared without products: by its continued fraction.
private struct Ratio {
  let over: UInt128
  let under: UInt128

  init(_ over: UInt128, _ under: UInt128) {
    self.over = over
    self.under = under
  }

  func compare(_ other: Ratio) -> Int {
    let (whole, rest) = over.quotientAndRemainder(dividingBy: under)
    let (otherWhole, otherRest) = other.over.quotientAndRemainder(dividingBy: other.under)
    if whole != otherWhole { return whole > otherWhole ? 1 : -1 }
    if rest == 0 || otherRest == 0 { return (rest == 0 ? 0 : 1) - (otherRest == 0 ? 0 : 1) }
    return Ratio(other.under, otherRest).compare(Ratio(under, rest))
  }
}
