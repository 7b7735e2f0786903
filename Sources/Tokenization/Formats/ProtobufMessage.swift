/// A protocol buffer as its wire has it: numbered fields in order, whatever they mean.
///
/// What is read is written again byte for byte as long as numbers have their shortest form, so that
/// fields which nobody here knows are kept. Groups, which proto2 no longer writes, are refused.
struct ProtobufMessage: Sendable, Equatable {
  enum Value: Sendable, Equatable {
    case varint(UInt64)
    case fixed64(UInt64)
    case bytes(ArraySlice<UInt8>)
    case fixed32(UInt32)
  }

  struct Field: Sendable, Equatable {
    let number: Int
    let value: Value
  }

  private(set) var fields: [Field] = []

  init() {}

  /// - Parameter origin: offset of the first byte in its file, for messages.
  /// - Throws: `FormatError.protobuf`.
  init(reading bytes: ArraySlice<UInt8>, origin: Int = 0) throws(FormatError) {
    var reader = Reader(bytes: bytes, place: bytes.startIndex)
    while reader.place < bytes.endIndex {
      let start = reader.place
      do throws(Malformed) {
        fields.append(try reader.field())
      } catch {
        throw .protobuf(offset: origin + start - bytes.startIndex, reason: error.reason)
      }
    }
  }

  // MARK: Asking

  /// The last value of a field: what proto2 takes where a field that occurs once is there twice.
  subscript(number: Int) -> Value? { fields.last { $0.number == number }?.value }

  func bytes(_ number: Int) -> ArraySlice<UInt8>? {
    if case .bytes(let bytes) = self[number] { bytes } else { nil }
  }

  func integer(_ number: Int) -> Int? {
    if case .varint(let value) = self[number] { Int(Int64(bitPattern: value)) } else { nil }
  }

  func flag(_ number: Int) -> Bool? { integer(number).map { $0 != 0 } }

  func float(_ number: Int) -> Float? {
    if case .fixed32(let bits) = self[number] { Float(bitPattern: bits) } else { nil }
  }

  /// All values of a field that may repeat.
  func all(_ number: Int) -> [ArraySlice<UInt8>] {
    fields.compactMap { field in
      if field.number == number, case .bytes(let bytes) = field.value { bytes } else { nil }
    }
  }

  // MARK: Making

  mutating func append(_ number: Int, _ bytes: [UInt8]) {
    fields.append(Field(number: number, value: .bytes(bytes[...])))
  }

  mutating func append(_ number: Int, _ value: Int) {
    fields.append(Field(number: number, value: .varint(UInt64(bitPattern: Int64(value)))))
  }

  mutating func append(_ number: Int, _ value: Bool) { append(number, value ? 1 : 0) }

  mutating func append(_ number: Int, _ value: Float) {
    fields.append(Field(number: number, value: .fixed32(value.bitPattern)))
  }

  mutating func append(_ kept: [Field]) { fields += kept }

  /// The wire form.
  var encoded: [UInt8] {
    var output: [UInt8] = []
    for field in fields { Self.append(field, to: &output) }
    return output
  }

  private static func append(_ field: Field, to output: inout [UInt8]) {
    let tag = UInt64(field.number) << 3
    switch field.value {
    case .varint(let value):
      append(varint: tag, to: &output)
      append(varint: value, to: &output)
    case .fixed64(let value):
      append(varint: tag | 1, to: &output)
      withUnsafeBytes(of: value.littleEndian) { output.append(contentsOf: $0) }
    case .bytes(let bytes):
      append(varint: tag | 2, to: &output)
      append(varint: UInt64(bytes.count), to: &output)
      output.append(contentsOf: bytes)
    case .fixed32(let value):
      append(varint: tag | 5, to: &output)
      withUnsafeBytes(of: value.littleEndian) { output.append(contentsOf: $0) }
    }
  }

  private static func append(varint: UInt64, to output: inout [UInt8]) {
    var rest = varint
    while rest >= 0x80 {
      output.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    output.append(UInt8(rest))
  }

  // MARK: Reading

  private struct Malformed: Error {
    let reason: String
  }

  private struct Reader {
    let bytes: ArraySlice<UInt8>
    var place: Int

    mutating func field() throws(Malformed) -> Field {
      let tag = try varint()
      guard tag >> 3 >= 1, tag >> 3 < 1 << 29 else {
        throw Malformed(reason: "\(tag >> 3) is no number of a field")
      }
      let value: Value
      switch tag & 7 {
      case 0: value = .varint(try varint())
      case 1: value = .fixed64(try integer(bytes: 8))
      case 2:
        let length = try varint()
        guard length <= UInt64(bytes.endIndex - place) else {
          throw Malformed(
            reason: "\(length) bytes are announced, \(bytes.endIndex - place) are left")
        }
        value = .bytes(bytes[place..<place + Int(length)])
        place += Int(length)
      case 5: value = .fixed32(UInt32(truncatingIfNeeded: try integer(bytes: 4)))
      default: throw Malformed(reason: "fields of wire type \(tag & 7) are not supported")
      }
      return Field(number: Int(tag >> 3), value: value)
    }

    private mutating func varint() throws(Malformed) -> UInt64 {
      var value: UInt64 = 0
      for shift in stride(from: UInt64(0), to: 70, by: 7) {
        guard place < bytes.endIndex else { throw Malformed(reason: "the file ends in a number") }
        let byte = bytes[place]
        place += 1
        if shift == 63 && byte > 1 { break }
        value |= UInt64(byte & 0x7F) << shift
        if byte < 0x80 { return value }
      }
      throw Malformed(reason: "a number has more than 64 bits")
    }

    private mutating func integer(bytes count: Int) throws(Malformed) -> UInt64 {
      guard bytes.endIndex - place >= count else {
        throw Malformed(reason: "the file ends in a number")
      }
      var value: UInt64 = 0
      for offset in (0..<count).reversed() { value = value << 8 | UInt64(bytes[place + offset]) }
      place += count
      return value
    }
  }
}
