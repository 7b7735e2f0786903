import Primitives

/// Reads merges as files spell them, with one scratch for all.
struct MergeReader: ~Copyable {
  private let index: TokenIndex
  /// The bytes of the left token and, behind them, of the right one: together, the result.
  private var scratch: UnsafeMutablePointer<UInt8>
  private var capacity = 256
  /// What the next merge makes, most likely: in most files each makes the token behind that of the
  /// merge before, which is compared faster than looked for.
  private var expected: TokenID = 0

  /// Whether tokens are spelled in the byte alphabet.
  private let isByteLevel: Bool

  /// Bytes in front of right tokens that the result does not have.
  private let prefixLength: Int

  init(_ index: TokenIndex, isByteLevel: Bool = true, prefixLength: Int = 0) {
    self.index = index
    self.isByteLevel = isByteLevel
    self.prefixLength = prefixLength
    scratch = .allocate(capacity: capacity)
  }

  deinit { scratch.deallocate() }

  /// The merges of a file. Files from before 0.20 may begin with the first line of `merges.txt`.
  mutating func readAll(_ field: ModelField) throws(FormatError) -> [Merge] {
    let count = try field.elements().count
    return try field.value.withView { (view) throws(FormatError) in
      var merges: [Merge] = []
      merges.reserveCapacity(count)
      guard let elements = view.elements else { return merges }
      for element in elements where !(merges.isEmpty && Self.isVersion(element)) {
        merges.append(try read(element, rank: merges.count))
      }
      return merges
    }
  }

  private static func isVersion(_ element: JSONView) -> Bool {
    element.string?.starts(with: "#version".utf8) ?? false
  }

  /// A merge: an array of two spellings, or (before 0.20) a text with one blank between them.
  @inline(__always)
  private mutating func read(_ element: JSONView, rank: Int) throws(FormatError) -> Merge {
    if let text = element.string { return try read(text, rank: rank) }
    guard var parts = element.elements, let left = parts.next()?.string,
      let right = parts.next()?.string, parts.next() == nil
    else { throw .malformedMerge(rank: rank) }
    return try merge(left, right, rank: rank)
  }

  /// A merge as a text with one blank between the two spellings.
  mutating func read(_ text: ArraySlice<UInt8>, rank: Int) throws(FormatError) -> Merge {
    try text.withUnsafeBufferPointer { (text) throws(FormatError) in try read(text, rank: rank) }
  }

  private mutating func read(
    _ text: UnsafeBufferPointer<UInt8>, rank: Int
  ) throws(FormatError) -> Merge {
    guard let blank = text.firstIndex(of: 0x20) else { throw .malformedMerge(rank: rank) }
    let right = text.extracting((blank + 1)...)
    if right.contains(0x20) { throw .malformedMerge(rank: rank) }
    return try merge(text.extracting(..<blank), right, rank: rank)
  }

  private mutating func merge(
    _ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>, rank: Int
  ) throws(FormatError) -> Merge {
    reserve(left.count + right.count)
    guard let middle = write(left, to: scratch) else {
      throw .absentToken(rank: rank, token: Array(left))
    }
    guard let length = write(right, to: scratch + middle) else {
      throw .absentToken(rank: rank, token: Array(right))
    }
    guard length >= prefixLength else { throw .malformedMerge(rank: rank) }
    guard let leftID = index.id(of: UnsafeBufferPointer(start: scratch, count: middle)) else {
      throw .absentToken(rank: rank, token: Array(left))
    }
    guard let rightID = index.id(of: UnsafeBufferPointer(start: scratch + middle, count: length))
    else {
      throw .absentToken(rank: rank, token: Array(right))
    }
    if prefixLength > 0 {
      (scratch + middle).update(from: scratch + middle + prefixLength, count: length - prefixLength)
    }
    let joined = UnsafeBufferPointer(start: scratch, count: middle + length - prefixLength)
    guard let result = index.hasToken(expected, joined) ? expected : index.id(of: joined) else {
      throw .absentToken(
        rank: rank, token: Array(left) + Array(right).dropFirst(prefixLength))
    }
    expected = result &+ 1
    return Merge(left: leftID, right: rightID, result: result)
  }

  /// Writes what a spelling stands for; `nil` where that is not of the byte alphabet.
  @inline(__always)
  private func write(
    _ spelling: UnsafeBufferPointer<UInt8>, to target: UnsafeMutablePointer<UInt8>
  ) -> Int? {
    if isByteLevel { return ByteAlphabet.write(spelled: spelling, to: target) }
    if let start = spelling.baseAddress { target.update(from: start, count: spelling.count) }
    return spelling.count
  }

  private mutating func reserve(_ count: Int) {
    if count <= capacity { return }
    scratch.deallocate()
    capacity = 2 * count
    scratch = .allocate(capacity: capacity)
  }
}
