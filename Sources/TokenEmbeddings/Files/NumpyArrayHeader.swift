import Primitives

/// What a `.npy` file says of its array: formats 1.0, 2.0 and 3.0, of which the header is the text of a
/// Python dictionary (`numpy/lib/format.py`).
public struct NumpyArrayHeader: Sendable, Equatable {
  public let tensor: StoredTensor

  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  /// Bytes by which the length of the header is known, in any of the formats.
  public static let prefixLength = 12
  /// Bytes of the text, at most. numpy writes some hundred.
  static let greatestLength = 1 << 20

  /// Where the data begin.
  ///
  /// - Parameter prefix: the first twelve bytes of a file, or all that it has.
  public static func dataStart(_ prefix: [UInt8]) throws(TensorFlaw) -> Int {
    guard prefix.count >= prefixLength, prefix.starts(with: magic) else {
      throw .tooShort(size: prefix.count, least: prefixLength)
    }
    switch (prefix[6], prefix[7]) {
    case (1, 0): return 10 + Int(prefix[8]) + Int(prefix[9]) << 8
    case (2, 0), (3, 0):
      let length = (8..<12).reversed().reduce(0) { $0 << 8 | Int(prefix[$1]) }
      guard length <= greatestLength else {
        throw .headerTooLong(length: UInt64(length), limit: greatestLength)
      }
      return 12 + length
    default: throw .numpyVersion(major: prefix[6], minor: prefix[7])
    }
  }

  /// Reads the first bytes of a file, up to where its data begin.
  public init(_ bytes: [UInt8], fileSize: Int) throws(TensorFlaw) {
    let start = try Self.dataStart(bytes)
    guard bytes.count >= start, fileSize >= start else {
      throw .tooShort(size: bytes.count, least: start)
    }
    var text = PythonText(bytes[(bytes[6] == 1 ? 10 : 12)..<start])
    var type: [UInt8]?
    var shape: [Int]?
    var isFortran: Bool?
    try text.take("{", "'{'")
    while !text.skip("}") {
      let key = try text.string()
      try text.take(":", "':'")
      switch String(decoding: key, as: UTF8.self) {
      case "descr": type = try text.string()
      case "fortran_order": isFortran = try text.boolean()
      case "shape": shape = try text.tuple()
      default: throw text.expected("'descr', 'fortran_order' or 'shape'")
      }
      if !text.skip(",") {
        try text.take("}", "',' or '}'")
        break
      }
    }
    guard let type, let shape, let isFortran else {
      throw text.expected("'descr', 'fortran_order' and 'shape'")
    }
    if isFortran && shape.filter({ $0 != 1 }).count > 1 { throw .fortranOrder }
    let elementType = ElementType.allCases.first { known in
      known.numpyName.map { type.elementsEqual("\($0)".utf8) } ?? false
    }
    if let elementType, StoredTensor.byteCount(of: shape, elementType) != fileSize - start {
      throw .shapeDiffers(tensor: [], shape: shape, bytes: fileSize - start)
    }
    tensor = StoredTensor(
      name: [], typeName: type, elementType: elementType, shape: shape, range: start..<fileSize)
  }
}

/// The few words of Python that such a header may have.
private struct PythonText {
  private var rest: ArraySlice<UInt8>

  init(_ text: ArraySlice<UInt8>) { rest = text }

  func expected(_ what: String) -> TensorFlaw {
    .numpyHeader(expected: what, offset: rest.startIndex)
  }

  private mutating func skipBlanks() {
    rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
  }

  /// Whether a word comes next, which is passed over then.
  mutating func skip(_ word: String) -> Bool {
    skipBlanks()
    guard rest.starts(with: word.utf8) else { return false }
    rest = rest.dropFirst(word.utf8.count)
    return true
  }

  mutating func take(_ word: String, _ what: String) throws(TensorFlaw) {
    if !skip(word) { throw expected(what) }
  }

  /// A string in quotes of either kind. Those of numbers have no escapes.
  mutating func string() throws(TensorFlaw) -> [UInt8] {
    for quote in ["'", "\""] where skip(quote) {
      guard let end = rest.firstIndex(of: quote.utf8.first ?? 0) else { break }
      let content = Array(rest[..<end])
      rest = rest[(end + 1)...]
      return content
    }
    throw expected("a string")
  }

  mutating func boolean() throws(TensorFlaw) -> Bool {
    if skip("True") { return true }
    if skip("False") { return false }
    throw expected("True or False")
  }

  /// "(3, 4)", "(3,)" or "()".
  mutating func tuple() throws(TensorFlaw) -> [Int] {
    try take("(", "'('")
    var numbers: [Int] = []
    while !skip(")") {
      skipBlanks()
      let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      guard let number = Int(String(decoding: digits, as: UTF8.self)) else {
        throw expected("a whole number")
      }
      numbers.append(number)
      rest = rest.dropFirst(digits.count)
      if !skip(",") {
        try take(")", "',' or ')'")
        break
      }
    }
    return numbers
  }
}
