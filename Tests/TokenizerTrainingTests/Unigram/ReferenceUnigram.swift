import Tokenization

@testable import TokenizerTraining

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Sentences of Unicode scalars, marks of blanks in place, as SentencePiece's trainer sees them.
struct RandomSentences {
  var sentences: [[UInt32]] = []

  init(_ random: inout SplitMix, alphabet: [UInt32]) {
    let words = (0..<random.below(12) + 1).map { _ in
      [PieceRules.blank]
        + (0..<random.below(8) + 1).map { _ in alphabet[random.below(alphabet.count)] }
    }
    sentences = (0..<random.below(12) + 1).map { _ in
      (0..<random.below(5) + 1).flatMap { _ in words[random.below(words.count)] }
    }
  }

  static func utf8(_ text: some Sequence<UInt32>) -> [UInt8] {
    text.compactMap(Unicode.Scalar.init).flatMap { Array(String(Character($0)).utf8) }
  }

  static func words(of sentence: [UInt32]) -> [[UInt32]] {
    var words: [[UInt32]] = []
    for scalar in sentence {
      if scalar == PieceRules.blank || words.isEmpty { words.append([]) }
      words[words.count - 1].append(scalar)
    }
    return words
  }

  /// What the counting front end makes of them, in an order of its own.
  var counted: SentenceWords {
    var counts: [[UInt32]: (count: UInt64, ends: UInt64)] = [:]
    for sentence in sentences {
      let words = Self.words(of: sentence)
      for (place, word) in words.enumerated() {
        counts[word, default: (0, 0)].count += 1
        if place == words.count - 1 { counts[word, default: (0, 0)].ends += 1 }
      }
    }
    let order = counts.keys.sorted {
      let (a, b) = (counts[$0]?.count ?? 0, counts[$1]?.count ?? 0)
      return a != b ? a > b : $1.lexicographicallyPrecedes($0)
    }
    var bytes: [UInt8] = []
    var ends: [Int] = []
    for word in order {
      bytes += Self.utf8(word)
      ends.append(bytes.count)
    }
    return SentenceWords(
      words: PreTokenCounts(bytes: bytes, ends: ends, counts: order.map { counts[$0]?.count ?? 0 }),
      endCounts: order.map { counts[$0]?.ends ?? 0 })
  }
}

/// The definition of SentencePiece 0.2.3's Unigram training, slow and obvious: texts in dictionaries,
/// operations in its order and precision, logarithms of the C library.
struct ReferenceUnigram {
  typealias Piece = (text: [UInt32], score: Float)
  let sentences: [[UInt32]]
  let required: [(scalar: UInt32, count: UInt64)]
  let rules: PieceRules
  let words: [(text: [UInt32], count: UInt64)]
  static let rare: UInt32 = 0x2585

  /// Rare characters are replaced.
  init(_ source: RandomSentences, _ required: RequiredCharacters, _ rules: PieceRules) {
    let known = Set(required.characters.map(\.scalar))
    sentences = source.sentences.map { sentence in
      sentence.map { known.contains($0) ? $0 : Self.rare }
    }
    words = Self.words(of: sentences)
    self.required = required.characters.map { ($0.scalar, $0.count) }
    self.rules = rules
  }

  /// Characters, then all substrings that two different bytes follow.
  func seeds(most: Int) -> [Piece] {
    var found: [[UInt32]: (count: Int, following: Set<UInt8>)] = [:]
    for sentence in sentences {
      for start in sentence.indices {
        for end in start + 1...sentence.count where end - start <= rules.maximumLength {
          let text = Array(sentence[start..<end])
          let next =
            end < sentence.count ? RandomSentences.utf8([sentence[end]])[0] : 0
          found[text, default: (0, [])].count += 1
          found[text, default: (0, [])].following.insert(next)
        }
      }
    }
    var substrings = found.filter { text, seen in
      text.count > 1 && seen.count > 1 && seen.following.count > 1 && !text.contains(Self.rare)
        && rules.allow(text)
    }.map { text, seen in Piece(text, Float(seen.count) * Float(text.count)) }
    substrings.sort { a, b in
      if a.score != b.score { return a.score > b.score }
      let (first, second) = (RandomSentences.utf8(a.text), RandomSentences.utf8(b.text))
      return first.count != second.count
        ? first.count > second.count : first.lexicographicallyPrecedes(second)
    }
    let characters = required.filter { $0.count > 0 }.map { Piece([$0.scalar], Float($0.count)) }
    let pieces = characters + substrings.prefix(most)
    let sum = pieces.reduce(0.0) { $0 + Double($1.score) }
    return pieces.map { ($0.text, Float(log(Double($0.score)) - log(sum))) }
  }

  /// Distinct words by falling count.
  private static func words(
    of sentences: [[UInt32]]
  ) -> [(text: [UInt32], count: UInt64)] {
    var counts: [[UInt32]: UInt64] = [:]
    for word in sentences.flatMap(RandomSentences.words) { counts[word, default: 0] += 1 }
    return counts.map { ($0.key, $0.value) }.sorted {
      $0.1 != $1.1 ? $0.1 > $1.1 : $0.0.lexicographicallyPrecedes($1.0)
    }
  }

  /// Pieces by their texts.
  struct Lexicon {
    let pieces: [Piece]
    private var ids: [[UInt32]: Int] = [:]
    private let unknown: Float
    private let longest: Int

    init(_ pieces: [Piece]) {
      self.pieces = pieces
      for (id, piece) in pieces.enumerated() { ids[piece.text] = id }
      unknown = (pieces.map(\.score).min() ?? 0) - 10
      longest = pieces.map(\.text.count).max() ?? 0
    }

    /// By place: pieces that begin there, the shortest first, a character without a piece last.
    func edges(_ word: [UInt32]) -> [[(id: Int, length: Int, score: Float)]] {
      word.indices.map { start in
        var edges: [(id: Int, length: Int, score: Float)] = []
        for end in start + 1..<max(start + 2, min(word.count, start + longest) + 1) {
          if let id = ids[Array(word[start..<end])] {
            edges.append((id, end - start, pieces[id].score))
          }
        }
        if edges.first?.length != 1 { edges.append((0, 1, unknown)) }
        return edges
      }
    }
  }

  private func logSum(_ x: Float, _ y: Float, isFirst: Bool) -> Float {
    if isFirst { return y }
    let (least, greatest) = (min(x, y), max(x, y))
    if greatest > least + 50 { return greatest }
    return Float(Double(greatest) + log1p(exp(Double(least - greatest))))
  }

  /// Expected counts of pieces in the sums of one lane each, added up.
  func expected(_ pieces: [Piece], lanes: Int) -> [Float] {
    var sums = [[Float]](repeating: Array(repeating: 0, count: pieces.count), count: lanes)
    let lexicon = Lexicon(pieces)
    for (number, word) in words.enumerated() {
      let edges = lexicon.edges(word.text)
      let length = word.text.count
      var (alpha, beta) = (
        [Float](repeating: 0, count: length + 1), [Float](repeating: 0, count: length + 1)
      )
      for place in 1...length {
        var isFirst = true
        for start in 0..<place {
          for edge in edges[start] where start + edge.length == place {
            alpha[place] = logSum(alpha[place], edge.score + alpha[start], isFirst: isFirst)
            isFirst = false
          }
        }
      }
      for place in (0..<length).reversed() {
        for (index, edge) in edges[place].enumerated() {
          beta[place] = logSum(
            beta[place], edge.score + beta[place + edge.length], isFirst: index == 0)
        }
      }
      for place in 0..<length {
        for edge in edges[place] {
          let marginal = alpha[place] + edge.score + beta[place + edge.length] - alpha[length]
          sums[number % lanes][edge.id] = Float(
            Double(sums[number % lanes][edge.id])
              + Double(Float(word.count)) * exp(Double(marginal)))
        }
      }
    }
    for lane in 1..<max(1, lanes) {
      for id in pieces.indices { sums[0][id] += sums[lane][id] }
    }
    return sums[0]
  }

  private func digamma(_ argument: Double) -> Double {
    var (x, result) = (argument, 0.0)
    while x < 7 {
      result -= 1 / x
      x += 1
    }
    x -= 0.5
    let (xx2, xx4) = (1 / x * (1 / x), 1 / x * (1 / x) * (1 / x * (1 / x)))
    return result + log(x) + xx2 / 24 - 7 * xx4 / 960 + 31 * xx4 * xx2 / 8064
      - 127 * xx4 * xx4 / 30720
  }

  func maximized(_ pieces: [Piece], _ expected: [Float]) -> [Piece] {
    let kept = pieces.indices.filter { expected[$0] >= 0.5 }
    let sum = kept.reduce(Float(0)) { $0 + expected[$1] }
    let logSum = Float(digamma(Double(sum)))
    return kept.map { (pieces[$0].text, Float(digamma(Double(expected[$0])) - Double(logSum))) }
  }

  /// The best way through a text, not in one piece where `isSplit`.
  static func best(
    _ text: [UInt32], _ lexicon: Lexicon, isSplit: Bool
  ) -> (ids: [Int], score: Float)? {
    let edges = lexicon.edges(text)
    var best: [(score: Float, ids: [Int])?] = Array(repeating: nil, count: text.count + 1)
    best[0] = (0, [])
    for start in text.indices {
      guard let here = best[start] else { continue }
      for edge in edges[start] where !(isSplit && edge.length == text.count) {
        let score = here.score + edge.score
        if let other = best[start + edge.length], other.score >= score { continue }
        best[start + edge.length] = (score, here.ids + [edge.id])
      }
    }
    return best[text.count].map { ($0.ids, $0.score) }
  }

  func pruned(_ pieces: [Piece], desired: Int, factor: Float, lanes: Int) -> [Piece] {
    let lexicon = Lexicon(pieces)
    var sums = [[Float]](repeating: Array(repeating: 0, count: pieces.count), count: lanes)
    for (number, word) in words.enumerated() {
      for id in Self.best(word.text, lexicon, isSplit: false)?.ids ?? [] {
        sums[number % lanes][id] += Float(word.count)
      }
    }
    let counts = pieces.indices.map { id in sums.reduce(Float(0)) { $0 + $1[id] } }
    let sum = Float(counts.reduce(0.0) { $0 + Double($1) })
    let logTotal = Float(log(Double(sum)))
    var kept: [Piece] = []
    var losses: [(loss: Float, id: Int)] = []
    for (id, piece) in pieces.enumerated() where counts[id] > 0 {
      guard let split = Self.best(piece.text, lexicon, isSplit: true) else {
        kept.append(piece)
        continue
      }
      if split.score > piece.score { continue }
      let logWithout = Float(
        log(Double(sum + counts[id] * Float(split.ids.count - 1))))
      var without: Float = 0
      for other in split.ids {
        without = Float(
          Double(without) + (log(Double(counts[other] + counts[id])) - Double(logWithout)))
      }
      let with = Float(log(Double(counts[id])) - Double(logTotal))
      losses.append((counts[id] / sum * (with - without), id))
    }
    losses.sort { $0.loss != $1.loss ? $0.loss > $1.loss : $0.id < $1.id }
    let target = max(desired, Int(factor * Float(pieces.count)))
    for loss in losses {
      if kept.count == target { break }
      kept.append(pieces[loss.id])
    }
    return kept
  }

  func final(_ pieces: [Piece], count: Int) -> [Piece] {
    let lexicon = Lexicon(pieces)
    let reachable = pieces.filter { piece in
      (Self.best(piece.text, lexicon, isSplit: true)?.score ?? -.infinity) <= piece.score
    }
    let order: (Piece, Piece) -> Bool = {
      $0.score != $1.score ? $0.score > $1.score : $0.text.lexicographicallyPrecedes($1.text)
    }
    let least = reachable.map(\.score).min() ?? 0
    var (penalty, result) = (Float(0), [Piece]())
    for character in required {
      if let piece = reachable.first(where: { $0.text == [character.scalar] }) {
        result.append(piece)
      } else {
        result.append(([character.scalar], least + penalty))
        penalty += 0.0001
      }
    }
    let singles = Set(required.map { [$0.scalar] })
    for piece in reachable.sorted(by: order)
    where !singles.contains(piece.text) && result.count < count { result.append(piece) }
    return result.sorted(by: order)
  }

  func train(
    _ size: UnigramVocabularySize, _ options: UnigramTrainingOptions, lanes: Int
  ) -> [Piece] {
    var pieces = seeds(most: options.seedSize)
    repeat {
      for _ in 0..<options.subIterations where !pieces.isEmpty {
        pieces = maximized(pieces, expected(pieces, lanes: lanes))
      }
      if pieces.isEmpty { break }
      pieces = pruned(
        pieces, desired: size.desiredSize, factor: options.shrinkingFactor, lanes: lanes)
    } while pieces.count > size.desiredSize
    return final(pieces, count: size.learnedPieces)
  }
}
