import Primitives
import Tokenization

/// The pieces that training starts from: all characters, then the substrings that cover most text.
enum SeedPieces {
  /// Characters by falling count, then substrings by falling score, the longer in bytes first, equally
  /// long ones by their bytes (SentencePiece 0.2.3, `BoundedPriorityQueue::Get`). A score is the
  /// logarithm of a part of all occurrences times characters.
  static func pieces(
    _ text: borrowing UnigramText, _ rules: PieceRules, seedSize: Int, threads: Int
  ) throws(SentencePieceTrainingError) -> UnigramPieces {
    let order: SuffixOrder
    let found: [SeedSubstring]
    do {
      let lengths = try ValidLengths(text, rules)
      order = try lengths.suffixOrder(
        of: text, limit: rules.maximumLength + 1, threads: threads)
      found = try SubstringSearch(text.alphabet).substrings(of: text, lengths, order)
    }
    let chosen = choose(found, most: seedSize)
    let characters = text.alphabet.pieces.filter { $0.count > 0 }
    let shape = PieceShape(longestPiece: rules.maximumLength)
    try check(characters.count + chosen.count, shape)
    let scores = scores(characters.map { Float($0.count) } + chosen.map { found[Int($0)].score })
    var numbers = [UInt32](repeating: shape.none, count: found.count)
    for (index, number) in chosen.enumerated() {
      numbers[Int(number)] = UInt32(characters.count + index)
    }
    let characterNumbers = characters.enumerated().map { (symbol: $1.symbol, number: UInt32($0)) }
    return try linked(text, order, found, numbers, characterNumbers, scores: scores, shape)
  }

  static func check(_ count: Int, _ shape: PieceShape) throws(SentencePieceTrainingError) {
    guard count <= shape.mostPieces else {
      throw .tooManySymbols(count, maximum: shape.mostPieces)
    }
  }

  /// Numbers of the best substrings, the best first.
  private static func choose(_ found: [SeedSubstring], most: Int) -> [UInt32] {
    struct Entry {
      var key: UInt64
      var number: UInt32
    }
    var entries = found.enumerated().map { number, substring in
      // Scores are positive: their bits rise with them.
      Entry(
        key: ~(UInt64(substring.score.bitPattern) << 16 | UInt64(substring.bytes)),
        number: UInt32(number))
    }
    entries.sort { $0.key != $1.key ? $0.key < $1.key : $0.number < $1.number }
    return entries.prefix(max(0, most)).map(\.number)
  }

  /// Logarithms of parts of the sum.
  static func scores(_ weights: [Float]) -> [Float] {
    var sum = 0.0
    for weight in weights { sum += Double(weight) }
    let logarithm = RealFunctions.log(sum)
    return weights.map { Float(RealFunctions.log(Double($0)) - logarithm) }
  }

  /// Finds each piece's parent and each place's longest piece: both are the innermost interval of rows
  /// around them, met from the last row to the first.
  ///
  /// - Parameters:
  ///   - found: in the order of their ends, longer ones first.
  ///   - numbers: of the pieces that these become; `shape.none`: of none. A number that is nobody's
  ///     is that of a piece which does not occur.
  static func linked(
    _ text: borrowing UnigramText, _ order: borrowing SuffixOrder, _ found: [SeedSubstring],
    _ numbers: [UInt32], _ characters: [(symbol: UInt32, number: UInt32)], scores: [Float],
    _ shape: PieceShape
  ) throws(SentencePieceTrainingError) -> UnigramPieces {
    guard let deepest = PageBuffer<UInt32>(count: text.count),
      let nodes = PageBuffer<PieceNode>(count: scores.count),
      let places = PageBuffer<UInt32>(count: scores.count)
    else { throw .outOfMemory(bytes: 4 * text.count + 12 * scores.count) }
    let single = PieceNode(value: 0, link: shape.link(parent: shape.none, length: 1))
    for number in scores.indices { nodes[number] = single }
    var characterPieces = [UInt32](repeating: shape.none, count: text.alphabet.count + 1)
    for character in characters { characterPieces[Int(character.symbol)] = character.number }
    let symbols = text.symbols.base
    for place in 0..<text.count {
      let piece = characterPieces[Int(symbols[place])]
      deepest[place] = piece
      if piece != shape.none { places[Int(piece)] = UInt32(truncatingIfNeeded: place) }
    }
    // What is given away at the end cannot be captured.
    let (deepestPieces, rowPlaces) = (deepest.base, order.places.base)
    var open: [(first: Int, piece: UInt32)] = []
    var row = order.count - 1
    func enter(downTo end: Int) {
      while row > end {
        while let top = open.last, top.first > row { open.removeLast() }
        guard let top = open.last else {
          // No piece until the next one begins.
          row = end
          return
        }
        deepestPieces[Int(rowPlaces[row])] = top.piece
        row -= 1
      }
    }
    for index in found.indices.reversed() where numbers[index] != shape.none {
      let substring = found[index]
      let piece = numbers[index]
      enter(downTo: Int(substring.last))
      while let top = open.last, top.first > Int(substring.last) { open.removeLast() }
      let place = order.places[Int(substring.first)]
      nodes[Int(piece)] = PieceNode(
        value: 0,
        link: shape.link(
          parent: open.last?.piece ?? characterPieces[Int(symbols[Int(place)])],
          length: Int(substring.length)))
      places[Int(piece)] = place
      open.append((Int(substring.first), piece))
    }
    enter(downTo: -1)
    return UnigramPieces(
      deepest: deepest, nodes: nodes, places: places, scores: scores, shape: shape)
  }
}
