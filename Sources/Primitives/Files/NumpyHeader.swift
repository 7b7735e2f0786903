/// What stands at the start of a `.npy` file: format 1.0, numbers in the order of rows
/// (`numpy/lib/format.py`, byte for byte what `numpy.save` writes for one or two dimensions).
public enum NumpyHeader {
  /// Whatever the counts: it may be written anew when all numbers are there. numpy fills up to 64
  /// bytes, and before that as if the first dimension had 21 digits.
  public static let length = 128

  /// The header of a list of numbers.
  ///
  /// - Parameters:
  ///   - type: as numpy describes it: "<u2" is little-endian, unsigned, two bytes.
  ///   - count: of numbers.
  public static func bytes(type: StaticString, count: Int) -> [UInt8] {
    bytes(type: type, shape: "(\(count),)")
  }

  /// The header of a matrix.
  public static func bytes(type: StaticString, rows: Int, columns: Int) -> [UInt8] {
    bytes(type: type, shape: "(\(rows), \(columns))")
  }

  private static func bytes(type: StaticString, shape: String) -> [UInt8] {
    var header: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length - 10), 0]
    header += "{'descr': '\(type)', 'fortran_order': False, 'shape': \(shape), }".utf8
    header += repeatElement(UInt8(ascii: " "), count: max(0, length - 1 - header.count))
    header.append(UInt8(ascii: "\n"))
    return header
  }
}
