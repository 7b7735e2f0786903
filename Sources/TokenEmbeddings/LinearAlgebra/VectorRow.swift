/// The numbers of a vector, while somebody else keeps them.
struct VectorRow {
  private let values: UnsafeBufferPointer<Float>

  init(_ values: UnsafeBufferPointer<Float>) { self.values = values }

  /// The inner product: 16 sums side by side, then one; the order depends on the count alone.
  @inline(__always)
  func dot(_ other: VectorRow) -> Float {
    assert(values.count == other.values.count)
    let (left, right) = (UnsafeRawBufferPointer(values), UnsafeRawBufferPointer(other.values))
    var sums = SIMD16<Float>()
    var place = 0
    while place &+ 64 <= left.count {
      sums +=
        left.loadUnaligned(fromByteOffset: place, as: SIMD16<Float>.self)
        * right.loadUnaligned(fromByteOffset: place, as: SIMD16<Float>.self)
      place &+= 64
    }
    var sum = sums.sum()
    for index in place / 4..<values.count { sum += values[index] * other.values[index] }
    return sum
  }
}
