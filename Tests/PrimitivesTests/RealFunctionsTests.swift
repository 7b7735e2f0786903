import Testing

@testable import Primitives

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite("Functions of real numbers")
struct RealFunctionsTests {
  private func isClose(_ a: Double, _ b: Double, _ error: Double) -> Bool {
    abs(a - b) <= error * max(abs(a), abs(b))
  }

  @Test("They agree with the C library to nearly the last bit")
  func agree() {
    var random = RandomSequence(seed: 7, place: 0)
    let softplus = SoftplusTable.shared
    let exponential = ExponentialTable.shared
    for _ in 0..<20_000 {
      let unit = random.unit()
      let x = -50 * unit
      #expect(isClose(ExponentialTable.value(x, exponential.powers), exp(x), 4e-16))
      #expect(isClose(ExponentialTable.value(13 * x, exponential.powers), exp(13 * x), 4e-16))
      #expect(abs(SoftplusTable.value(x, softplus.rows) - log1p(exp(x))) < 3e-16)
      let large = exp(80 * unit - 20)
      let logarithm = RealFunctions.log(large)
      #expect(abs(logarithm - log(large)) <= 4e-16 * max(1, abs(logarithm)))
    }
    #expect(ExponentialTable.value(0, exponential.powers) == 1)
    #expect(ExponentialTable.value(-1e300, exponential.powers) == 0)
    #expect(ExponentialTable.value(-.infinity, exponential.powers) == 0)
    #expect(SoftplusTable.value(0, softplus.rows) == log(2))
    #expect(abs(SoftplusTable.value(-50.000004, softplus.rows) - exp(-50)) < 1e-25)
    #expect(RealFunctions.log(1) == 0)
    // Values of the digamma function: -γ at 1, and ψ(x + 1) = ψ(x) + 1 / x.
    #expect(abs(RealFunctions.digamma(1) + 0.577_215_664_901_532_9) < 1e-9)
    for x in [0.5, 3.25, 6.9, 7, 1000, 1e12] {
      #expect(abs(RealFunctions.digamma(x + 1) - RealFunctions.digamma(x) - 1 / x) < 1e-9)
    }
  }

  @Test("Sine and cosine are the C library's but for the last digits, up to a million")
  func sineAndCosine() {
    var sequence = RandomSequence(seed: 5, place: 0)
    for size in [1e-8, 0.1, 1, 10, 1000, 1e6, 1.6e6] {
      for _ in 0..<2000 {
        let angle = (2 * sequence.unit() - 1) * size
        let (sine, cosine) = RealFunctions.sineAndCosine(angle)
        #expect(abs(sine - sin(angle)) < 1e-15 && abs(cosine - cos(angle)) < 1e-15)
      }
    }
    // Near multiples of a quarter turn, where the reduced angle has few digits left.
    for quarter in [1.0, 2, 3, 1000, 600_001] {
      let angle = quarter * Double.pi / 2
      let (sine, cosine) = RealFunctions.sineAndCosine(angle)
      #expect(abs(sine - sin(angle)) < 1e-15 && abs(cosine - cos(angle)) < 1e-15)
    }
    #expect(RealFunctions.sineAndCosine(1e9).sine.isNaN)
    #expect(RealFunctions.sineAndCosine(.nan).cosine.isNaN)
  }

  @Test("The exponential is the C library's but for the last digits")
  func exponential() {
    for step in -6999...7000 {
      let x = Double(step) / 10
      #expect(abs(RealFunctions.exponential(x) / exp(x) - 1) < 1e-14)
    }
  }
}
