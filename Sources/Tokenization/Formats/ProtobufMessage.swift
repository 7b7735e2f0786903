/// A protocol buffer as its wire has it: numbered fields in order, whatever they mean.
///
/// What is read is written again byte for byte as long as numbers have their shortest form, so that
/// fields which nobody here knows are kept.
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

    init(number: Int, value: Value) {
      self.number = number
      self.value = value
    }

    /// What a reader has found.
    init(_ number: Int, _ value: ProtobufReader.Value, of file: [UInt8]) {
      self.number = number
      self.value =
        switch value {
        case .varint(let value): .varint(value)
        case .fixed64(let value): .fixed64(value)
        case .bytes(let range): .bytes(file[range])
        case .fixed32(let value): .fixed32(value)
        }
    }
  }

  private(set) var fields: [Field] = []

  init() {}

  /// - Parameter range: where the message stands in its file.
  /// - Throws: `FormatError.protobuf`.
  init(reading file: [UInt8], _ range: Range<Int>) throws(FormatError) {
    fields = try file.withUnsafeBufferPointer { (buffer) throws(FormatError) in
      var fields: [Field] = []
      var reader = ProtobufReader(buffer, range)
      while let (number, value) = try reader.next() {
        fields.append(Field(number, value, of: file))
      }
      return fields
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
}
