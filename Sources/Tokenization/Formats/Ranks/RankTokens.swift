import Primitives

/// Tokens in the order of the lines of a rank file.
struct RankTokens {
  /// A token as a line has it.
  struct Line {
    var id: TokenID
    /// Where its bytes begin among all.
    var start: UInt32
  }

  /// Bytes of all tokens.
  private(set) var bytes: [UInt8]
  private(set) var lines: [Line]
  private(set) var isAscending = true

  private init(bytes: [UInt8], lines: [Line]) {
    self.bytes = bytes
    self.lines = lines
  }

  /// Takes a text apart.
  /// - Parameter failure: the place of the first line that is none, where reading ended.
  init(reading text: UnsafeBufferPointer<UInt8>, failure: inout Int?) {
    // No line has less than "QQ== 0" and its end. Pages that are not touched cost nothing.
    let room = text.count / 7 + 1
    var found: (bytes: [UInt8], failure: Int?, isAscending: Bool) = ([], nil, true)
    lines = [Line](unsafeUninitializedCapacity: room) { lines, count in
      found.bytes = [UInt8](unsafeUninitializedCapacity: text.count / 4 * 3) { bytes, length in
        let scan = Self.scan(text, lines: lines, bytes: bytes)
        (count, length) = (scan.count, scan.length)
        found.failure = scan.failure
        found.isAscending = scan.isAscending
      }
    }
    bytes = found.bytes
    isAscending = found.isAscending
    failure = found.failure
  }

  private static func scan(
    _ text: UnsafeBufferPointer<UInt8>, lines: UnsafeMutableBufferPointer<Line>,
    bytes: UnsafeMutableBufferPointer<UInt8>
  ) -> (count: Int, length: Int, failure: Int?, isAscending: Bool) {
    var place = 0
    var (count, length, last) = (0, 0, -1)
    var isAscending = true
    while place < text.count {
      let start = place
      guard let line = RankText.line(of: text, &place) else {
        return (count, length, start, isAscending)
      }
      if line.token.isEmpty { continue }
      guard count < lines.count, length <= Int(UInt32.max),
        let decoded = Base64.decode(
          text.extracting(line.token), into: bytes.extracting(length...)),
        decoded > 0
      else { return (count, length, start, isAscending) }
      isAscending = isAscending && Int(line.id) > last
      last = Int(line.id)
      lines[count] = Line(id: line.id, start: UInt32(truncatingIfNeeded: length))
      count &+= 1
      length &+= decoded
    }
    return (count, length, nil, isAscending)
  }

  /// Bytes of the token of a line.
  func token(at index: Int) -> ArraySlice<UInt8> {
    let isLast = index + 1 == lines.count
    return bytes[Int(lines[index].start)..<(isLast ? bytes.count : Int(lines[index + 1].start))]
  }

  /// The same tokens in another order of lines, by which ids ascend.
  func reordered(_ order: [Int]) -> RankTokens {
    var tokens = RankTokens(bytes: [], lines: [])
    tokens.bytes.reserveCapacity(bytes.count)
    for index in order {
      tokens.lines.append(
        Line(id: lines[index].id, start: UInt32(truncatingIfNeeded: tokens.bytes.count)))
      tokens.bytes.append(contentsOf: token(at: index))
    }
    return tokens
  }

  /// Tokens by id; the lines ascend.
  var vocabulary: Vocabulary {
    let size = lines.last.map { Int($0.id) + 1 } ?? 0
    var offsets: [UInt32] = []
    offsets.reserveCapacity(size + 1)
    var present = [Bool](repeating: false, count: size)
    for line in lines {
      // A hole begins where the token behind it does.
      while offsets.count <= Int(line.id) { offsets.append(line.start) }
      present[Int(line.id)] = true
    }
    offsets.append(UInt32(truncatingIfNeeded: bytes.count))
    return Vocabulary(bytes: bytes, offsets: offsets, present: present)
  }
}

/// What a line is made of.
enum RankText {
  static func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

  /// The next line, and steps behind its end: where its token stands, and the rank. An empty line has
  /// an empty token; `nil` for any other that is not a word, blanks and a number that an id can be.
  @inline(__always)
  static func line(
    of text: UnsafeBufferPointer<UInt8>, _ place: inout Int
  ) -> (token: Range<Int>, id: TokenID)? {
    let start = place
    while place < text.count, text[place] > 0x20 { place &+= 1 }
    let token = start..<place
    if token.isEmpty { return endOfLine(of: text, &place) ? (token, 0) : nil }
    let blanks = place
    skipBlanks(of: text, &place)
    guard place > blanks, let id = number(in: text, &place) else { return nil }
    skipBlanks(of: text, &place)
    return endOfLine(of: text, &place) ? (token, id) : nil
  }

  @inline(__always)
  private static func skipBlanks(of text: UnsafeBufferPointer<UInt8>, _ place: inout Int) {
    while place < text.count, text[place] == 0x20 || text[place] == 0x09 { place &+= 1 }
  }

  @inline(__always)
  private static func number(
    in text: UnsafeBufferPointer<UInt8>, _ place: inout Int
  ) -> TokenID? {
    let start = place
    var value = 0
    while place < text.count, text[place] >= 0x30, text[place] <= 0x39 {
      value = 10 &* value &+ Int(text[place] &- 0x30)
      guard value <= Int(TokenID.max) else { return nil }
      place &+= 1
    }
    return place > start ? TokenID(truncatingIfNeeded: value) : nil
  }

  /// Steps behind the end of a line, or of the text.
  @inline(__always)
  private static func endOfLine(
    of text: UnsafeBufferPointer<UInt8>, _ place: inout Int
  ) -> Bool {
    if place == text.count { return true }
    if text[place] == 0x0D, place &+ 1 < text.count { place &+= 1 }
    guard text[place] == 0x0A else { return false }
    place &+= 1
    return true
  }
}
