import Tokenization

@testable import TokenizerTraining

/// The obvious trainer, on strings: counts all pairs anew for every merge and takes the best.
struct ReferenceWordPiece {
  var tokens: [String]
  var counts: [UInt64] = []
  var corpusTokens: UInt64 = 0
  var dropped: UInt64 = 0

  private var ids: [String: Int] = [:]
  /// Ids of tokens that continue words.
  private var continuing: Set<Int> = []
  private let prefix: String

  /// - Parameter words: text and count, no text twice.
  init(_ words: [(String, UInt64)], _ options: WordPieceTrainingOptions) {
    func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
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

  private mutating func merge(
    _ rows: inout [(symbols: [Int], count: UInt64)], _ options: WordPieceTrainingOptions
  ) {
    while tokens.count < options.vocabularySize {
      var found: [[Int]: UInt64] = [:]
      for row in rows {
        for (left, right) in zip(row.symbols, row.symbols.dropFirst()) {
          let prefixLength = continuing.contains(left) ? prefix.unicodeScalars.count : 0
          if joined(left, right).unicodeScalars.count - prefixLength <= options.longestWord {
            found[[left, right], default: 0] += row.count
          }
        }
      }
      let best = found.max { lhs, rhs in
        lhs.value != rhs.value
          ? lhs.value < rhs.value : rhs.key.lexicographicallyPrecedes(lhs.key)
      }
      guard let best, best.value >= max(1, options.minimumFrequency) else { break }
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
