import Primitives

/// The expected counts of pieces in double precision, with probabilities instead of logarithms
/// (Baum et al. 1970; Kudo 2018, section 3.2).
///
/// Expectations are added up as integers: such sums are the same in any order, so that the result
/// does not depend on threads.
struct FastExpectation: ~Copyable {
  /// Words that a thread takes at once.
  private static let wordsAtOnce = 1024

  /// Expected count of each piece, and the negative log likelihood of a word.
  ///
  /// - Precondition: the values of the nodes are probabilities.
  static func expectedCounts(
    _ text: borrowing UnigramText, _ pieces: borrowing UnigramPieces, threads: Int
  ) throws(SentencePieceTrainingError) -> (counts: [Double], objective: Double) {
    let count = pieces.count
    let parts = (text.wordCount + wordsAtOnce - 1) / wordsAtOnce
    let threads = max(1, min(threads, parts))
    let longest = text.longestWord
    let longestPiece = Int(pieces.shape.lengthMask)
    let mostKept = min(longest, max(64, (1 << 16) / longestPiece))
    guard let sums = PageBuffer<Int64>(count: threads * count),
      let objectives = PageBuffer<Double>(count: parts),
      let values = PageBuffer<Double>(count: threads * 2 * (longest + 1)),
      let exponents = PageBuffer<Int32>(count: threads * 2 * (longest + 1)),
      let steps = PageBuffer<FastKernel.Step>(count: threads * mostKept * (longestPiece + 1))
    else { throw .outOfMemory(bytes: threads * (8 * count + 24 * (longest + 1))) }
    let scaleBits = min(40, 62 - (Int.bitWidth - Int(text.characterCount).leadingZeroBitCount))
    let scale = Double(sign: .plus, exponent: scaleBits, significand: 1)
    let lattice = PieceLattice(pieces)
    let unknown = ExponentialTable.value(
      Double(lattice.unknownScore), ExponentialTable.shared.powers)
    let words = text.wordCount
    nonisolated(unsafe) let (starts, wordCounts) = (text.starts.base, text.counts.base)
    nonisolated(unsafe) let (sumsBase, objectivesBase) = (sums.base, objectives.base)
    nonisolated(unsafe) let (valuesBase, exponentsBase, stepsBase) = (
      values.base, exponents.base, steps.base
    )
    let cursor = WorkCursor(count: parts)
    Threads.run(threads) { thread in
      let kernel = FastKernel(
        lattice: lattice, unknown: unknown, mostKept: mostKept,
        alpha: valuesBase + thread * 2 * (longest + 1),
        beta: valuesBase + (thread * 2 + 1) * (longest + 1),
        alphaExponents: exponentsBase + thread * 2 * (longest + 1),
        betaExponents: exponentsBase + (thread * 2 + 1) * (longest + 1),
        steps: stepsBase + thread * mostKept * (longestPiece + 1),
        sums: sumsBase + thread * count)
      while let part = cursor.next() {
        var objective = 0.0
        for word in part * wordsAtOnce..<min(words, (part + 1) * wordsAtOnce) {
          if word &+ 1 < words { lattice.prefetch(starts[word + 1], starts[word + 2]) }
          let start = Int(starts[word])
          let weight = Double(wordCounts[word])
          objective -=
            weight
            * kernel.add(
              start, length: Int(starts[word + 1]) - start - 1, weight: weight * scale)
        }
        objectivesBase[part] = objective
      }
    }
    var counts = [Double](repeating: 0, count: count)
    for piece in 0..<count {
      var sum: Int64 = 0
      for thread in 0..<threads { sum &+= sums[thread * count + piece] }
      counts[piece] = Double(sum) / scale
    }
    var objective = 0.0
    for part in 0..<parts { objective += objectives[part] }
    return (counts, objective / Double(text.totalCount))
  }
}

/// Backward and forward sums of one word.
struct FastKernel {
  /// A piece at a place, kept from the way back for the way forth.
  struct Step: BitwiseCopyable {
    var piece: UInt32
    var length: UInt32
    var probability: Double
  }

  let lattice: PieceLattice
  /// Probability of a character without a piece.
  let unknown: Double
  /// Words up to that length have their steps kept.
  let mostKept: Int
  let alpha: UnsafeMutablePointer<Double>
  let beta: UnsafeMutablePointer<Double>
  /// Powers of two that values are multiplied by, for words that are too unlikely for a `Double`; of
  /// other words, where the steps of a place end.
  let alphaExponents: UnsafeMutablePointer<Int32>
  let betaExponents: UnsafeMutablePointer<Int32>
  let steps: UnsafeMutablePointer<Step>
  /// What expectations are added to.
  let sums: UnsafeMutablePointer<Int64>

  private var scaled: ScaledKernel {
    ScaledKernel(
      lattice: lattice, unknown: unknown, alpha: alpha, beta: beta,
      alphaExponents: alphaExponents, betaExponents: betaExponents, sums: sums)
  }

  /// Adds `weight` times the probability of each piece at each place. Returns the logarithm of the
  /// word's probability.
  @inline(__always)
  func add(_ start: Int, length: Int, weight: Double) -> Double {
    guard length <= mostKept else { return scaled.add(start, length: length, weight: weight) }
    let probability = backward(start, length)
    guard probability > 1e-280 else {
      return scaled.add(start, length: length, weight: weight)
    }
    forward(length, weight / probability)
    return RealFunctions.log(probability)
  }

  @inline(__always)
  private func backward(_ start: Int, _ length: Int) -> Double {
    let ends = alphaExponents
    beta[length] = 1
    var next = steps
    var place = length &- 1
    while place >= 0 {
      let behind = beta + place
      var sum = 0.0
      let hasSingle = lattice.forEach(at: start &+ place) { piece, pieceLength, value in
        let probability = Double(value)
        next.pointee = Step(
          piece: piece, length: UInt32(truncatingIfNeeded: pieceLength), probability: probability)
        next += 1
        sum += probability * behind[pieceLength]
      }
      if !hasSingle {
        next.pointee = Step(piece: PieceLattice.unknown, length: 1, probability: unknown)
        next += 1
        sum += unknown * behind[1]
      }
      ends[place] = Int32(truncatingIfNeeded: next - steps)
      beta[place] = sum
      place &-= 1
    }
    return beta[0]
  }

  @inline(__always)
  private func forward(_ length: Int, _ weight: Double) {
    let ends = alphaExponents
    var place = 0
    while place <= length {
      alpha[place] = 0
      place &+= 1
    }
    alpha[0] = weight
    place = 0
    while place < length {
      let here = alpha[place]
      var index = place &+ 1 < length ? Int(ends[place &+ 1]) : 0
      let end = Int(ends[place])
      while index < end {
        let step = steps[index]
        let target = place &+ Int(step.length)
        let mass = here * step.probability
        alpha[target] += mass
        sums[Int(step.piece)] &+= Int64(mass * beta[target])
        index &+= 1
      }
      place &+= 1
    }
  }
}
