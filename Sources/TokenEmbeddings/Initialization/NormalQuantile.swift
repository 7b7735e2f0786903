import Primitives

/// The quantile function of the standard normal distribution, from additions, multiplications, divisions
/// and square roots: the same bits on every machine.
enum NormalQuantile {
  /// The number below which a share `p` of all draws lies (Wichura 1988, algorithm AS 241, PPND16;
  /// relative error about 1e-16). Its branch for p below 1.4e-11 is left out: nothing here goes there.
  ///
  /// - Parameter p: from 1.4e-11 to 0.5.
  static func value(_ p: Double) -> Double {
    let q = p - 0.5
    if q >= -0.425 {
      let r = 0.180625 - q * q
      return q * polynomial(r, center.0) / polynomial(r, center.1)
    }
    let r = (-RealFunctions.log(p)).squareRoot() - 1.6
    return -polynomial(r, tail.0) / polynomial(r, tail.1)
  }

  /// The share of draws below -`sigmas`: where `value` is that, found by bisection.
  ///
  /// - Parameter sigmas: 0 to 6.
  static func share(below sigmas: Double) -> Double {
    var (low, high) = (1e-10, 0.5)
    for _ in 0..<200 {
      let middle = (low + high) / 2
      if middle <= low || middle >= high { break }
      if value(middle) < -sigmas { low = middle } else { high = middle }
    }
    return high
  }

  private static func polynomial(_ x: Double, _ coefficients: [Double]) -> Double {
    coefficients.reduce(0) { $0 * x + $1 }
  }

  /// Numerator and denominator, the highest power first.
  private static let center: ([Double], [Double]) = (
    [
      2509.0809287301226727, 33430.575583588128105, 67265.770927008700853,
      45921.953931549871457, 13731.693765509461125, 1971.5909503065514427,
      133.14166789178437745, 3.387132872796366608,
    ],
    [
      5226.495278852854561, 28729.085735721942674, 39307.89580009271061,
      21213.794301586595867, 5394.1960214247511077, 687.1870074920579083,
      42.313330701600911252, 1,
    ]
  )
  private static let tail: ([Double], [Double]) = (
    [
      7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177,
      1.27045825245236838258, 3.64784832476320460504, 5.7694972214606914055,
      4.6303378461565452959, 1.42343711074968357734,
    ],
    [
      1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966,
      0.14810397642748007459, 0.68976733498510000455, 1.6763848301838038494,
      2.05319162663775882187, 1,
    ]
  )
}

/// The lower half of the quantile function as polynomials, each over a 32nd of an octave: as fast as the
/// random bits that it is applied to, and without a branch.
///
/// A share is a number of 2^-32, from 1/2 to 2^31: its exponent and the first five bits of its fraction
/// choose the polynomial. The error stays below 1e-11 (the test compares with `NormalQuantile`).
final class NormalTable: Sendable {
  static let shared = NormalTable()

  /// Six numbers a row: coefficients by ascending power of the place in the row, -1/2 to 1/2.
  nonisolated(unsafe) let rows: UnsafePointer<Double>
  private static let octaves = 32
  private static let degree = 5
  /// Bits of 1/2, less those of the fraction that are no part of the row.
  private static let firstRow = Int(0.5.bitPattern >> 47)

  private init() {
    let stride = Self.degree + 1
    let count = Self.octaves * 32
    let rows = UnsafeMutablePointer<Double>.allocate(capacity: (count + 1) * stride)
    // A share that is rounded up to 2^31 is one of 0.
    (rows + count * stride).initialize(repeating: 0, count: stride)
    for row in 0..<count {
      let start = Double(bitPattern: UInt64(Self.firstRow + row) << 47)
      let end = Double(bitPattern: UInt64(Self.firstRow + row + 1) << 47)
      let polynomial = Self.interpolation { place in
        // Nodes of the last row lie below 2^31 but for rounding.
        NormalQuantile.value(min(0.5, (start + (end - start) * (place + 0.5)) * 0x1p-32))
      }
      for (power, coefficient) in polynomial.enumerated() {
        rows[row * stride + power] = coefficient
      }
    }
    self.rows = UnsafePointer(rows)
  }

  /// The polynomial that meets a function at Chebyshev's nodes of -1/2 to 1/2, by divided differences.
  private static func interpolation(_ function: (Double) -> Double) -> [Double] {
    // cos((2 k + 1) / 12 of a half turn) / 2
    let outer = (6.0.squareRoot() + 2.0.squareRoot()) / 8
    let inner = (6.0.squareRoot() - 2.0.squareRoot()) / 8
    let middle = 2.0.squareRoot() / 4
    let nodes = [-outer, -middle, -inner, inner, middle, outer]
    var differences = nodes.map(function)
    for order in 1...degree {
      for index in stride(from: degree, through: order, by: -1) {
        differences[index] =
          (differences[index] - differences[index - 1]) / (nodes[index] - nodes[index - order])
      }
    }
    var polynomial = [Double](repeating: 0, count: degree + 1)
    for index in stride(from: degree, through: 0, by: -1) {
      for power in stride(from: degree, through: 1, by: -1) {
        polynomial[power] = polynomial[power - 1] - nodes[index] * polynomial[power]
      }
      polynomial[0] = differences[index] - nodes[index] * polynomial[0]
    }
    return polynomial
  }

  /// - Parameters:
  ///   - share: 1/2 to 2^31.
  ///   - rows: those of the table, passed so that loops keep them in a register.
  @inline(__always)
  static func value(_ share: Double, _ rows: UnsafePointer<Double>) -> Double {
    let bits = share.bitPattern
    let row = rows + (Int(truncatingIfNeeded: bits &>> 47) &- firstRow) &* 6
    let place =
      Double(bitPattern: (bits & 0x7FFF_FFFF_FFFF) &<< 5 | 0x3FF0_0000_0000_0000) - 1.5
    // In parts that the processor computes at the same time (Estrin's scheme).
    let square = place * place
    let low = row[0] + place * row[1]
    let middle = row[2] + place * row[3]
    let high = row[4] + place * row[5]
    return low + square * (middle + square * high)
  }
}
