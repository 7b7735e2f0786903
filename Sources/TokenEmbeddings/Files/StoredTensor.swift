/// A tensor of a file: what it is called, and where its numbers stand.
public struct StoredTensor: Sendable, Equatable {
  /// UTF-8; empty in a `.npy` file, whose only tensor has no name.
  public var name: [UInt8]
  /// The type of its numbers as the file names it.
  public var typeName: [UInt8]
  /// The type, if it is one that vectors are read from.
  public var elementType: ElementType?
  /// Sizes of the dimensions, the outermost first.
  public var shape: [Int]
  /// Where its bytes stand in the file, row after row.
  public var range: Range<Int>

  /// Bytes that a shape takes; `nil` for more than can be.
  static func byteCount(of shape: [Int], _ type: ElementType) -> Int? {
    var product = type.byteCount
    for size in shape {
      guard size >= 0 else { return nil }
      let (larger, overflows) = product.multipliedReportingOverflow(by: size)
      if overflows { return nil }
      product = larger
    }
    return product
  }
}
