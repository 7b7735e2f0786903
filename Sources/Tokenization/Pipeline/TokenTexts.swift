/// The texts of tokens on their way to being one text.
struct TokenTexts {
  /// Most bytes: replacements of a hostile file could let a text grow without end.
  static let limit = 1 << 30

  private(set) var bytes: [UInt8] = []
  /// Where each ends; it begins where the one before ends.
  private(set) var ends: [Int] = []

  init() {}

  /// One text.
  init(joined bytes: [UInt8]) {
    self.bytes = bytes
    ends = [bytes.count]
  }

  var count: Int { ends.count }

  /// Whether the texts are not whole, because they would be longer than the limit.
  var isTooLong: Bool { bytes.count > Self.limit }

  subscript(index: Int) -> ArraySlice<UInt8> {
    bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]]
  }

  mutating func append(_ text: some Sequence<UInt8>) {
    bytes.append(contentsOf: text)
    ends.append(bytes.count)
  }

  /// Adds to the last text; to a first one where there is none.
  mutating func extendLast(_ text: some Sequence<UInt8>) {
    if ends.isEmpty { ends.append(0) }
    bytes.append(contentsOf: text)
    ends[ends.count - 1] = bytes.count
  }

  /// All of them as one.
  mutating func fuse() { ends = [bytes.count] }

  /// Each as `body` writes it.
  func map(
    _ body: (_ index: Int, _ text: ArraySlice<UInt8>, _ output: inout [UInt8]) -> Void
  ) -> TokenTexts {
    var result = TokenTexts()
    result.bytes.reserveCapacity(bytes.count)
    result.ends.reserveCapacity(ends.count)
    for index in 0..<count where !result.isTooLong {
      body(index, self[index], &result.bytes)
      result.ends.append(result.bytes.count)
    }
    return result
  }
}

extension [UInt8] {
  /// Appends a text in which each occurrence of another, from left to right, is replaced by a third.
  /// The empty text stands before every character and behind the last. Ends early beyond
  /// `TokenTexts.limit`.
  mutating func append(
    _ text: ArraySlice<UInt8>, replacing searched: [UInt8], by replacement: [UInt8]
  ) {
    var start = text.startIndex
    while start < text.endIndex && count <= TokenTexts.limit {
      let isCharacterStart = text[start] & 0xC0 != 0x80
      if searched.isEmpty ? isCharacterStart : text[start...].starts(with: searched) {
        append(contentsOf: replacement)
        start += searched.count
        if !searched.isEmpty { continue }
      }
      append(text[start])
      start += 1
    }
    if searched.isEmpty { append(contentsOf: replacement) }
  }
}
