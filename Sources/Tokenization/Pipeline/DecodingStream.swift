/// Decodes ids as they come, one after the other: in the end all that `TokenDecoder.decode` gives for
/// all of them, and after each as much of it as no later id can change.
///
/// No character is split: bytes that may be the start of one wait for what follows.
///
///     var stream = DecodingStream(decoder)
///     for id in ids { text += try stream.append(id) }
///     text += try stream.finish()
public struct DecodingStream: Sendable {
  private let decoder: TokenDecoder
  private let skips: Bool
  /// What the decoder does to all of a sequence.
  private var stages: [DecodingStage]
  /// Whether the next token may be one that stands first.
  private var isFirst: Bool
  /// Ids so far.
  private var count = 0
  /// The start of a character.
  private var waiting: [UInt8] = []

  /// - Parameter skips: whether special tokens leave nothing; see `TokenDecoder.decode`.
  public init(_ decoder: TokenDecoder, skippingSpecialTokens skips: Bool = false) {
    self.decoder = decoder
    self.skips = skips
    stages = decoder.chain.steps.map { DecodingStage($0) }
    isFirst = decoder.firstTexts != nil
  }

  /// What is certain now that the next id is known: UTF-8 if the text is.
  ///
  /// - Throws: as `TokenDecoder.decode`; an id without a token is left out, and the stream may go on.
  public mutating func append(_ id: TokenID) throws(TokenizerError) -> [UInt8] {
    if let failure = decoder.failure { throw .pattern(failure) }
    guard decoder.texts.hasText(of: id) else { throw .unknownID(id: id, position: count) }
    count += 1
    if skips && decoder.isSpecial(id) { return [] }
    var text = decoder.texts[id]
    if isFirst, let firstTexts = decoder.firstTexts {
      let own = firstTexts[id]
      isFirst = decoder.seeksFirst && own.isEmpty && (text.isEmpty || !decoder.firstTakesOneBlank)
      text = own
    }
    if stages.isEmpty { return passed(text) }
    let part = TextPart(bytes: Array(text), ends: !decoder.joins)
    return try passed(through: [part], isLast: false)
  }

  /// All that waits. No id may follow.
  public mutating func finish() throws(TokenizerError) -> [UInt8] {
    let parts = decoder.joins ? [TextPart(bytes: [], ends: true)] : []
    let rest = stages.isEmpty ? [] : try passed(through: parts, isLast: true)
    defer { waiting = [] }
    return rest + waiting
  }

  private mutating func passed(
    through parts: [TextPart], isLast: Bool
  ) throws(TokenizerError) -> [UInt8] {
    var parts = parts
    do throws(PatternError) {
      for index in stages.indices {
        var next: [TextPart] = []
        for part in parts { try stages[index].take(part, into: &next) }
        if isLast { try stages[index].finish(into: &next) }
        let length = next.reduce(0) { $0 + $1.bytes.count }
        if length > TokenTexts.limit { throw .textTooLong(bytes: length) }
        parts = next
      }
    } catch {
      throw .pattern(error)
    }
    return passed(parts.flatMap(\.bytes)[...])
  }

  /// Whole characters, and bytes that are none.
  private mutating func passed(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    waiting += bytes
    let end = waiting.withUnsafeBufferPointer { UTF8Decoding.completeEnd(of: $0) }
    if end == waiting.count {
      defer { waiting = [] }
      return waiting
    }
    defer { waiting.removeFirst(end) }
    return Array(waiting[..<end])
  }
}
