import Primitives

/// Reads merges as files spell them, with one scratch for all.
struct MergeReader {
  private let index: TokenIndex
  /// The bytes of the left token and, behind them, of the right one: together, the result.
  private var bytes: [UInt8] = []

  /// Whether tokens are spelled in the byte alphabet.
  private let isByteLevel: Bool

  /// Bytes in front of right tokens that the result does not have.
  private let prefixLength: Int

  init(_ index: TokenIndex, isByteLevel: Bool = true, prefixLength: Int = 0) {
    self.index = index
    self.isByteLevel = isByteLevel
    self.prefixLength = prefixLength
  }

  /// The merges of a file. Files from before 0.20 may begin with the first line of `merges.txt`.
  mutating func readAll(_ field: ModelField) throws(FormatError) -> [Merge] {
    let elements = try field.elements()
    var merges: [Merge] = []
    merges.reserveCapacity(elements.count)
    for element in elements where !(merges.isEmpty && Self.isVersion(element)) {
      merges.append(try read(element, rank: merges.count))
    }
    return merges
  }

  private static func isVersion(_ element: JSONValue) -> Bool {
    element.withString {
      $0.first == UInt8(ascii: "#") && $0.starts(with: "#version".utf8)
    } ?? false
  }

  /// A merge: an array of two spellings, or (before 0.20) a text with one blank between them.
  mutating func read(_ element: JSONValue, rank: Int) throws(FormatError) -> Merge {
    if let text = element.string { return try read(text[...], rank: rank) }
    guard var parts = element.elements, parts.count == 2, let left = parts.next(),
      let right = parts.next()
    else { throw .malformedMerge(rank: rank) }
    return try merge(left, right, rank: rank)
  }

  /// A merge as a text with one blank between the two spellings.
  mutating func read(_ text: ArraySlice<UInt8>, rank: Int) throws(FormatError) -> Merge {
    let parts = text.split(separator: 0x20, omittingEmptySubsequences: false)
    guard parts.count == 2 else { throw .malformedMerge(rank: rank) }
    return try parts[0].withUnsafeBufferPointer { (left) throws(FormatError) in
      try parts[1].withUnsafeBufferPointer { (right) throws(FormatError) in
        try merge(left, right, rank: rank)
      }
    }
  }

  private mutating func merge(
    _ left: JSONValue, _ right: JSONValue, rank: Int
  ) throws(FormatError) -> Merge {
    let read = try left.withString { (left) throws(FormatError) in
      try right.withString { (right) throws(FormatError) in
        try merge(left, right, rank: rank)
      }
    }
    guard let read, let merge = read else { throw .malformedMerge(rank: rank) }
    return merge
  }

  private mutating func merge(
    _ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>, rank: Int
  ) throws(FormatError) -> Merge {
    bytes.removeAll(keepingCapacity: true)
    guard append(left) else {
      throw .absentToken(rank: rank, token: Array(left))
    }
    let middle = bytes.count
    guard append(right) else {
      throw .absentToken(rank: rank, token: Array(right))
    }
    guard bytes.count - middle >= prefixLength else { throw .malformedMerge(rank: rank) }
    var ids: (TokenID?, TokenID?, TokenID?) = bytes.withUnsafeBufferPointer { bytes in
      (
        index.id(of: bytes.extracting(..<middle)), index.id(of: bytes.extracting(middle...)),
        index.id(of: bytes)
      )
    }
    if prefixLength > 0 {
      bytes.removeSubrange(middle..<middle + prefixLength)
      ids.2 = index.id(of: bytes)
    }
    guard let leftID = ids.0 else { throw .absentToken(rank: rank, token: Array(left)) }
    guard let rightID = ids.1 else { throw .absentToken(rank: rank, token: Array(right)) }
    guard let result = ids.2 else {
      throw .absentToken(
        rank: rank, token: Array(left) + Array(right).dropFirst(prefixLength))
    }
    return Merge(left: leftID, right: rightID, result: result)
  }

  private mutating func append(_ token: UnsafeBufferPointer<UInt8>) -> Bool {
    if isByteLevel { return ByteAlphabet.append(spelled: token, to: &bytes) }
    bytes.append(contentsOf: token)
    return true
  }
}
