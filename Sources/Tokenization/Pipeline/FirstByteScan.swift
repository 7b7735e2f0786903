/// Finds the next byte of a text that is one of a set, 16 bytes at a time where these are few.
struct FirstByteScan: Sendable {
  /// More than these are looked up one by one.
  private static let fewest = 3

  private let isMember: [Bool]
  /// The members if they are few, repeated up to `fewest`.
  private let members: [SIMD16<UInt8>]

  init(_ bytes: Set<UInt8>) {
    isMember = (0...255).map { bytes.contains(UInt8($0)) }
    let sorted = bytes.sorted()
    members =
      sorted.count > Self.fewest
      ? []
      : (0..<Self.fewest).compactMap { sorted.isEmpty ? nil : sorted[$0 % sorted.count] }
        .map { SIMD16(repeating: $0) }
  }

  /// The place of the first member at or after `start`; the end of the text if there is none.
  func next(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var position = start
    if members.count == Self.fewest {
      let raw = UnsafeRawBufferPointer(text)
      let (first, second, third) = (members[0], members[1], members[2])
      while position + 16 <= text.count {
        let block = raw.loadUnaligned(fromByteOffset: position, as: SIMD16<UInt8>.self)
        if any((block .== first) .| (block .== second) .| (block .== third)) { break }
        position += 16
      }
    }
    while position < text.count, !isMember[Int(text[position])] { position += 1 }
    return position
  }
}
