/// What stands at the start of a `.npy` file: format 1.0, a list of numbers
/// (`numpy/lib/format.py`, byte for byte what `numpy.save` writes for one dimension).
public enum NumpyHeader {
  /// Whatever the count: it may be written anew when all numbers are there.
  public static let length = 128

  /// - Parameters:
  ///   - type: as numpy describes it: "<u2" is little-endian, unsigned, two bytes.
  ///   - count: of numbers.
  public static func bytes(type: StaticString, count: Int) -> [UInt8] {
    var header: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length - 10), 0]
    header += "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(count),), }".utf8
    header += repeatElement(UInt8(ascii: " "), count: max(0, length - 1 - header.count))
    header.append(UInt8(ascii: "\n"))
    return header
  }
}
