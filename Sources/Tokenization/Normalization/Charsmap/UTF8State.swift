/// What may follow within a character of well-formed UTF-8 (The Unicode Standard, table 3-7).
enum UTF8State: UInt8, CaseIterable {
  /// Between two characters.
  case start
  case oneMore, twoMore, threeMore
  /// Behind E0, ED, F0 and F4, whose second byte has a narrower range.
  case afterE0, afterED, afterF0, afterF4

  /// nil where no well-formed text goes on with the byte; nor with NUL, which ends keys.
  func next(_ byte: UInt8) -> UTF8State? {
    switch self {
    case .start:
      switch byte {
      case 0x01..<0x80: .start
      case 0xC2...0xDF: .oneMore
      case 0xE0: .afterE0
      case 0xED: .afterED
      case 0xE1...0xEF: .twoMore
      case 0xF0: .afterF0
      case 0xF1...0xF3: .threeMore
      case 0xF4: .afterF4
      default: nil
      }
    case .oneMore: Self.continued(byte, 0x80...0xBF, .start)
    case .twoMore: Self.continued(byte, 0x80...0xBF, .oneMore)
    case .threeMore: Self.continued(byte, 0x80...0xBF, .twoMore)
    case .afterE0: Self.continued(byte, 0xA0...0xBF, .oneMore)
    case .afterED: Self.continued(byte, 0x80...0x9F, .oneMore)
    case .afterF0: Self.continued(byte, 0x90...0xBF, .twoMore)
    case .afterF4: Self.continued(byte, 0x80...0x8F, .twoMore)
    }
  }

  private static func continued(
    _ byte: UInt8, _ range: ClosedRange<UInt8>, _ next: UTF8State
  ) -> UTF8State? {
    range.contains(byte) ? next : nil
  }
}
