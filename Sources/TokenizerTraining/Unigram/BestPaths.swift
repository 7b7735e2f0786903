import Primitives

/// The best segmentations of words and pieces (Viterbi 1967), in single precision as SentencePiece
/// has them: of equal ones that whose last piece begins first.
struct BestPaths: ~Copyable {
  /// How often each piece is in the best segmentation of the words, and the pieces in all.
  struct Usage {
    var counts: [Float]
    var tokens: UInt64
  }

  /// - Parameter lanes: sums in the order of so many of SentencePiece's threads; `nil`: of integers.
  /// - Precondition: the values of the nodes are scores.
  static func usage(
    _ text: borrowing UnigramText, _ pieces: borrowing UnigramPieces, lanes: Int?, threads: Int
  ) throws(SentencePieceTrainingError) -> Usage {
    let count = pieces.count
    let shares = max(1, lanes ?? threads)
    let threads = max(1, min(threads, shares))
    let room = text.longestWord + 1
    guard let sums = PageBuffer<Int64>(count: shares * count),
      let tokens = PageBuffer<UInt64>(count: shares),
      let scores = PageBuffer<Float>(count: threads * room),
      let steps = PageBuffer<UInt32>(count: threads * 2 * room)
    else { throw .outOfMemory(bytes: 8 * shares * count + 12 * threads * room) }
    let lattice = PieceLattice(pieces)
    let isExact = lanes != nil
    let cursor = WorkCursor(count: shares)
    let words = text.wordCount
    nonisolated(unsafe) let (starts, wordCounts) = (text.starts.base, text.counts.base)
    nonisolated(unsafe) let (sumsBase, tokensBase, scoresBase, stepsBase) = (
      sums.base, tokens.base, scores.base, steps.base
    )
    Threads.run(threads) { thread in
      let path = BestPath(
        lattice: lattice, scores: scoresBase + thread * room, steps: stepsBase + thread * 2 * room)
      while let share = cursor.next() {
        let sums = sumsBase + share * count
        var total: UInt64 = 0
        var word = share
        while word < words {
          let next = word &+ shares
          if next < words { lattice.prefetch(starts[next], starts[next + 1]) }
          let start = Int(starts[word])
          let weight = wordCounts[word]
          path.find(start, length: Int(starts[word + 1]) - start - 1)
          path.forEachPiece(from: Int(starts[word + 1]) - start - 1) { piece in
            total &+= weight
            if isExact {
              let sum = Float(bitPattern: UInt32(truncatingIfNeeded: sums[Int(piece)]))
              sums[Int(piece)] = Int64((sum + Float(weight)).bitPattern)
            } else {
              sums[Int(piece)] &+= Int64(bitPattern: weight)
            }
          }
          word += shares
        }
        tokensBase[share] = total
      }
    }
    var counts = [Float](repeating: 0, count: count)
    if isExact {
      for share in 0..<shares {
        for piece in 0..<count {
          counts[piece] += Float(
            bitPattern: UInt32(truncatingIfNeeded: sums[share * count + piece]))
        }
      }
    } else {
      for piece in 0..<count {
        var sum: Int64 = 0
        for share in 0..<shares { sum &+= sums[share * count + piece] }
        counts[piece] = Float(sum)
      }
    }
    return Usage(counts: counts, tokens: (0..<shares).reduce(0) { $0 &+ tokens[$1] })
  }

  /// Pieces of the best segmentations of all words; `lone`: pieces that are not among the nodes.
  static func tokens(
    _ text: borrowing UnigramText, _ pieces: borrowing UnigramPieces,
    lone: [(symbol: UInt32, score: Float)], threads: Int
  ) throws(SentencePieceTrainingError) -> UInt64 {
    let least = min(pieces.leastScore, lone.map(\.score).min() ?? .infinity)
    var scores = [Float](repeating: least - 10, count: text.alphabet.count + 1)
    for (symbol, score) in lone { scores[Int(symbol)] = score }
    let room = text.longestWord + 1
    let parts = Parts(text.wordCount, size: 1024)
    guard let steps = PageBuffer<UInt32>(count: parts.rows(threads) * 2 * room),
      let values = PageBuffer<Float>(count: parts.rows(threads) * room),
      let totals = PageBuffer<UInt64>(count: parts.rows(threads))
    else { throw .outOfMemory(bytes: 12 * threads * room) }
    return scores.withUnsafeBufferPointer { scores in
      guard let lone = scores.baseAddress else { return 0 }
      let lattice = PieceLattice(pieces, text, lone: lone)
      nonisolated(unsafe) let (starts, counts) = (text.starts.base, text.counts.base)
      nonisolated(unsafe) let (steps, values) = (steps.base, values.base)
      nonisolated(unsafe) let sums = totals.base
      parts.runNumbered(threads: threads) { thread, words in
        let path = BestPath(
          lattice: lattice, scores: values + thread * room, steps: steps + thread * 2 * room)
        for word in words {
          let start = Int(starts[word])
          let length = Int(starts[word + 1]) - start - 1
          path.find(start, length: length)
          path.forEachPiece(from: length) { _ in sums[thread] &+= counts[word] }
        }
      }
      return (0..<totals.count).reduce(0) { $0 &+ totals[$1] }
    }
  }
}

/// Memory and steps of one search.
struct BestPath {
  let lattice: PieceLattice
  /// Best score up to each place.
  let scores: UnsafeMutablePointer<Float>
  /// By place: piece of the last step and its length.
  let steps: UnsafeMutablePointer<UInt32>

  /// Finds the best way through a part of the text, which no piece reaches over: a word.
  func find(_ start: Int, length: Int) {
    search(start, length: length, without: length + 1)
  }

  /// Finds the best way through a piece in two or more; returns its score. There is none through a
  /// single character: minus infinity.
  func findSplit(of start: Int, length: Int) -> Float {
    if length < 2 { return -.infinity }
    search(start, length: length, without: length)
    return scores[length]
  }

  @inline(__always)
  private func search(_ start: Int, length: Int, without limit: Int) {
    scores[0] = 0
    var place = 1
    while place <= length {
      scores[place] = -.infinity
      place &+= 1
    }
    place = 0
    while place < length {
      let here = scores[place]
      let most = min(length &- place, limit &- 1)
      let hasSingle = lattice.forEach(at: start &+ place) { piece, pieceLength, score in
        if pieceLength <= most {
          step(from: place, here + score, piece, pieceLength)
        }
      }
      if !hasSingle {
        step(from: place, here + lattice.loneScore(at: start &+ place), PieceLattice.unknown, 1)
      }
      place &+= 1
    }
  }

  @inline(__always)
  private func step(from place: Int, _ score: Float, _ piece: UInt32, _ length: Int) {
    let end = place &+ length
    guard score > scores[end] else { return }
    scores[end] = score
    steps[2 &* end] = piece
    steps[2 &* end &+ 1] = UInt32(truncatingIfNeeded: length)
  }

  /// Calls `body` with the pieces of the way that was found, the last first.
  @inline(__always)
  func forEachPiece(from length: Int, _ body: (_ piece: UInt32) -> Void) {
    var place = length
    while place > 0 {
      body(steps[2 &* place])
      place &-= Int(steps[2 &* place &+ 1])
    }
  }
}
