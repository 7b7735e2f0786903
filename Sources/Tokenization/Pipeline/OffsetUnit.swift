import Primitives

/// What offsets count.
public enum OffsetUnit: String, Sendable, CaseIterable {
  /// Bytes of the text as it was given.
  case bytes
  /// Unicode scalars, as in Python's strings.
  case scalars
  /// UTF-16 units, as in `NSString` and JavaScript.
  case utf16
}

/// Turns byte offsets of a text into those of another unit. Bytes that are no UTF-8 count as the U+FFFD
/// that `String(decoding:as:)` has in their place.
///
/// A range of bytes that begins or ends inside a character has all of it.
/// - Complexity: O(bytes) for ranges whose ends ascend.
struct OffsetConverter {
  private let text: UnsafeBufferPointer<UInt8>
  private let unit: OffsetUnit
  private var lower = Place()
  private var upper = Place()

  /// The start of a character, in bytes and in units.
  private struct Place {
    var byte = 0
    var unit = 0
  }

  init(_ text: UnsafeBufferPointer<UInt8>, _ unit: OffsetUnit) {
    self.text = text
    self.unit = unit
  }

  mutating func converted(_ range: Range<Int>) -> Range<Int> {
    if unit == .bytes { return range }
    advance(&lower, to: range.lowerBound, over: false)
    if range.isEmpty { return lower.unit..<lower.unit }
    advance(&upper, to: range.upperBound, over: true)
    return lower.unit..<max(lower.unit, upper.unit)
  }

  /// - Parameter over: whether a character that reaches over the place is passed.
  private func advance(_ place: inout Place, to byte: Int, over: Bool) {
    if place.byte > byte { place = Place() }
    while place.byte < byte {
      let length = length(at: place.byte)
      if !over && place.byte + length > byte { return }
      place.byte += length
      place.unit += unit == .utf16 && length == 4 ? 2 : 1
    }
  }

  private func length(at byte: Int) -> Int {
    guard byte < text.count, let start = text.baseAddress else { return 1 }
    if start[byte] < 0x80 { return 1 }
    return UTF8Validation.unitLength(at: start + byte, available: text.count - byte)
  }
}
