import Primitives

/// Natural logarithms of counts as whole numbers of 2^-40, off by less than one.
///
/// They are made of a table and a polynomial with additions, multiplications and divisions of
/// doubles alone, so that they have the same bits on every machine. The count is 2^e x; the table
/// has ln x' at the middles x' of 1,024 steps from 1 to 2; the rest r = (x - x') / x', |r| < 2^-11,
/// goes through r - r^2/2 + r^3/3 - r^4/4, which is off by less than 2^-57. Roundings of doubles up
/// to 44 add less than 2^-46, the last one half a unit.
struct WholeLogarithm: Sendable {
  private static let unitsInOne = 0x1p40
  private static let logOfTwo = 0x1.62E4_2FEF_A39E_Fp-1

  /// Pairs of 1 / x' and ln x'.
  private nonisolated(unsafe) let rows: UnsafePointer<Double> = LogarithmRows.shared.rows

  /// - Parameter count: those below 1 are taken for 1.
  @inline(__always)
  func value(_ count: Int64) -> Int64 {
    let bits = Double(max(1, count)).bitPattern
    let exponent = Double(Int(bits &>> 52) &- 1023)
    let step = Int(bits &>> 42) & 1023
    let x = Double(bitPattern: bits & 0x000F_FFFF_FFFF_FFFF | 0x3FF0_0000_0000_0000)
    let inverse = rows[2 &* step]
    let r = x * inverse - 1
    let rest = r * (1 - r * (0.5 - r * (1.0 / 3.0 - r * 0.25)))
    let logarithm = exponent * Self.logOfTwo + (rows[2 &* step &+ 1] + rest)
    return Int64((logarithm * Self.unitsInOne).rounded(.toNearestOrEven))
  }
}

/// The table, once a process.
private final class LogarithmRows: Sendable {
  static let shared = LogarithmRows()

  nonisolated(unsafe) let rows: UnsafePointer<Double>

  private init() {
    let rows = UnsafeMutablePointer<Double>.allocate(capacity: 2048)
    for step in 0..<1024 {
      // With a rounded inverse, the logarithm that belongs to it is that of its own inverse.
      let inverse = 1 / (1 + (Double(step) + 0.5) / 1024)
      rows[2 * step] = inverse
      rows[2 * step + 1] = -RealFunctions.log(inverse)
    }
    self.rows = UnsafePointer(rows)
  }
}
