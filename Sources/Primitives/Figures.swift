/// Numbers as a person reads them.
public enum Figures {
  /// "31,744": digits in groups of three.
  public static func grouped(_ value: some BinaryInteger) -> String {
    let digits = Array(String(value))
    var text = ""
    for (place, digit) in digits.enumerated() {
      let left = digits.count - place
      if place > 0, left % 3 == 0, text != "-" { text += "," }
      text.append(digit)
    }
    return text
  }

  /// "1 file", "2 files".
  public static func counted(_ value: some BinaryInteger, _ noun: String) -> String {
    "\(grouped(value)) \(noun)\(value == 1 ? "" : "s")"
  }

  /// "31.5 MB": millions of bytes.
  public static func megabytes(_ bytes: Int) -> String {
    decimal(Double(bytes) / 1e6, places: 1) + " MB"
  }

  /// A number with so many places behind the point.
  public static func decimal(_ value: Double, places: Int) -> String {
    var scale = 1
    for _ in 0..<places { scale *= 10 }
    guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
    let scaled = Int((abs(value) * Double(scale)).rounded())
    let fraction = String(scaled % scale)
    let zeros = String(repeating: "0", count: max(0, places - fraction.utf8.count))
    let sign = value < 0 && scaled > 0 ? "-" : ""
    return sign + grouped(scaled / scale) + (places > 0 ? "." + zeros + fraction : "")
  }
}
