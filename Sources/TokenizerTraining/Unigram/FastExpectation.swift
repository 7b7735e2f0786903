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

  /// Adds `weight` times the probability of each piece at each place. Returns the logarithm of the
  /// word's probability.
  @inline(__always)
  func add(_ start: Int, length: Int, weight: Double) -> Double {
    guard length <= mostKept else { return addScaled(start, length: length, weight: weight) }
    let probability = backward(start, length)
    guard probability > 1e-280 else { return addScaled(start, length: length, weight: weight) }
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

  // Long and very unlikely words: each value has a power of two of its own, and steps are walked
  // twice instead of kept.

  private func addScaled(_ start: Int, length: Int, weight: Double) -> Double {
    beta[length] = 1
    betaExponents[length] = 0
    var place = length &- 1
    while place >= 0 {
      var sum = Scaled(value: 0, exponent: 0)
      let hasSingle = lattice.forEach(at: start &+ place) { _, pieceLength, value in
        let end = place &+ pieceLength
        sum.add(Double(value) * beta[end], betaExponents[end])
      }
      if !hasSingle { sum.add(unknown * beta[place &+ 1], betaExponents[place &+ 1]) }
      sum.normalize()
      beta[place] = sum.value
      betaExponents[place] = sum.exponent
      place &-= 1
    }
    let (total, totalExponent) = (beta[0], betaExponents[0])
    guard total > 0 else { return -Double.greatestFiniteMagnitude.squareRoot() }
    place = 0
    while place <= length {
      alpha[place] = place == 0 ? 1 : 0
      alphaExponents[place] = 0
      place &+= 1
    }
    place = 0
    while place < length {
      var here = Scaled(value: alpha[place], exponent: alphaExponents[place])
      here.normalize()
      let hasSingle = lattice.forEach(at: start &+ place) { piece, pieceLength, value in
        addStep(
          here, Double(value), place &+ pieceLength, total, totalExponent, weight, Int(piece))
      }
      if !hasSingle {
        addStep(
          here, unknown, place &+ 1, total, totalExponent, weight, Int(PieceLattice.unknown))
      }
      place &+= 1
    }
    return RealFunctions.log(total) + Double(totalExponent) * 0.693_147_180_559_945_3
  }

  @inline(__always)
  private func addStep(
    _ here: Scaled, _ probability: Double, _ end: Int, _ total: Double, _ totalExponent: Int32,
    _ weight: Double, _ piece: Int
  ) {
    let mass = here.value * probability
    var sum = Scaled(value: alpha[end], exponent: alphaExponents[end])
    sum.add(mass, here.exponent)
    alpha[end] = sum.value
    alphaExponents[end] = sum.exponent
    let part = mass * beta[end] / total
    let exponent = here.exponent &+ betaExponents[end] &- totalExponent
    // No part exceeds the whole, but for rounding.
    let expected = min(1, part * Scaled.power(exponent))
    sums[piece] &+= Int64(expected * weight)
  }
}

/// A number of any size that is not negative: value times a power of two.
private struct Scaled {
  var value: Double
  var exponent: Int32

  /// 2^n; beyond what a `Double` holds, the nearest that it does.
  @inline(__always)
  static func power(_ n: Int32) -> Double {
    let bounded = UInt64(UInt32(bitPattern: min(max(n, -1022), 1023) &+ 1023))
    return Double(bitPattern: bounded &<< 52)
  }

  @inline(__always)
  mutating func add(_ other: Double, _ otherExponent: Int32) {
    if other == 0 { return }
    if value == 0 {
      value = other
      exponent = otherExponent
    } else if otherExponent <= exponent {
      value += other * Self.power(otherExponent &- exponent)
    } else {
      value = value * Self.power(exponent &- otherExponent) + other
      exponent = otherExponent
    }
  }

  /// Brings the value near 1.
  @inline(__always)
  mutating func normalize() {
    guard value > 0 else { return }
    let own = Int32(truncatingIfNeeded: value.exponent)
    value *= Self.power(0 &- own)
    exponent &+= own
  }
}
