/// How the numbers of a tensor are stored, little-endian. All arithmetic is in float32.
public enum ElementType: String, Sendable, CaseIterable {
  case f32
  case f16
  case bf16

  /// Bytes of a number.
  public var byteCount: Int { self == .f32 ? 4 : 2 }

  /// As safetensors files name it.
  public var safetensorsName: StaticString {
    switch self {
    case .f32: "F32"
    case .f16: "F16"
    case .bf16: "BF16"
    }
  }

  /// As numpy describes it; `nil` for bf16, which numpy does not have.
  public var numpyName: StaticString? {
    switch self {
    case .f32: "<f4"
    case .f16: "<f2"
    case .bf16: nil
    }
  }

  /// Writes numbers to `bytes`, each rounded to the nearest, ties to even.
  ///
  /// - Returns: the place of the first that is not finite in this type, such as one from 65520 on in
  ///   f16; `nil` where all are.
  /// - Precondition: `bytes` has room for all.
  public func encode(
    _ values: UnsafeBufferPointer<Float>, to bytes: UnsafeMutableRawBufferPointer
  ) -> Int? {
    precondition(bytes.count >= values.count * byteCount)
    switch self {
    case .f32:
      for place in values.indices {
        bytes.storeBytes(
          of: values[place].bitPattern.littleEndian, toByteOffset: 4 &* place, as: UInt32.self)
      }
      return Self.firstNotFinite(in: values)
    case .f16:
      return Self.encode(values, to: bytes, infinity: 0x7C00) { HalfFloat.bits($0) }
    case .bf16:
      return Self.encode(values, to: bytes, infinity: 0x7F80) { BrainFloat.bits($0) }
    }
  }

  /// Reads numbers; all are exact in float32.
  ///
  /// - Returns: the place of the first that is no finite number; `nil` where all are.
  /// - Precondition: `bytes` has as many as `values`.
  public func decode(
    _ bytes: UnsafeRawBufferPointer, to values: UnsafeMutableBufferPointer<Float>
  ) -> Int? {
    precondition(bytes.count >= values.count * byteCount)
    switch self {
    case .f32:
      for place in values.indices {
        values[place] = Float(
          bitPattern: UInt32(
            littleEndian: bytes.loadUnaligned(fromByteOffset: 4 &* place, as: UInt32.self)))
      }
    case .f16: Self.decode(bytes, to: values) { HalfFloat.value($0) }
    case .bf16: Self.decode(bytes, to: values) { BrainFloat.value($0) }
    }
    return Self.firstNotFinite(in: UnsafeBufferPointer(values))
  }

  /// - Parameter infinity: the bits of that number, the least magnitude that is not finite.
  @inline(__always)
  private static func encode(
    _ values: UnsafeBufferPointer<Float>, to bytes: UnsafeMutableRawBufferPointer,
    infinity: UInt16, _ bits: (Float) -> UInt16
  ) -> Int? {
    var isFinite = true
    for place in values.indices {
      let stored = bits(values[place])
      isFinite = isFinite && stored & 0x7FFF < infinity
      bytes.storeBytes(of: stored.littleEndian, toByteOffset: 2 &* place, as: UInt16.self)
    }
    return isFinite ? nil : values.firstIndex { bits($0) & 0x7FFF >= infinity }
  }

  @inline(__always)
  private static func decode(
    _ bytes: UnsafeRawBufferPointer, to values: UnsafeMutableBufferPointer<Float>,
    _ value: (UInt16) -> Float
  ) {
    for place in values.indices {
      values[place] = value(
        UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: 2 &* place, as: UInt16.self)))
    }
  }

  private static func firstNotFinite(in values: UnsafeBufferPointer<Float>) -> Int? {
    var isFinite = true
    for value in values { isFinite = isFinite && value.isFinite }
    return isFinite ? nil : values.firstIndex { !$0.isFinite }
  }
}
