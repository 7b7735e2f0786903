import Primitives

/// The expected counts of pieces as SentencePiece 0.2.3 computes them (`Lattice::PopulateMarginal`):
/// forward and backward sums of logarithms in single precision, each operation in its order.
///
/// Its threads take every n-th word each; their sums are added in the order of the threads. These
/// lanes are what our threads share out, however many there are.
struct ExactExpectation {
  private let lanes: Int

  init(lanes: Int) { self.lanes = max(1, lanes) }

  /// Expected count of each piece, and the negative log likelihood of a word.
  ///
  /// - Precondition: the values of the nodes are scores.
  func expectedCounts(
    _ text: borrowing UnigramText, _ pieces: borrowing UnigramPieces, threads: Int
  ) throws(SentencePieceTrainingError) -> (counts: [Float], objective: Double) {
    let count = pieces.count
    guard let sums = PageBuffer<Float>(count: lanes * count),
      let objectives = PageBuffer<Double>(count: lanes)
    else { throw .outOfMemory(bytes: 4 * lanes * count) }
    let threads = min(max(1, threads), lanes)
    let room = LatticeRoom<Float>.size(text, pieces.shape)
    guard let scratch = PageBuffer<Float>(count: threads * room) else {
      throw .outOfMemory(bytes: 4 * threads * room)
    }
    let lattice = PieceLattice(pieces)
    let (lanes, longest) = (lanes, text.longestWord)
    let cursor = WorkCursor(count: lanes)
    let words = text.wordCount
    nonisolated(unsafe) let (starts, wordCounts) = (text.starts.base, text.counts.base)
    nonisolated(unsafe) let (sumsBase, objectivesBase, scratchBase) = (
      sums.base, objectives.base, scratch.base
    )
    nonisolated(unsafe) let (powers, rows) = (
      ExponentialTable.shared.powers, SoftplusTable.shared.rows
    )
    Threads.run(threads) { thread in
      let kernel = ExactKernel(
        lattice: lattice, alpha: scratchBase + thread * room, longestWord: longest,
        powers: powers, softplus: rows)
      while let lane = cursor.next() {
        let sums = sumsBase + lane * count
        var objective = 0.0
        var word = lane
        while word < words {
          let next = word &+ lanes
          if next < words { lattice.prefetch(starts[next], starts[next + 1]) }
          let start = Int(starts[word])
          let z = kernel.add(
            start, length: Int(starts[word + 1]) - start - 1, count: Float(wordCounts[word]),
            to: sums)
          objective -= Double(z) * Double(wordCounts[word])
          word += lanes
        }
        objectivesBase[lane] = objective
      }
    }
    var objective = objectives[0]
    for lane in 1..<max(1, lanes) {
      objective += objectives[lane]
      let other = sums.base + lane * count
      for piece in 0..<count { sums[piece] += other[piece] }
    }
    return (
      Array(UnsafeBufferPointer(start: sums.base, count: count)),
      objective / Double(text.totalCount)
    )
  }
}

/// Memory of one thread for walking over words.
enum LatticeRoom<Value> {
  /// Two values a place and a row of pieces, rounded up to pages so that threads keep apart.
  static func size(_ text: borrowing UnigramText, _ shape: PieceShape) -> Int {
    (2 * (text.longestWord + 1) + 2 * Int(shape.lengthMask + 1) + 1023) / 1024 * 1024
  }
}

/// Forward, backward and marginals of one word.
private struct ExactKernel {
  private let lattice: PieceLattice
  private let alpha: UnsafeMutablePointer<Float>
  private let beta: UnsafeMutablePointer<Float>
  /// Terms at one place, the longest piece first.
  private let terms: UnsafeMutablePointer<Float>
  private let powers: UnsafePointer<Double>
  private let softplus: UnsafePointer<Double>

  init(
    lattice: PieceLattice, alpha: UnsafeMutablePointer<Float>, longestWord: Int,
    powers: UnsafePointer<Double>, softplus: UnsafePointer<Double>
  ) {
    self.lattice = lattice
    self.alpha = alpha
    beta = alpha + longestWord + 1
    terms = beta + longestWord + 1
    self.powers = powers
    self.softplus = softplus
  }

  /// Log of e^x + e^y, the smaller left out below e^-50 of the greater; x or y may be -infinity.
  @inline(__always)
  private func logSum(_ x: Float, _ y: Float) -> Float {
    let least = y < x ? y : x
    let greatest = x < y ? y : x
    if greatest > least + 50 { return greatest }
    return Float(
      Double(greatest) + SoftplusTable.value(Double(least - greatest), softplus))
  }

  /// Adds `count` times the probability of each piece at each place to `sums`. Returns the logarithm
  /// of the word's probability.
  func add(
    _ start: Int, length: Int, count: Float, to sums: UnsafeMutablePointer<Float>
  ) -> Float {
    forward(start, length)
    backward(start, length)
    let z = alpha[length]
    var place = 0
    while place < length {
      let here = alpha[place]
      let hasSingle = lattice.forEach(at: start &+ place) { piece, pieceLength, score in
        add(here, score, beta[place &+ pieceLength], z, count, to: sums + Int(piece))
      }
      if !hasSingle {
        add(
          here, lattice.unknownScore, beta[place &+ 1], z, count,
          to: sums + Int(PieceLattice.unknown))
      }
      place &+= 1
    }
    return z
  }

  @inline(__always)
  private func add(
    _ alpha: Float, _ score: Float, _ beta: Float, _ z: Float, _ count: Float,
    to sum: UnsafeMutablePointer<Float>
  ) {
    let marginal = ((alpha + score) + beta) - z
    let probability = ExponentialTable.value(Double(marginal), powers)
    sum.pointee = Float(Double(sum.pointee) + Double(count) * probability)
  }

  private func forward(_ start: Int, _ length: Int) {
    alpha[0] = 0
    var place = 1
    while place <= length {
      alpha[place] = -.infinity
      place &+= 1
    }
    place = 0
    while place < length {
      let here = alpha[place]
      let hasSingle = lattice.forEach(at: start &+ place) { _, pieceLength, score in
        let end = place &+ pieceLength
        alpha[end] = logSum(alpha[end], score + here)
      }
      if !hasSingle {
        alpha[place &+ 1] = logSum(alpha[place &+ 1], lattice.unknownScore + here)
      }
      place &+= 1
    }
  }

  private func backward(_ start: Int, _ length: Int) {
    beta[length] = 0
    var place = length &- 1
    while place >= 0 {
      var count = 0
      let hasSingle = lattice.forEach(at: start &+ place) { _, pieceLength, score in
        terms[count] = score + beta[place &+ pieceLength]
        count &+= 1
      }
      var sum = -Float.infinity
      while count > 0 {
        count &-= 1
        sum = logSum(sum, terms[count])
      }
      if !hasSingle { sum = logSum(sum, lattice.unknownScore + beta[place &+ 1]) }
      beta[place] = sum
      place &-= 1
    }
  }
}
