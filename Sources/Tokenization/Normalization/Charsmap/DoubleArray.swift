/// A map from byte strings to integers in the layout of darts-clone, which SentencePiece uses.
///
/// A unit of 32 bits is a node: 8 bits of label, 1 that says whether a key ends here, the rest the
/// distance (by exclusive or) to its children, which stand at that place ^ their label. The value of
/// a key is the child with the label 0: 31 bits, marked by the highest bit (darts.h of
/// s-yata/darts-clone, `DoubleArrayUnit`).
// Unchecked because of the pointer: written in init only.
final class DoubleArray: @unchecked Sendable {
  /// Children of one node differ in the low 8 bits of their places only.
  static let blockSize = 256
  /// Marks values; also what stands where no child is, since no label equals it.
  static let valueMark: UInt32 = 1 << 31

  /// Whole blocks, padded with `valueMark`.
  let units: UnsafeMutablePointer<UInt32>
  let count: Int

  /// - Parameter bytes: little-endian units; a last, incomplete one is ignored.
  init(_ bytes: some Collection<UInt8>) {
    let given = bytes.count / 4
    count = max(1, (given + Self.blockSize - 1) / Self.blockSize) * Self.blockSize
    units = .allocate(capacity: count)
    units.initialize(repeating: Self.valueMark, count: count)
    var place = bytes.startIndex
    for index in 0..<given {
      var unit: UInt32 = 0
      for shift in stride(from: UInt32(0), to: 32, by: 8) {
        unit |= UInt32(bytes[place]) << shift
        place = bytes.index(after: place)
      }
      units[index] = unit
    }
  }

  /// - Parameter units: whole blocks, such as `DoubleArrayWriter` makes.
  init(units: [UInt32]) {
    count = units.count
    self.units = .allocate(capacity: count)
    self.units.initialize(from: units, count: count)
  }

  /// - Parameter units: whole blocks, which belong to the array from now on.
  init(taking units: UnsafeMutablePointer<UInt32>, count: Int) {
    self.units = units
    self.count = count
  }

  /// Its root has nothing but itself below it.
  static var withoutKeys: DoubleArray {
    DoubleArray(units: [0] + [UInt32](repeating: valueMark, count: blockSize - 1))
  }

  deinit { units.deallocate() }

  struct Match {
    /// Bytes of the key.
    let length: Int
    let value: Int
  }

  /// The longest key that the text begins with; nil without one.
  ///
  /// Unchecked: the units must have passed `DoubleArrayCheck`.
  @inline(__always)
  func longestMatch(
    at text: UnsafePointer<UInt8>, to end: UnsafePointer<UInt8>
  ) -> Match? {
    var match: Match?
    walk(from: text, to: end) { length, value in
      match = Match(length: length, value: value)
      return true
    }
    return match
  }

  /// The shortest key that the text begins with; nil without one.
  @inline(__always)
  func shortestMatch(
    at text: UnsafePointer<UInt8>, to end: UnsafePointer<UInt8>
  ) -> Match? {
    var match: Match?
    walk(from: text, to: end) { length, value in
      match = Match(length: length, value: value)
      return false
    }
    return match
  }

  /// Calls `found` for each key that the text begins with, shortest first, while it returns true.
  @inline(__always)
  func walk(
    from text: UnsafePointer<UInt8>, to end: UnsafePointer<UInt8>,
    _ found: (_ length: Int, _ value: Int) -> Bool
  ) {
    var children = Self.distance(units[0])
    var position = text
    while position < end {
      let label = UInt32(position.pointee)
      let unit = units[Int(children ^ label)]
      if unit & (Self.valueMark | 0xFF) != label { return }
      children ^= label ^ Self.distance(unit)
      position += 1
      if Self.endsKey(unit) && !found(position - text, Self.value(units[Int(children)])) { return }
    }
  }

  /// What leads from the place of a unit to its children.
  @inline(__always)
  static func distance(_ unit: UInt32) -> UInt32 {
    (unit >> 10) << ((unit >> 6) & 8)
  }

  @inline(__always)
  static func endsKey(_ unit: UInt32) -> Bool { unit & (1 << 8) != 0 }

  @inline(__always)
  static func value(_ unit: UInt32) -> Int { Int(unit & ~valueMark) }
}
