/// Numbers as Rust's serde_json writes them: the shortest digits that read back as the same number,
/// with an exponent below 10^-5 and from 10^16 on; and what it reads them as.
public enum JSONNumber {
  /// The number that serde_json makes of the shortest digits of another: it rounds twice (de.rs,
  /// `f64_from_parts`, without the feature `float_roundtrip`), so that some are one unit in the last place
  /// beside. Hugging Face's libraries compute with these.
  public static func asReadBySerde(_ value: Double) -> Double {
    guard value.isFinite && value != 0 else { return value }
    // Digits and, behind them, the power of ten: at most 17 digits fit without a loss.
    var significand: UInt64 = 0
    var exponent = 0
    var isFraction = false
    var parsesExponent = false
    var power = 0
    var powerIsNegative = false
    for character in value.magnitude.description.utf8 {
      switch character {
      case UInt8(ascii: "."): isFraction = true
      case UInt8(ascii: "e"): parsesExponent = true
      case UInt8(ascii: "-"): powerIsNegative = true
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        let digit = character - UInt8(ascii: "0")
        if parsesExponent {
          power = power * 10 + Int(digit)
        } else {
          significand = significand &* 10 &+ UInt64(digit)
          exponent -= isFraction ? 1 : 0
        }
      default: break
      }
    }
    exponent += powerIsNegative ? -power : power
    while significand % 10 == 0 && significand > 0 {
      significand /= 10
      exponent += 1
    }
    guard exponent > -309 && exponent < 309 else { return value }
    let scale = tens[abs(exponent)]
    let magnitude = exponent >= 0 ? Double(significand) * scale : Double(significand) / scale
    return value < 0 ? -magnitude : magnitude
  }

  /// 10^0 to 10^308, each the nearest number.
  private static let tens: [Double] = (0...308).map { Double("1e\($0)") ?? .infinity }

  /// `null` for infinities and NaN.
  static func text(_ value: Double) -> String {
    guard value.isFinite else { return "null" }
    // Without an exponent, Swift writes the same.
    let plain = value.description
    if !plain.utf8.contains(UInt8(ascii: "e")) { return plain }
    let sign = value.sign == .minus ? "-" : ""
    let (digits, point) = shortest(value.magnitude)
    if digits.count <= point && point <= 16 {
      return sign + digits + String(repeating: "0", count: point - digits.count) + ".0"
    }
    if 0 < point && point <= 16 {
      return sign + digits.prefix(point) + "." + digits.dropFirst(point)
    }
    if -5 < point && point <= 0 {
      return sign + "0." + String(repeating: "0", count: -point) + digits
    }
    let fraction = digits.count == 1 ? "" : "." + digits.dropFirst()
    return sign + digits.prefix(1) + fraction + (point > 0 ? "e+" : "e") + "\(point - 1)"
  }

  /// Digits without zeros around them, and how many of them stand before the decimal point; negative:
  /// how many zeros stand behind it first.
  private static func shortest(_ value: Double) -> (digits: String, point: Int) {
    let parts = value.description.split(separator: "e")
    let numbers = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    let whole = numbers[0]
    let all = Substring(whole + (numbers.count > 1 ? numbers[1] : ""))
    let leading = all.prefix { $0 == "0" }.count
    var digits = all.dropFirst(leading)
    while digits.last == "0" { digits.removeLast() }
    let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    return (String(digits), whole.count - leading + exponent)
  }
}
