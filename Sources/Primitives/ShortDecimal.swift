#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Numbers as C++ streams print them: six significant digits, no trailing zeros (`%g` of C).
public enum ShortDecimal {
  public static func text(_ value: Float) -> String {
    var buffer = [CChar](repeating: 0, count: 32)
    let length = withVaList([Double(value)]) { vsnprintf(&buffer, buffer.count, "%g", $0) }
    let digits = buffer.prefix(Int(max(0, length))).map { UInt8(bitPattern: $0) }
    return String(decoding: digits, as: UTF8.self)
  }
}
