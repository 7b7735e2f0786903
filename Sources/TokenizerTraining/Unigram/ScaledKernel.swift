import Primitives

/// Backward and forward sums of words that are long or too unlikely for a `Double`: each value has a
/// power of two of its own, and pieces are looked up twice instead of kept.
///
/// Neighbours nearly always have the same power, so that little is done about it.
struct ScaledKernel {
  /// Values between its inverse and this keep their power.
  private static let most = 0x1p256
  /// Places between one whose memory is asked for and the one that is walked.
  private static let ahead = 24

  let lattice: PieceLattice
  /// Probability of a character without a piece.
  let unknown: Double
  let alpha: UnsafeMutablePointer<Double>
  let beta: UnsafeMutablePointer<Double>
  /// Powers of two that values are multiplied by.
  let alphaExponents: UnsafeMutablePointer<Int32>
  let betaExponents: UnsafeMutablePointer<Int32>
  /// What expectations are added to.
  let sums: UnsafeMutablePointer<Int64>

  /// Adds `weight` times the probability of each piece at each place. Returns the logarithm of the
  /// word's probability.
  func add(_ start: Int, length: Int, weight: Double) -> Double {
    backward(start, length)
    let total = Scaled(value: beta[0], exponent: betaExponents[0])
    guard total.value > 0 else { return -Double.greatestFiniteMagnitude.squareRoot() }
    forward(start, length, total, weight)
    return RealFunctions.log(total.value) + Double(total.exponent) * 0.693_147_180_559_945_3
  }

  private func backward(_ start: Int, _ length: Int) {
    beta[length] = 1
    betaExponents[length] = 0
    var place = length &- 1
    while place >= 0 {
      if place >= Self.ahead { lattice.prefetch(at: start &+ place &- Self.ahead) }
      var sum = Scaled(value: 0, exponent: betaExponents[place &+ 1])
      let hasSingle = lattice.forEach(at: start &+ place) { _, pieceLength, value in
        let end = place &+ pieceLength
        sum.add(Double(value) * beta[end], betaExponents[end])
      }
      if !hasSingle { sum.add(unknown * beta[place &+ 1], betaExponents[place &+ 1]) }
      sum.normalize(within: Self.most)
      beta[place] = sum.value
      betaExponents[place] = sum.exponent
      place &-= 1
    }
  }

  private func forward(_ start: Int, _ length: Int, _ total: Scaled, _ weight: Double) {
    var place = 0
    while place <= length {
      alpha[place] = 0
      place &+= 1
    }
    alpha[0] = 1
    alphaExponents[0] = 0
    // What a probability is multiplied by to become an expectation, as long as powers stay.
    var power: Int32 = 0
    var factor = weight / total.value * Scaled.power(power)
    place = 0
    while place < length {
      if length &- place > Self.ahead { lattice.prefetch(at: start &+ place &+ Self.ahead) }
      var here = Scaled(value: alpha[place], exponent: alphaExponents[place])
      // No way leads here.
      if here.value == 0 {
        place &+= 1
        continue
      }
      here.normalize(within: Self.most)
      @inline(__always)
      func step(_ probability: Double, _ end: Int, _ piece: UInt32) {
        let mass = here.value * probability
        if alpha[end] == 0 {
          alpha[end] = mass
          alphaExponents[end] = here.exponent
        } else {
          var sum = Scaled(value: alpha[end], exponent: alphaExponents[end])
          sum.add(mass, here.exponent)
          alpha[end] = sum.value
          alphaExponents[end] = sum.exponent
        }
        let exponent = here.exponent &+ betaExponents[end] &- total.exponent
        if exponent != power {
          power = exponent
          factor = weight / total.value * Scaled.power(power)
        }
        // No part exceeds the whole, but for rounding.
        sums[Int(piece)] &+= Int64(min(weight, mass * beta[end] * factor))
      }
      let hasSingle = lattice.forEach(at: start &+ place) { piece, pieceLength, value in
        step(Double(value), place &+ pieceLength, piece)
      }
      if !hasSingle { step(unknown, place &+ 1, PieceLattice.unknown) }
      place &+= 1
    }
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
    if otherExponent == exponent {
      value += other
    } else if otherExponent < exponent, value != 0 {
      value += other * Self.power(otherExponent &- exponent)
    } else {
      value = value * Self.power(exponent &- otherExponent) + other
      exponent = otherExponent
    }
  }

  /// Brings a value near 1 that is far from it.
  @inline(__always)
  mutating func normalize(within most: Double) {
    guard value > most || value < 1 / most, value > 0 else { return }
    let own = Int32(truncatingIfNeeded: value.exponent)
    value *= Self.power(0 &- own)
    exponent &+= own
  }
}
