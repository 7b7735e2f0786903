/// The merges of a SentencePiece model: it joins whatever two pieces give a piece, the one with the
/// greatest score first. As merges: every split of every piece, by score, then by the ids of the parts.
struct PieceMerges {
  private(set) var merges: [Merge] = []

  /// Bytes of the longest piece; SentencePiece trains at most 512 characters.
  private static let longestPiece = 1 << 13
  /// Greatest sum of the squares of all lengths, in bytes: the parts of all splits have as many.
  private static let mostBytes = 1 << 30

  /// - Throws: `FormatError.unsupported` for pieces so long that looking at all splits would take
  ///   long.
  /// - Complexity: O(squares of the lengths of pieces).
  init(_ pieces: SentencePieceList, _ index: TokenIndex) throws(FormatError) {
    try Self.checkLengths(of: pieces.vocabulary)
    merges.reserveCapacity(2 * pieces.count)
    var first = 0
    var score = Float.nan
    for id in Self.byScore(pieces) {
      if pieces.scores[Int(id)] != score {
        sort(from: first)
        (first, score) = (merges.count, pieces.scores[Int(id)])
      }
      appendSplits(of: id, pieces, index)
    }
    sort(from: first)
  }

  private static func checkLengths(of vocabulary: Vocabulary) throws(FormatError) {
    var sum = 0
    for id in 0..<TokenID(vocabulary.count) {
      let length = vocabulary.length(of: id)
      sum += length * length
      guard length <= longestPiece else {
        throw .unsupported(feature: "a piece of \(length) bytes in a BPE model")
      }
      guard sum <= mostBytes else {
        throw .unsupported(feature: "a BPE model with so many pieces of more than \(length) bytes")
      }
    }
  }

  /// Normal pieces, the greatest score first; usually they stand so in the file.
  private static func byScore(_ pieces: SentencePieceList) -> [TokenID] {
    let ids = pieces.ids { $0 == .normal }
    let scores = pieces.scores
    let isSorted = zip(ids, ids.dropFirst()).allSatisfy { scores[Int($0)] >= scores[Int($1)] }
    return isSorted
      ? ids
      : ids.sorted { a, b in
        scores[Int(a)] == scores[Int(b)] ? a < b : scores[Int(a)] > scores[Int(b)]
      }
  }

  private mutating func appendSplits(
    of id: TokenID, _ pieces: SentencePieceList, _ index: TokenIndex
  ) {
    pieces.vocabulary.bytes.withUnsafeBufferPointer { bytes in
      let text = bytes.extracting(pieces.vocabulary.range(of: id))
      for place in text.indices.dropFirst() where text[place] & 0xC0 != 0x80 {
        guard let left = index.id(of: text.extracting(..<place)),
          pieces.kinds[Int(left)] == .normal,
          let right = index.id(of: text.extracting(place...)),
          pieces.kinds[Int(right)] == .normal
        else { continue }
        merges.append(Merge(left: left, right: right, result: id))
      }
    }
  }

  /// Brings merges of equal scores into the order of their parts.
  private mutating func sort(from first: Int) {
    let count = merges.count - first
    if count < 2 { return }
    if count > 16 {
      return merges[first...].sort { ($0.left, $0.right) < ($1.left, $1.right) }
    }
    for place in first + 1..<merges.count {
      let merge = merges[place]
      var hole = place
      while hole > first,
        (merges[hole - 1].left, merges[hole - 1].right) > (merge.left, merge.right)
      {
        merges[hole] = merges[hole - 1]
        hole -= 1
      }
      merges[hole] = merge
    }
  }
}
