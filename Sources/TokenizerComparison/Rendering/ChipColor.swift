import Primitives

/// The color of a token: a number that depends on its bytes alone, so that equal tokens of different
/// vocabularies have equal colors.
enum ChipColor {
  static let count = 8

  static func of(_ bytes: ArraySlice<UInt8>) -> Int {
    Int(Fingerprint(of: Array(bytes)).low % UInt64(count))
  }
}
