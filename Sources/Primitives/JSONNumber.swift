import NativeBridges

/// Numbers as Rust's serde_json writes them: the shortest digits that read back as the same number,
/// with an exponent below 10^-5 and from 10^16 on; and what it reads them as.
public enum JSONNumber {
  /// The number that serde_json makes of the shortest digits of another: it rounds twice (de.rs,
  /// `f64_from_parts`, without the feature `float_roundtrip`), so that some are one unit in the last place
  /// beside. Hugging Face's libraries compute with these.
  public static func asReadBySerde(_ value: Double) -> Double {
    guard value.isFinite && value != 0 else { return value }
    var power: Int32 = 0
    let significand = tt_shortest_digits(value.magnitude, &power)
    let exponent = Int(power)
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
