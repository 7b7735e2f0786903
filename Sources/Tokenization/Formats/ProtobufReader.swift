/// Walks the fields of a protocol buffer, one after the other. Groups, which proto2 no longer writes,
/// are refused.
struct ProtobufReader {
  enum Value {
    case varint(UInt64)
    case fixed64(UInt64)
    /// Where the bytes stand in the file.
    case bytes(Range<Int>)
    case fixed32(UInt32)
  }

  private let file: UnsafeBufferPointer<UInt8>
  private var place: Int
  private let end: Int

  /// - Parameter range: where the message stands in the file.
  init(_ file: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
    self.file = file
    place = range.lowerBound
    end = range.upperBound
  }

  /// The next field; `nil` at the end of the message.
  ///
  /// - Throws: `FormatError.protobuf` with the place in the file where the field begins.
  @inline(__always)
  mutating func next() throws(FormatError) -> (number: Int, value: Value)? {
    if place == end { return nil }
    let start = place
    do throws(Malformed) {
      return try field()
    } catch {
      throw .protobuf(offset: start, reason: error.reason)
    }
  }

  private struct Malformed: Error {
    let reason: String
  }

  @inline(__always)
  private mutating func field() throws(Malformed) -> (number: Int, value: Value) {
    let tag = try varint()
    guard tag >> 3 >= 1, tag >> 3 < 1 << 29 else {
      throw Malformed(reason: "\(tag >> 3) is no number of a field")
    }
    let number = Int(tag >> 3)
    switch tag & 7 {
    case 0: return (number, .varint(try varint()))
    case 1: return (number, .fixed64(try integer(bytes: 8)))
    case 2:
      let length = try varint()
      guard length <= UInt64(end - place) else {
        throw Malformed(reason: "\(length) bytes are announced, \(end - place) are left")
      }
      let start = place
      place += Int(length)
      return (number, .bytes(start..<place))
    case 5: return (number, .fixed32(UInt32(truncatingIfNeeded: try integer(bytes: 4))))
    default: throw Malformed(reason: "fields of wire type \(tag & 7) are not supported")
    }
  }

  @inline(__always)
  private mutating func varint() throws(Malformed) -> UInt64 {
    if place < end, file[place] < 0x80 {
      place += 1
      return UInt64(file[place - 1])
    }
    return try longVarint()
  }

  private mutating func longVarint() throws(Malformed) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard place < end else { throw Malformed(reason: "the file ends in a number") }
      let byte = file[place]
      place += 1
      if shift == 63 && byte > 1 { break }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    throw Malformed(reason: "a number has more than 64 bits")
  }

  private mutating func integer(bytes count: Int) throws(Malformed) -> UInt64 {
    guard end - place >= count else { throw Malformed(reason: "the file ends in a number") }
    var value: UInt64 = 0
    for offset in (0..<count).reversed() { value = value << 8 | UInt64(file[place + offset]) }
    place += count
    return value
  }
}
