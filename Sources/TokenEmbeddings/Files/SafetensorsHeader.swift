import Primitives

/// What stands at the start of a safetensors file: eight bytes of length, then JSON that says where each
/// tensor stands in the data behind it (the README of huggingface/safetensors, "Format").
public struct SafetensorsHeader: Sendable, Equatable {
  /// In the order of their bytes.
  public let tensors: [StoredTensor]

  /// Bytes of the JSON, at most; what the format's own reader takes (`MAX_HEADER_SIZE`).
  public static let greatestLength = 100_000_000
  /// Bytes that say the length of the JSON.
  public static let prefixLength = 8

  /// The length of the JSON, from the first eight bytes of a file.
  public static func length(
    _ prefix: some Collection<UInt8>, fileSize: Int
  ) throws(TensorFlaw) -> Int {
    guard prefix.count >= prefixLength, fileSize > prefixLength else {
      throw .tooShort(size: fileSize, least: prefixLength + 2)
    }
    let length = prefix.prefix(prefixLength).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let limit = min(greatestLength, fileSize - prefixLength)
    guard length <= UInt64(limit) else { throw .headerTooLong(length: length, limit: limit) }
    return Int(length)
  }

  /// Reads the JSON and checks that the tensors fill the rest of the file, one after the other.
  public init(json: [UInt8], fileSize: Int) throws(TensorFlaw) {
    let document: JSONDocument
    do throws(JSONError) {
      document = try JSONDocument(parsing: json)
    } catch {
      throw .json(error)
    }
    guard let members = document.root.members, json.first == UInt8(ascii: "{") else {
      throw .member(tensor: [], name: "all of it", expected: "an object, from its first byte on")
    }
    let dataStart = Self.prefixLength + json.count
    var tensors: [StoredTensor] = []
    for (key, value) in members {
      let name = key.string ?? []
      if name == Self.metadataKey {
        try Self.checkMetadata(value)
      } else {
        tensors.append(try Self.tensor(name, value, dataStart: dataStart, fileSize: fileSize))
      }
    }
    // Empty tensors share their place with the next one.
    tensors.sort { first, second in
      if first.range.lowerBound != second.range.lowerBound {
        return first.range.lowerBound < second.range.lowerBound
      }
      if first.range.upperBound != second.range.upperBound {
        return first.range.upperBound < second.range.upperBound
      }
      return first.name.lexicographicallyPrecedes(second.name)
    }
    try Self.checkPlaces(of: tensors, dataStart: dataStart, fileSize: fileSize)
    self.tensors = tensors
  }

  static let metadataKey = Array("__metadata__".utf8)

  /// Strings by name, which anyone may add; none of them says anything about the tensors.
  private static func checkMetadata(_ value: JSONValue) throws(TensorFlaw) {
    guard let members = value.members, members.allSatisfy({ $0.value.string != nil }) else {
      throw .member(tensor: [], name: "__metadata__", expected: "an object of strings")
    }
  }

  private static func tensor(
    _ name: [UInt8], _ value: JSONValue, dataStart: Int, fileSize: Int
  ) throws(TensorFlaw) -> StoredTensor {
    guard let type = value["dtype"]?.string else {
      throw .member(tensor: name, name: "dtype", expected: "a string")
    }
    guard let shape = integers(value["shape"]) else {
      throw .member(tensor: name, name: "shape", expected: "a list of whole numbers")
    }
    let dataSize = fileSize - dataStart
    guard let offsets = integers(value["data_offsets"]), offsets.count == 2,
      offsets[0] <= offsets[1], offsets[1] <= dataSize
    else {
      throw .member(
        tensor: name, name: "data_offsets",
        expected: "two ascending whole numbers up to \(dataSize), the bytes that are there")
    }
    let elementType = ElementType.allCases.first { known in
      type.elementsEqual("\(known.safetensorsName)".utf8)
    }
    let bytes = offsets[1] - offsets[0]
    if let elementType, StoredTensor.byteCount(of: shape, elementType) != bytes {
      throw .shapeDiffers(tensor: name, shape: shape, bytes: bytes)
    }
    return StoredTensor(
      name: name, typeName: type, elementType: elementType, shape: shape,
      range: dataStart + offsets[0]..<dataStart + offsets[1])
  }

  /// Whole numbers from 0; `nil` where there is anything else.
  private static func integers(_ value: JSONValue?) -> [Int]? {
    guard let elements = value?.elements else { return nil }
    var numbers: [Int] = []
    for element in elements {
      guard let number = element.integer, number >= 0 else { return nil }
      numbers.append(Int(number))
    }
    return numbers
  }

  private static func checkPlaces(
    of tensors: [StoredTensor], dataStart: Int, fileSize: Int
  ) throws(TensorFlaw) {
    let names = tensors.map(\.name).sorted { $0.lexicographicallyPrecedes($1) }
    for (name, next) in zip(names, names.dropFirst()) where name == next {
      throw .duplicateName(tensor: name)
    }
    var end = dataStart
    for tensor in tensors {
      guard tensor.range.lowerBound == end else {
        throw .notContiguous(
          tensor: tensor.name, begin: tensor.range.lowerBound - dataStart,
          expected: end - dataStart)
      }
      end = tensor.range.upperBound
    }
    if end != fileSize {
      throw .dataSizeDiffers(expected: end - dataStart, found: fileSize - dataStart)
    }
  }
}
