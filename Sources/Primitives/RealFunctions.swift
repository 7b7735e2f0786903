/// Logarithm, exponential, sine, cosine and digamma from additions, multiplications and divisions alone: the same
/// bits on every machine, which the C library does not promise.
///
/// Errors stay near 1e-16: results that are rounded to single precision are those of the C library.
public enum RealFunctions {
  /// Natural logarithm of a positive, finite number; of others that of the smallest normal one.
  public static func log(_ x: Double) -> Double {
    let bits = max(x, .leastNormalMagnitude).bitPattern
    var exponent = Int(bits >> 52) - 1023
    var fraction = Double(bitPattern: bits & 0x000F_FFFF_FFFF_FFFF | 0x3FF0_0000_0000_0000)
    if fraction > 1.414_213_562_373_095_1 {
      fraction *= 0.5
      exponent += 1
    }
    // ln 2 in two parts: the first times an exponent is exact.
    let high = Double(exponent) * 0x1.62E4_2FEE_0000_0p-1
    let low = Double(exponent) * 0x1.A39E_F357_93C7_6p-33
    return high + (low + doubledInverseTangent((fraction - 1) / (fraction + 1)))
  }

  /// ln(1 + x) for x in 0...1.
  public static func logOnePlus(_ x: Double) -> Double { doubledInverseTangent(x / (2 + x)) }

  /// 2 artanh(s) for |s| up to 1/3.
  private static func doubledInverseTangent(_ s: Double) -> Double {
    let square = s * s
    var sum = 0.0
    var divisor = abs(s) > 0.18 ? 37.0 : 25.0
    while divisor > 2 {
      sum = (sum + 1 / divisor) * square
      divisor -= 2
    }
    return 2 * (s + s * sum)
  }

  /// e^x for |x| up to 1, for tables.
  public static func smallExponential(_ x: Double) -> Double {
    var sum = 1.0
    var divisor = 22.0
    while divisor > 0 {
      sum = 1 + sum * x / divisor
      divisor -= 1
    }
    return sum
  }

  /// e^x; 0 below -700, that of 700 above.
  public static func exponential(_ x: Double) -> Double {
    ExponentialTable.value(x, ExponentialTable.shared.powers)
  }

  /// Sine and cosine of an angle, in radians, of at most 1,600,000; the error stays below 1e-15. Of
  /// others NaN.
  public static func sineAndCosine(_ angle: Double) -> (sine: Double, cosine: Double) {
    guard abs(angle) <= 1_600_000 else { return (.nan, .nan) }
    // Quarter turns, less than 2^20, are taken away in three parts of 33 bits: products with the first two are exact.
    let quarters = (angle * 0.636_619_772_367_581_3).rounded()
    let rest =
      ((angle - quarters * 0x1.921F_B544p0) - quarters * 0x1.0B46_11A6p-34)
      - quarters * 0x1.3198_A2E0_3707_3p-69
    let square = rest * rest
    var (sine, cosine) = (1.0, 1.0)
    var divisor = 20.0
    while divisor > 1 {
      sine = 1 - sine * square / (divisor * (divisor + 1))
      cosine = 1 - cosine * square / (divisor * (divisor - 1))
      divisor -= 2
    }
    sine *= rest
    switch Int(quarters) & 3 {
    case 0: return (sine, cosine)
    case 1: return (cosine, -sine)
    case 2: return (-sine, -cosine)
    default: return (-cosine, sine)
    }
  }

  /// The logarithmic derivative of the gamma function at a positive number: recurrence up to 7, then
  /// the asymptotic series about x - 1/2.
  public static func digamma(_ argument: Double) -> Double {
    var x = argument
    var result = 0.0
    while x < 7 {
      result -= 1 / x
      x += 1
    }
    x -= 0.5
    let inverse = 1 / x
    let square = inverse * inverse
    let fourth = square * square
    return result
      + (log(x) + (1.0 / 24.0) * square - (7.0 / 960.0) * fourth
        + (31.0 / 8064.0) * fourth * square - (127.0 / 30720.0) * fourth * fourth)
  }
}

/// e^x from 128 powers of two and a polynomial. Inlined into the loops that ask for millions.
public final class ExponentialTable: Sendable {
  public static let shared = ExponentialTable()

  /// 2^(i / 128).
  public nonisolated(unsafe) let powers: UnsafePointer<Double>
  private static let logOfTwo = 0x1.62E4_2FEF_A39E_Fp-1

  private init() {
    let powers = UnsafeMutablePointer<Double>.allocate(capacity: 128)
    for index in 0..<128 {
      powers[index] = RealFunctions.smallExponential(Double(index) / 128 * Self.logOfTwo)
    }
    self.powers = UnsafePointer(powers)
  }

  /// 0 below -700. Copies of the pointer are passed so that loops keep it in a register.
  @inlinable @inline(__always)
  public static func value(_ x: Double, _ powers: UnsafePointer<Double>) -> Double {
    if !(x > -700) { return 0 }
    let bounded = min(x, 700)
    // Adding and taking away 1.5 * 2^52 rounds to a whole number.
    let shifted = bounded * 184.664_965_233_787_31 + 0x1.8p52
    let whole = shifted - 0x1.8p52
    let steps = Int(truncatingIfNeeded: (Int64(bitPattern: shifted.bitPattern) &<< 13) &>> 13)
    let index = steps & 127
    let exponent = steps &>> 7
    let rest = (bounded - whole * 0x1.62E4_2FEE_0000_0p-8) - whole * 0x1.A39E_F357_93C7_6p-40
    let tail =
      rest
      + rest * rest
      * (0.5 + rest * (1.0 / 6.0 + rest * (1.0 / 24.0 + rest * (1.0 / 120.0))))
    let power = powers[index]
    let scale = Double(bitPattern: UInt64(bitPattern: Int64(exponent &+ 1023)) &<< 52)
    return (power + power * tail) * scale
  }
}

/// ln(1 + e^d) for d in -50...0 from Taylor polynomials of degree 6 about multiples of 1/32.
public final class SoftplusTable: Sendable {
  public static let shared = SoftplusTable()

  /// Eight numbers a row: seven coefficients, the last unused.
  public nonisolated(unsafe) let rows: UnsafePointer<Double>
  private static let count = 1602

  private init() {
    let rows = UnsafeMutablePointer<Double>.allocate(capacity: 8 * Self.count)
    let exponentials = ExponentialTable.shared
    for row in 0..<Self.count {
      let power = ExponentialTable.value(-Double(row) / 32, exponentials.powers)
      let sigmoid = power / (1 + power)
      rows[8 * row] = RealFunctions.logOnePlus(power)
      rows[8 * row + 7] = 0
      // The derivatives are polynomials in the sigmoid; that of s is s (1 - s).
      var polynomial = [0.0, 1.0]
      var factorial = 1.0
      for degree in 1...6 {
        factorial *= Double(degree)
        rows[8 * row + degree] =
          polynomial.reversed().reduce(0) { $0 * sigmoid + $1 } / factorial
        var next = [Double](repeating: 0, count: polynomial.count + 1)
        for (power, coefficient) in polynomial.enumerated() where power > 0 {
          next[power] += Double(power) * coefficient
          next[power + 1] -= Double(power) * coefficient
        }
        polynomial = next
      }
    }
    self.rows = UnsafePointer(rows)
  }

  /// - Parameters:
  ///   - difference: -50...0, or a little less.
  ///   - rows: those of the table, passed so that loops keep them in a register.
  @inlinable @inline(__always)
  public static func value(_ difference: Double, _ rows: UnsafePointer<Double>) -> Double {
    let index = Int(-difference * 32 + 0.5)
    let row = rows + 8 &* index
    let t = difference + Double(index) * 0x1p-5
    return row[0]
      + t * (row[1] + t * (row[2] + t * (row[3] + t * (row[4] + t * (row[5] + t * row[6])))))
  }
}
