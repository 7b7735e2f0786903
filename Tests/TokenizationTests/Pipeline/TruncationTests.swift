import Testing

@testable import Tokenization

@Suite("Truncation and padding")
struct TruncationTests {
  private static let classifier = SpecialToken(id: 1000, content: Array("[CLS]".utf8))
  private static let separator = SpecialToken(id: 1001, content: Array("[SEP]".utf8))

  /// Bytes that are their own tokens: "abc" has three.
  private static func tokenizer(_ postProcessor: PostProcessor? = nil) -> Tokenizer {
    Tokenizer(
      normalizer: .none, preTokenizer: .none,
      model: .bpe(BPEModel(vocabulary: Vocabulary(tokens: (0...255).map { [$0] }), merges: [])),
      specialTokens: [classifier, separator],
      postProcessor: postProcessor ?? .bert(classifier: classifier, separator: separator))
  }

  private static func shown(_ encoding: Encoding) -> String {
    encoding.ids.map { id in
      id == 1000 ? "[" : id == 1001 ? "|" : String(Unicode.Scalar(UInt8(id)))
    }.joined()
  }

  private func encode(
    _ first: String, _ second: String? = nil, _ truncation: Truncation? = nil,
    _ padding: Padding? = nil, addsSpecialTokens: Bool = true
  ) throws(TokenizerError) -> Encoding {
    var options = EncodingOptions(addsSpecialTokens: addsSpecialTokens)
    options.truncation = truncation
    options.padding = padding
    options.keepsOverflow = true
    let tokenizer = Self.tokenizer()
    guard let second else { return try tokenizer.encode(first, options: options) }
    return try tokenizer.encode(first, second, options: options)
  }

  /// What stays, and what was cut off.
  private func cut(
    _ first: String, _ second: String? = nil, _ truncation: Truncation,
    addsSpecialTokens: Bool = true
  ) throws -> [String] {
    let encoding = try encode(first, second, truncation, addsSpecialTokens: addsSpecialTokens)
    return ([encoding] + encoding.overflowing).map(Self.shown)
  }

  @Test("Room is left for special tokens; parts have a stride in common")
  func parts() throws {
    #expect(try cut("abcdefg", nil, Truncation(longest: 9)) == ["[abcdefg|"])
    #expect(try cut("abcdefg", nil, Truncation(longest: 5)) == ["[abc|", "[def|", "[g|"])
    #expect(
      try cut("abcdefg", nil, Truncation(longest: 5, stride: 2))
        == ["[abc|", "[bcd|", "[cde|", "[def|", "[efg|"])
    #expect(
      try cut("abcdefg", nil, Truncation(direction: .left, longest: 5, stride: 1))
        == ["[efg|", "[cde|", "[abc|"])
    #expect(
      try cut("abcdefg", nil, Truncation(longest: 5), addsSpecialTokens: false)
        == ["abcde", "fg"])
    #expect(try cut("abc", nil, Truncation(longest: 2)) == ["[|", "[abc|"])
    #expect(try cut("", nil, Truncation(longest: 2)) == ["[|"])
  }

  @Test("Of a pair the longer one is cut, both alike, or the one that is named")
  func pairs() throws {
    #expect(try cut("abcdef", "xy", Truncation(longest: 8)) == ["[abc|xy|", "[def|xy|"])
    #expect(
      try cut("abcdef", "vwxyz", Truncation(longest: 8))
        == ["[abc|vw|", "[def|vw|", "[def|xy|", "[def|z|", "[abc|xy|", "[abc|z|"])
    #expect(try cut("abcd", "wxyz", Truncation(longest: 8)).first == "[ab|wxy|")
    #expect(
      try cut("abcdef", "vwxyz", Truncation(longest: 9, strategy: .onlyFirst))
        == ["[a|vwxyz|"] + "bcdef".map { "[\($0)|vwxyz|" })
    #expect(
      try cut("ab", "vwxyz", Truncation(longest: 9, strategy: .onlySecond, stride: 1))
        == ["[ab|vwxy|", "[ab|yz|"])
  }

  @Test("Every way to cut gives what the rules of the reference say, word by word")
  func random() throws {
    for seed in UInt64(1)...4000 {
      var generator = SeededGenerator(seed: seed)
      func number(_ greatest: Int) -> Int { Int.random(in: 0...greatest, using: &generator) }
      let truncation = Truncation(
        direction: number(1) == 0 ? .left : .right, longest: number(12),
        strategy: Truncation.Strategy.allCases[number(2)], stride: number(3))
      let counts = number(1) == 0 ? [number(15)] : [number(15), number(15)]
      let added = number(2)
      let expected = ReferenceTruncation(truncation).parts(of: counts, added: added)
      let found = Result { () throws(TokenizerError) in
        let lengths = try truncation.lengths(of: counts, added: added)
        var parts: [[Range<Int>]] = []
        for (count, length) in zip(counts, lengths) {
          parts.append(try truncation.parts(of: count, length: length))
          #expect(try truncation.kept(of: count, length: length) == parts.last?.first)
        }
        return parts
      }
      #expect((try? found.get()) == expected, "seed \(seed): \(truncation), \(counts), \(added)")
    }
  }

  @Test(
    "Ids alone are those of the whole encoding, and a long text is cut where its ids are enough")
  func idsAlone() throws {
    let tokenizer = Self.tokenizer()
    for seed in UInt64(1)...300 {
      var generator = SeededGenerator(seed: seed)
      func text() -> [UInt8] {
        (0..<Int.random(in: 0...20, using: &generator)).map { _ in
          UInt8.random(in: 97...122, using: &generator)
        }
      }
      var options = EncodingOptions(addsSpecialTokens: seed % 2 == 0)
      options.truncation = Truncation(
        direction: seed % 3 == 0 ? .left : .right, longest: 7, stride: 1)
      if seed % 5 < 3 {
        options.padding = Padding(
          length: seed % 5 == 0 ? 9 : nil, direction: seed % 7 == 0 ? .left : .right,
          multiple: seed % 4 == 0 ? 4 : nil, id: 46, token: [46])
      }
      var encoder = try TokenEncoder(CompiledTokenizer(tokenizer), options: options)
      let (first, second) = (text(), text())
      var ids: [TokenID] = [7]
      try encoder.encode(first, into: &ids)
      #expect(ids == [7] + (try encoder.encode(first).ids))
      ids = []
      try first.withUnsafeBufferPointer { first in
        try second.withUnsafeBufferPointer { try encoder.encode(first, $0, into: &ids) }
      }
      #expect(ids == (try encoder.encode(first, second).ids), "seed \(seed)")
    }
    let words = TokenEncoderTests.tokenizer()
    var options = EncodingOptions()
    options.truncation = Truncation(longest: 3)
    let long = String(repeating: "hello wort\n", count: 20_000)
    let short = try words.encode(String(long.prefix(100)), options: options)
    #expect(try words.encode(long, options: options) == short)
    #expect(try words.ids(of: long, options: options) == short.ids)
    options.keepsOverflow = true
    #expect(try words.encode(long, options: options).overflowing.count > 10_000)
  }

  @Test("Padding fills up to a length, to a multiple of one, or to the longest, at either end")
  func padding() throws {
    func padded(_ text: String, _ change: (inout Padding) -> Void) throws -> Encoding {
      var padding = Padding(id: 46, typeID: 3, token: Array(".".utf8))
      change(&padding)
      return try encode(text, nil, nil, padding)
    }
    let right = try padded("ab") { $0.length = 6 }
    #expect(Self.shown(right) == "[ab|..")
    #expect(right.typeIDs == [0, 0, 0, 0, 3, 3])
    #expect(right.attentionMask == [1, 1, 1, 1, 0, 0])
    #expect(right.specialTokensMask == [1, 0, 0, 1, 1, 1])
    #expect(right.offsets == [0..<0, 0..<1, 1..<2, 0..<0, 0..<0, 0..<0])
    #expect(right.wordIndices == [nil, 0, 0, nil, nil, nil])
    #expect(right.sequenceIndices == [nil, 0, 0, nil, nil, nil])
    let left = try padded("ab") { ($0.multiple, $0.direction) = (5, .left) }
    #expect(Self.shown(left) == ".[ab|")
    #expect(try Self.shown(padded("abcdef") { $0.length = 3 }) == "[abcdef|")
    #expect(try Self.shown(padded("ab") { ($0.length, $0.multiple) = (5, 4) }) == "[ab|....")
    #expect(try Self.shown(padded("ab") { $0.multiple = 0 }) == "[ab|")
    var options = EncodingOptions()
    options.padding = Padding(multiple: 2, id: 46, token: [46])
    #expect(
      try Self.tokenizer().encodeBatch(["a", "", "abc"], options: options).map(Self.shown)
        == ["a...", "....", "abc."])
    options.truncation = Truncation(longest: 3)
    options.keepsOverflow = true
    let cut = try Self.tokenizer().encode("abcde", options: options)
    #expect(([cut] + cut.overflowing).map(Self.shown) == ["abc.", "de.."])
  }

  @Test("What cannot be cut or filled up so is an error that says why")
  func errors() {
    #expect(throws: TokenizerError.lengthTooShort(longest: 1, added: 2)) {
      try encode("abc", nil, Truncation(longest: 1))
    }
    #expect(throws: TokenizerError.lengthTooShort(longest: 2, added: 3)) {
      try encode("abc", "d", Truncation(longest: 2))
    }
    #expect(throws: TokenizerError.strategyWithoutPair) {
      try encode("abc", nil, Truncation(longest: 4, strategy: .onlySecond))
    }
    #expect(throws: TokenizerError.textTooShortToCut(isFirst: true, count: 1, excess: 1)) {
      try encode("a", "bcd", Truncation(longest: 6, strategy: .onlyFirst))
    }
    #expect(throws: TokenizerError.strideTooLong(stride: 2, length: 2)) {
      try encode("abc", nil, Truncation(longest: 4, stride: 2))
    }
    #expect(throws: TokenizerError.paddingTooLong(length: Int.max)) {
      try encode("abc", nil, nil, Padding(length: Int.max, multiple: 2, id: 0, token: []))
    }
    #expect(throws: TokenizerError.paddingTooLong(length: 1 << 40)) {
      try encode("abc", nil, nil, Padding(multiple: 1 << 40, id: 0, token: []))
    }
  }

  @Test("Blanks go out of offsets if the post-processor says so")
  func trimming() throws {
    func offsets(_ text: String, prefix: Bool, _ unit: OffsetUnit = .bytes) throws -> [Range<Int>] {
      let settings = ByteLevelSettings(
        addsPrefixSpace: prefix, trimsOffsets: true, usesPattern: false)
      var tokenizer = TokenEncoderTests.tokenizer(postProcessor: .byteLevel(settings))
      var blank = SpecialToken(id: 900, content: Array("<m>".utf8), isSpecial: false)
      (blank.stripsLeft, blank.stripsRight) = (true, true)
      tokenizer.specialTokens = [blank]
      var options = EncodingOptions()
      options.offsetUnit = unit
      return try tokenizer.encode(text, options: options).offsets
    }
    #expect(try offsets("hello wort", prefix: true) == [0..<5, 6..<10])
    // A blank in front may be one that was put there.
    #expect(try offsets(" wort", prefix: true) == [0..<5])
    #expect(try offsets(" wort", prefix: false) == [1..<5])
    #expect(try offsets("hello    wort", prefix: true) == [0..<5, 7..<7, 8..<8, 9..<13])
    #expect(try offsets("é \u{3000}<m>", prefix: false) == [0..<2, 6..<9])
    #expect(try offsets("é \u{3000}<m>", prefix: false, .scalars) == [0..<1, 3..<6])
  }
}

/// `truncate_encodings` and `Encoding::truncate` of tokenizers 0.23, told step by step.
private struct ReferenceTruncation {
  let rule: Truncation

  init(_ rule: Truncation) { self.rule = rule }

  /// Of each text what stays and what is cut off; `nil` where the reference refuses, panics, or wraps
  /// around.
  func parts(of counts: [Int], added: Int) -> [[Range<Int>]]? {
    guard rule.longest >= added else { return nil }
    let room = rule.longest - added
    if room == 0 { return counts.map { cut($0, to: 0) ?? [] } }
    let total = counts.reduce(0, +)
    guard total > room else { return counts.map { [0..<$0] } }
    var lengths = counts
    switch rule.strategy {
    case .longestFirst where counts.count == 2:
      var (shorter, longer) = (counts[0], counts[1])
      let isSwapped = shorter > longer
      if isSwapped { swap(&shorter, &longer) }
      longer = shorter > room ? shorter : max(shorter, room - shorter)
      if shorter + longer > room {
        shorter = room / 2
        longer = shorter + room % 2
      }
      if isSwapped { swap(&shorter, &longer) }
      lengths = [shorter, longer]
    case .longestFirst: lengths = [room]
    case .onlyFirst, .onlySecond:
      let index = rule.strategy == .onlyFirst ? 0 : 1
      guard index < counts.count, counts[index] > total - room else { return nil }
      lengths[index] -= total - room
    }
    var all: [[Range<Int>]] = []
    for (count, length) in zip(counts, lengths) {
      guard let parts = cut(count, to: length) else { return nil }
      all.append(parts)
    }
    return all
  }

  private func cut(_ count: Int, to length: Int) -> [Range<Int>]? {
    if length >= count { return [0..<count] }
    if length == 0 { return [0..<0, 0..<count] }
    guard rule.stride < length else { return nil }
    var parts: [Range<Int>] = []
    if rule.direction == .right {
      for start in stride(from: 0, to: count, by: length - rule.stride) {
        parts.append(start..<min(start + length, count))
        if parts.last?.upperBound == count { break }
      }
    } else {
      for stop in stride(from: count, to: 0, by: rule.stride - length) {
        parts.append(max(0, stop - length)..<stop)
        if parts.last?.lowerBound == 0 { break }
      }
    }
    return parts
  }
}
