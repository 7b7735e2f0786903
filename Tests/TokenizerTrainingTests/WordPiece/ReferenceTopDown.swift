import Tokenization

@testable import TokenizerTraining

/// The top-down learner written plainly, with dictionaries of strings. Pieces that begin words have
/// a `^` before them here, which is no character of the words.
struct ReferenceTopDown {
  private(set) var tokens: [String] = []
  private(set) var threshold: UInt64 = 0
  private(set) var corpusTokens: UInt64 = 0
  private(set) var leftOut = LeftOutWords()
  private(set) var fixedCount = 0

  private typealias Words = [(text: [Unicode.Scalar], count: UInt64)]

  private let prefix: String
  private let options: TopDownOptions
  private let special: [String]
  private var words: Words
  private var characters: Set<Unicode.Scalar> = []
  /// What the last round left of every substring, and what of it is kept.
  private var remaining: [String: UInt64] = [:]
  private var kept: [String: UInt64] = [:]

  /// - Parameter words: text and count, no text twice.
  init(_ words: [(String, UInt64)], _ training: WordPieceTrainingOptions, _ options: TopDownOptions)
  {
    self.options = options
    prefix = String(decoding: training.continuingPrefix, as: UTF8.self)
    var special: [String] = []
    for token in training.specialTokens.map({ String(decoding: $0, as: UTF8.self) })
    where !special.contains(token) {
      special.append(token)
    }
    self.special = special
    self.words = words.map { (Array($0.0.unicodeScalars), $0.1) }
    var low = max(options.lowestThreshold, words.map(\.1).min() ?? 0)
    var high = min(options.highestThreshold, words.map(\.1).max() ?? 0)
    leaveOut(training)
    fixedCount = Set(special + fixedTokens).count
    let size = training.vocabularySize
    var specialWords: UInt64 = 0
    for (text, count) in words
    where special.contains(text) && text.unicodeScalars.count <= longest(training) {
      specialWords += count
    }
    guard !self.words.isEmpty, size >= fixedCount else { return }
    while true {
      threshold = max(1, (low + high) / 2)
      learn()
      let found = Set(special + fixedTokens + kept.keys.map(token)).count
      if found <= size, Double(size - found) <= options.slack * Double(size) { break }
      if low >= high || threshold <= 1 { break }
      if found > size { low = threshold + 1 } else { high = threshold - 1 }
    }
    if !options.followsTensorFlowText { fillOrTrim(size - fixedCount) }
    list()
    corpusTokens = specialWords + self.words.reduce(0) { $0 + $1.count * matches($1.text) }
  }

  private func longest(_ training: WordPieceTrainingOptions) -> Int {
    min(training.longestWord, options.followsTensorFlowText ? 50 : .max)
  }

  private mutating func leaveOut(_ training: WordPieceTrainingOptions) {
    func take(_ isKept: (Words.Element) -> Bool) -> UInt64 {
      let gone = words.filter { !isKept($0) }
      words = words.filter(isKept)
      return gone.reduce(0) { $0 + $1.count }
    }
    leftOut.tooLong = take { $0.text.count <= longest(training) }
    let special = special
    _ = take { !special.contains(String(String.UnicodeScalarView($0.text))) }
    let initial = Set(training.initialAlphabet.compactMap(Unicode.Scalar.init))
    var weights: [Unicode.Scalar: UInt64] = [:]
    for word in words {
      for scalar in word.text where !initial.contains(scalar) {
        weights[scalar, default: 0] += word.count
      }
    }
    let limit = training.alphabetLimit ?? options.maximumCharacters ?? .max
    let others = weights.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .prefix(max(0, limit - initial.count)).map(\.key)
    let allowed = initial.union(others)
    leftOut.unspelled = take { $0.text.allSatisfy(allowed.contains) }
    words.sort {
      $0.count != $1.count ? $0.count > $1.count : $0.text.lexicographicallyPrecedes($1.text)
    }
    for word in words.dropFirst(options.maximumWords ?? .max) { leftOut.tooRare += word.count }
    words = Array(words.prefix(options.maximumWords ?? .max))
    characters = initial.union(words.flatMap(\.text))
  }

  private var fixedTokens: [String] {
    characters.map { String($0) } + characters.map { prefix + String($0) }
  }

  private func token(_ piece: String) -> String {
    piece.first == "^" ? String(piece.dropFirst()) : prefix + piece
  }

  private func length(_ piece: String) -> Int {
    piece.unicodeScalars.count - (piece.first == "^" ? 1 : 0)
  }

  private func isRefused(_ piece: String) -> Bool {
    piece.first == "^" && token(piece) != prefix && token(piece).hasPrefix(prefix)
  }

  /// All pieces that begin at a place, the shortest first.
  private func pieces(_ text: [Unicode.Scalar], from start: Int) -> [String] {
    var piece = start == 0 ? "^" : ""
    return text[start...].map { scalar in
      piece.unicodeScalars.append(scalar)
      return piece
    }
  }

  private mutating func learn() {
    var starts = words.map { Array(0..<$0.text.count) }
    for round in 0..<options.iterations {
      if round > 0 {
        starts = words.map { splits($0.text, kept: kept) }
      }
      remaining = [:]
      for (word, starts) in zip(words, starts) {
        for start in starts {
          for piece in pieces(word.text, from: start) {
            remaining[piece, default: 0] += word.count
          }
        }
      }
      kept = [:]
      for piece in remaining.keys.sorted(by: { length($0) > length($1) }) {
        guard let count = remaining[piece] else { continue }
        let isKept = count >= threshold && !isRefused(piece)
        if isKept { kept[piece] = count }
        guard isKept || options.followsTensorFlowText else { continue }
        var beginning = piece.unicodeScalars
        beginning.removeLast()
        while remaining[String(beginning)] != nil {
          remaining[String(beginning)]? -= count
          beginning.removeLast()
        }
      }
    }
  }

  /// Where the longest matches of a word begin; characters match in any case.
  private func splits(_ text: [Unicode.Scalar], kept: [String: UInt64]) -> [Int] {
    var starts: [Int] = []
    var start = 0
    while start < text.count {
      starts.append(start)
      start += (pieces(text, from: start).lastIndex { kept[$0] != nil } ?? 0) + 1
    }
    return starts
  }

  private mutating func fillOrTrim(_ room: Int) {
    func first(_ count: Int, _ pieces: [String: UInt64]) -> [String: UInt64] {
      let sorted = pieces.sorted {
        $0.value != $1.value
          ? $0.value > $1.value
          : Array(token($0.key).utf8).lexicographicallyPrecedes(Array(token($1.key).utf8))
      }
      return Dictionary(uniqueKeysWithValues: sorted.prefix(count).map { ($0, $1) })
    }
    let long = kept.filter { length($0.key) > 1 && !special.contains(token($0.key)) }
    var next: [String: Set<String>] = [:]
    for word in words {
      for start in word.text.indices {
        let pieces = pieces(word.text, from: start)
        for (piece, longer) in zip(pieces, pieces.dropFirst() + [""]) {
          next[piece, default: []].insert(longer)
        }
      }
    }
    let others = remaining.filter { piece, count in
      let goesOn = next[piece] ?? []
      return count > 0 && kept[piece] == nil && length(piece) > 1 && !isRefused(piece)
        && !special.contains(token(piece))
        && (goesOn.count > 1 || goesOn == [""] || piece == "^" + prefix)
    }
    let characters = kept.filter { length($0.key) == 1 }
    kept = characters.merging(first(room, long)) { $1 }
    if long.count < room { kept.merge(first(room - long.count, others)) { $1 } }
  }

  private mutating func list() {
    var counts: [String: UInt64] = [:]
    for character in characters { counts[prefix + String(character)] = 1 }
    for (piece, count) in kept { counts[token(piece)] = count }
    let sorted = counts.sorted {
      $0.value != $1.value
        ? $0.value > $1.value : Array($0.key.utf8).lexicographicallyPrecedes(Array($1.key.utf8))
    }
    for token in special + characters.sorted().map({ String($0) }) + sorted.map(\.key)
    where !tokens.contains(token) {
      tokens.append(token)
    }
  }

  private func matches(_ text: [Unicode.Scalar]) -> UInt64 {
    var all = kept
    for token in special {
      all["^" + token] = 1
      if token.hasPrefix(prefix), token != prefix { all[String(token.dropFirst(prefix.count))] = 1 }
    }
    return UInt64(splits(text, kept: all).count)
  }
}
