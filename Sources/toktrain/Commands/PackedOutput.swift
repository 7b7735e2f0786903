import Primitives
import Tokenization

/// Numbers one after the other, raw or as a `.npy` file, whose header is written again at the end, when
/// their count is known.
struct PackedOutput: ~Copyable {
  private var output: CommandOutput
  /// As numpy describes the numbers; `nil` without a header.
  private let type: StaticString?
  private let width: Int
  /// Bytes of numbers so far.
  private(set) var byteCount = 0

  /// - Parameters:
  ///   - type: of numbers of `width` bytes.
  ///   - isNumpy: whether there is a header.
  init(
    _ output: consuming CommandOutput, type: StaticString, width: Int, isNumpy: Bool
  ) throws(Failure) {
    self.output = output
    self.type = isNumpy ? type : nil
    self.width = width
    if isNumpy { try self.output.write(NumpyHeader.bytes(type: type, count: 0)) }
  }

  mutating func write(_ bytes: [UInt8]) throws(Failure) {
    try output.write(bytes)
    byteCount += bytes.count
  }

  func flush() throws(Failure) { try output.flush() }

  mutating func finish() throws(Failure) {
    if let type {
      try output.overwrite(NumpyHeader.bytes(type: type, count: byteCount / width))
    }
    try output.finish()
  }

  static func isNumpy(_ path: [UInt8]?) -> Bool {
    path?.suffix(4).elementsEqual(".npy".utf8) ?? false
  }
}

/// Where documents begin in packed ids: for each the number of ids before it, and at the end that of
/// all, as little-endian numbers of eight bytes.
struct PackedIndex: ~Copyable {
  private var output: PackedOutput
  private var isEmpty = true

  init(_ output: consuming CommandOutput, isNumpy: Bool) throws(Failure) {
    self.output = try PackedOutput(output, type: "<u8", width: 8, isNumpy: isNumpy)
  }

  /// - Parameter ends: numbers of ids up to the end of each document, from the start of the file.
  mutating func append(ends: some Sequence<Int>) throws(Failure) {
    var bytes: [UInt8] = []
    if isEmpty { bytes.append(littleEndian: 0) }
    isEmpty = false
    for end in ends { bytes.append(littleEndian: UInt64(end)) }
    try output.write(bytes)
  }

  mutating func finish() throws(Failure) {
    if isEmpty { try append(ends: []) }
    try output.finish()
  }
}

extension [UInt8] {
  fileprivate mutating func append(littleEndian value: UInt64) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }
}
