import Primitives

/// Where tensors will stand in a safetensors file, known before any of their numbers is.
///
/// Byte for byte what `safetensors.serialize_file` writes for the same tensors and
/// `metadata={"format": "pt"}`, which loaders look at: ordered by type, then by name, the header filled
/// up with blanks to a multiple of eight (`prepare` in safetensors/src/tensor.rs).
public struct SafetensorsLayout: Sendable {
  /// A tensor to come.
  public struct Entry: Sendable, Equatable {
    /// UTF-8.
    public var name: [UInt8]
    public var elementType: ElementType
    public var shape: [Int]

    public init(_ name: String, _ elementType: ElementType, shape: [Int]) {
      self.name = Array(name.utf8)
      self.elementType = elementType
      self.shape = shape
    }
  }

  /// In the order in which they were given.
  public let tensors: [StoredTensor]
  /// The first bytes of the file; the data follow.
  public let header: [UInt8]
  /// Bytes of the whole file.
  public let byteCount: Int

  /// - Throws: `TensorFileError.tooLarge`.
  /// - Precondition: names differ.
  public init(_ entries: [Entry]) throws(TensorFileError) {
    let order = entries.indices.sorted { first, second in
      let (a, b) = (entries[first], entries[second])
      let (rankA, rankB) = (Self.rank(a.elementType), Self.rank(b.elementType))
      return rankA == rankB ? a.name.lexicographicallyPrecedes(b.name) : rankA > rankB
    }
    var ranges = [Range<Int>](repeating: 0..<0, count: entries.count)
    var end = 0
    for index in order {
      let entry = entries[index]
      guard let bytes = StoredTensor.byteCount(of: entry.shape, entry.elementType),
        bytes < Int.max / 2 - end
      else { throw .tooLarge(tensor: entry.name, shape: entry.shape) }
      ranges[index] = end..<end + bytes
      end += bytes
    }
    let header = Self.header(order.map { (entries[$0], ranges[$0]) })
    tensors = zip(entries, ranges).map { entry, range in
      StoredTensor(
        name: entry.name, typeName: Array("\(entry.elementType.safetensorsName)".utf8),
        elementType: entry.elementType, shape: entry.shape,
        range: header.count + range.lowerBound..<header.count + range.upperBound)
    }
    self.header = header
    byteCount = header.count + end
  }

  /// Place among the types of the format, which are written in descending order.
  private static func rank(_ type: ElementType) -> Int {
    switch type {
    case .f16: 0
    case .bf16: 1
    case .f32: 2
    }
  }

  private static func header(_ entries: [(Entry, Range<Int>)]) -> [UInt8] {
    var json = JSONWriter(layout: .compact)
    json.object { json in
      json.key(SafetensorsHeader.metadataKey)
      json.object { json in
        json.key("format")
        json.string("pt")
      }
      for (entry, range) in entries {
        json.key(entry.name)
        json.object { json in
          json.key("dtype")
          json.string(entry.elementType.safetensorsName)
          json.key("shape")
          json.array { json in for size in entry.shape { json.integer(size) } }
          json.key("data_offsets")
          json.array { json in
            json.integer(range.lowerBound)
            json.integer(range.upperBound)
          }
        }
      }
    }
    var text = json.bytes
    text += repeatElement(UInt8(ascii: " "), count: (8 - text.count % 8) % 8)
    return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) } + text
  }
}
