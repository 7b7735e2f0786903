/// A regular expression in ICU's syntax as it is written, and where its parts come from.
struct ICUExpression {
  /// ASCII.
  private(set) var bytes: [UInt8] = []
  /// ICU's own case flag, which holds to the end of the group.
  private(set) var isCaseless = false
  /// Pairs of a place in `bytes` and the place in the pattern that it comes from, ascending.
  private var sources: [(written: Int, read: Int)] = []

  /// Longest text for ICU, in bytes: a class of letters takes 12 KB, and 4 MB some tenths of a second.
  private static let longest = 4 << 20

  /// Notes that what is written from here on comes from a place in the pattern, in scalars.
  mutating func begin(source: Int) { sources.append((bytes.count, source)) }

  /// The place in the pattern of what is being written.
  var source: Int { sources.last?.read ?? 0 }

  /// The place in the pattern, in scalars, of a byte of the translation.
  func source(of offset: Int) -> Int {
    sources.last { $0.written <= offset }?.read ?? 0
  }

  func checkLength() throws(PatternError) {
    guard bytes.count < Self.longest else {
      throw .unsuitable(reason: "it is too long; shorten it")
    }
  }

  mutating func write(_ words: StaticString) {
    words.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }

  mutating func write(_ number: Int, radix: Int = 10) {
    bytes.append(contentsOf: String(number, radix: radix).utf8)
  }

  mutating func write(scalar: UInt32) {
    write("\\x{")
    write(Int(scalar), radix: 16)
    write("}")
  }

  mutating func write(_ set: CodePointSet) throws(PatternError) {
    try checkLength()
    if set.bounds.isEmpty { return write("[^\\x{0}-\\x{10ffff}]") }
    write("[")
    for index in stride(from: 0, to: set.bounds.count, by: 2) {
      write(scalar: set.bounds[index])
      if set.bounds[index + 1] - set.bounds[index] > 1 {
        write("-")
        write(scalar: set.bounds[index + 1] - 1)
      }
    }
    write("]")
  }

  /// ICU's own case flag, which holds to the end of the group; literals need it, sets must not
  /// have it, since they are closed already.
  mutating func setCaseless(_ wanted: Bool) {
    if wanted != isCaseless {
      if wanted { write("(?i)") } else { write("(?-i)") }
      isCaseless = wanted
    }
  }

  /// Puts the last construct into a group, to be repeated as a whole.
  mutating func enclose(from start: Int) {
    bytes.insert(contentsOf: Array("(?:".utf8), at: start)
    write(")")
    for index in sources.indices.reversed() {
      guard sources[index].written > start else { break }
      sources[index].written += 3
    }
  }

  /// After the end of a group, whose flag is gone.
  mutating func leaveGroup(isCaseless: Bool) {
    write(")")
    self.isCaseless = isCaseless
  }
}
