import Primitives

/// Encodes raw text word by word. One for each thread.
struct WordEncoder: ~Copyable {
  /// Most bytes of words that are encoded together; longer ones are encoded one by one.
  private static let longestWord = 1 << 16
  private static let longestSum = 1 << 13

  private let words: RawWords
  private let sum: UnigramSum?
  private var cutter: PieceCutter
  private var pieces: PieceEncoder<WordModel>
  /// Words of unigram models behind much text, where roundings are greater.
  private var farPieces: PieceEncoder<WordModel>?

  init(
    _ words: RawWords, _ model: CompiledModel, _ normalization: NormalizationChain, idCount: Int,
    cacheBytes: Int
  ) {
    self.words = words
    var idCount = idCount
    if case .unigram(let model) = model, let ids = words.scoredIDs {
      sum = UnigramSum(model, ids)
      idCount += ScoredIDs.spare
    } else {
      sum = nil
    }
    cutter = PieceCutter(words.preTokenizer)
    func pieces(_ sum: UnigramSum?, cacheBytes: Int) -> PieceEncoder<WordModel> {
      PieceEncoder(
        model: WordModel(
          words, model, normalization, sum, packing: IDPacking(idCount: idCount),
          cacheBytes: cacheBytes / 8),
        idCount: idCount, cacheBytes: cacheBytes)
    }
    self.pieces = pieces(sum, cacheBytes: cacheBytes)
    farPieces = sum == nil ? nil : pieces(sum, cacheBytes: cacheBytes / 4)
  }

  /// Appends the ids of the chunk of a text that begins at `lower`, and returns its end; `nil` if the
  /// model has no token for some of it.
  mutating func encodeChunk(
    of text: UnsafeBufferPointer<UInt8>, from lower: Int, ids: inout IDBuffer,
    to sink: inout some TokenSink
  ) throws(PatternError) -> Int? {
    let chunk = try cutter.chunk(
      of: text, from: lower, to: text.count, startsDocument: lower == 0, endsDocument: true,
      startsText: lower == 0, isPadded: false)
    let endsText = chunk.range.upperBound == text.count
    if lower == 0 { sum?.begin() }
    let last = chunk.count - (endsText && !endsStrong(text) ? 1 : 0)
    var next = 0
    if lower == 0 {
      encodeFirst(of: chunk, endsText: endsText && chunk.count == 1, ids: &ids, to: &sink)
      next = 1
    }
    while next < last {
      let stop = self.stop(in: chunk, from: next, to: last)
      if stop > next {
        encode(chunk, next..<stop, endsText: endsText, ids: &ids, to: &sink)
      } else {
        encode(chunk, next, startsText: false, endsText: false, ids: &ids, to: &sink)
      }
      next = max(stop, next + 1)
    }
    if next < chunk.count {
      encode(chunk, next, startsText: false, endsText: true, ids: &ids, to: &sink)
    }
    let hasFailed = pieces.takeFailure()
    return farPieces?.takeFailure() ?? false || hasFailed ? nil : chunk.range.upperBound
  }

  /// Words in the middle of a text.
  private mutating func encode(
    _ chunk: borrowing PieceCutter.Chunk, _ range: Range<Int>, endsText: Bool,
    ids: inout IDBuffer, to sink: inout some TokenSink
  ) {
    let length = Int(chunk.ends[range.upperBound - 1] - chunk.starts[range.lowerBound])
    let output = ids.reserve(length * words.borders.growth)
    sum?.enter(output, bytes: length)
    let score = sum?.score ?? 0
    var count = encode(chunk, range, into: output)
    if sum?.zone == .near, !staysInZone(output, count, after: score) {
      sum?.restart(output, after: score, in: .far)
      count = encode(chunk, range, into: output)
    }
    if !staysInZone(output, count, after: score) {
      sum?.restart(output, after: score, in: .far)
      for index in range {
        encode(chunk, index, startsText: false, endsText: false, ids: &ids, to: &sink)
      }
      return
    }
    // Behind the text nobody asks.
    if !endsText || range.upperBound < chunk.count { sum?.leave(output + count) }
    put(output, count, to: &sink)
  }

  private mutating func encode(
    _ chunk: borrowing PieceCutter.Chunk, _ range: Range<Int>,
    into output: UnsafeMutablePointer<TokenID>
  ) -> Int {
    let (starts, ends) = (chunk.starts + range.lowerBound, chunk.ends + range.lowerBound)
    if sum?.zone == .far {
      return farPieces?.encode(
        chunk.bytes, starts: starts, ends: ends, count: range.count, into: output) ?? 0
    }
    return pieces.encode(
      chunk.bytes, starts: starts, ends: ends, count: range.count, into: output)
  }

  private func staysInZone(
    _ output: UnsafePointer<TokenID>, _ count: Int, after score: Float
  ) -> Bool {
    sum?.staysInZone(output, count: count, after: score) ?? true
  }

  private func put(
    _ output: UnsafeMutablePointer<TokenID>, _ count: Int, to sink: inout some TokenSink
  ) {
    sum?.settle(output, count: count)
    sink.append(UnsafeBufferPointer(start: output, count: count))
  }

  /// Whether the last word is the same in the middle of a text.
  private func endsStrong(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard words.borders.trimsEnds else { return true }
    guard let start = text.baseAddress,
      let last = UTF8Decoding.scalar(before: start + text.count, readable: text.count)
    else { return false }
    return words.borders.isStrong(last.value)
  }

  /// The first word of a text: where a blank is put before it, the same as one with a blank.
  private mutating func encodeFirst(
    of chunk: borrowing PieceCutter.Chunk, endsText: Bool, ids: inout IDBuffer,
    to sink: inout some TokenSink
  ) {
    let start = Int(chunk.starts[0])
    let length = Int(chunk.ends[0]) - start
    guard words.putsBlankBefore, !endsText, length < ShortKey.maximumLength else {
      return encode(chunk, 0, startsText: true, endsText: endsText, ids: &ids, to: &sink)
    }
    let output = ids.reserve((length + 1) * words.borders.growth)
    sum?.enter(output, bytes: length)
    let count = withUnsafeTemporaryAllocation(
      of: UInt8.self, capacity: length + 1 + PieceCutter.padding
    ) { word in
      word.initialize(repeating: 0)
      word[0] = 0x20
      for index in 0..<length { word[index + 1] = chunk.bytes[start + index] }
      guard let base = word.baseAddress else { return 0 }
      let (start, end) = (UInt32(0), UInt32(length + 1))
      return withUnsafePointer(to: start) { start in
        withUnsafePointer(to: end) { end in
          pieces.encode(base, starts: start, ends: end, count: 1, into: output)
        }
      }
    }
    sum?.leave(output + count)
    put(output, count, to: &sink)
  }

  /// The end of the words from `start` on that are encoded together: `start` if the first is too
  /// long. Sums of scores are looked at between them.
  private func stop(in chunk: borrowing PieceCutter.Chunk, from start: Int, to end: Int) -> Int {
    let longest = sum == nil ? Self.longestWord : Self.longestSum
    if Int(chunk.ends[end - 1] &- chunk.starts[start]) <= longest { return end }
    var index = start
    while index < end, Int(chunk.ends[index] &- chunk.starts[start]) <= longest { index += 1 }
    return index
  }

  /// One word by itself: it stands at an end of the text, or is long.
  private mutating func encode(
    _ chunk: borrowing PieceCutter.Chunk, _ index: Int, startsText: Bool, endsText: Bool,
    ids: inout IDBuffer, to sink: inout some TokenSink
  ) {
    let start = Int(chunk.starts[index])
    let length = Int(chunk.ends[index]) - start
    // What is put before a text may be long.
    let text = pieces.model.normalized(
      UnsafeBufferPointer(start: chunk.bytes + start, count: length), startsText: startsText,
      endsText: endsText)
    let output = ids.reserve(text?.count ?? 0)
    sum?.enter(output, bytes: length)
    let found =
      text.map { pieces.model.encode(normalized: $0, into: output) } ?? CompiledModel.failure
    put(output, pieces.checked(found), to: &sink)
  }
}
