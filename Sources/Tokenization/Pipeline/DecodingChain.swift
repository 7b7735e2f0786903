/// The steps of a decoder in the form in which they are applied to the texts of tokens
/// (`decoders/*.rs` of Hugging Face's library, 0.23).
struct DecodingChain: Sendable {
  /// A step, and the matcher of one that needs it.
  struct Step: Sendable {
    let kind: Detokenizer
    let matches: MatchReplacement?
  }

  /// Which texts are decoded.
  enum Position {
    /// All of a sequence, in order.
    case list
    /// Each stands for itself, as the first of a sequence or behind others; none are joined.
    case first, later

    func isFirst(_ index: Int) -> Bool { self == .list ? index == 0 : self == .first }
  }

  let steps: [Step]

  /// - Throws: for a pattern that is broken or refused.
  init(_ steps: some Sequence<Detokenizer>) throws(PatternError) {
    var compiled: [Step] = []
    for step in steps {
      if case .replace(.pattern(let pattern), let replacement) = step {
        compiled.append(
          Step(kind: step, matches: try MatchReplacement(of: pattern, by: replacement)))
      } else {
        compiled.append(Step(kind: step, matches: nil))
      }
    }
    self.steps = compiled
  }

  static let empty = DecodingChain()

  private init() { steps = [] }

  var isEmpty: Bool { steps.isEmpty }

  /// Takes texts through all steps. Complexity: O(bytes) a step.
  ///
  /// - Throws: where a pattern does not come to an end, and for texts that grow beyond
  ///   `TokenTexts.limit`.
  func apply(
    to texts: TokenTexts, _ position: Position = .list
  ) throws(PatternError) -> TokenTexts {
    var texts = texts
    for step in steps {
      texts = try Self.apply(step, to: texts, position)
      if texts.isTooLong { throw .textTooLong(bytes: texts.bytes.count) }
    }
    return texts
  }

  static func apply(
    _ step: Step, to texts: TokenTexts, _ position: Position
  ) throws(PatternError) -> TokenTexts {
    switch step.kind {
    case .none:
      return texts.map { index, text, output in
        if !position.isFirst(index) { output.append(UInt8(ascii: " ")) }
        output.append(contentsOf: text)
      }
    case .byteLevel:
      var texts = texts.map { _, text, output in
        output.append(contentsOf: ByteAlphabet.bytes(spelled: text) ?? Array(text))
      }
      if position == .list { texts.fuse() }
      return texts
    case .wordPiece(let prefix, let cleansUp):
      return texts.map { index, text, output in
        var text = text
        if !position.isFirst(index) {
          if text.starts(with: prefix) {
            text = text.dropFirst(prefix.count)
          } else {
            text = [UInt8(ascii: " ")] + text
          }
        }
        output.append(contentsOf: cleansUp ? EnglishBlanks.removed(from: text) : text)
      }
    case .metaspace(let settings): return metaspace(texts, settings, position)
    case .bpe(let suffix):
      return texts.map { index, text, output in
        let isLast = index == texts.count - 1
        output.append(text, replacing: suffix, by: isLast ? [] : [UInt8(ascii: " ")])
      }
    case .ctc(let settings): return ctc(texts, settings)
    case .byteFallback: return byteFallback(texts, position)
    case .fuse:
      var texts = texts
      if position == .list { texts.fuse() }
      return texts
    case .strip(let character, let start, let stop):
      var mark: [UInt8] = []
      UTF8Decoding.append(character, to: &mark)
      return texts.map { _, text, output in
        output.append(contentsOf: stripped(text, of: mark, start: start, stop: stop))
      }
    case .replace(.text(let searched), let replacement):
      return texts.map { _, text, output in
        output.append(text, replacing: searched, by: replacement)
      }
    case .replace(.pattern, _):
      guard let matches = step.matches else { return texts }
      return try replaceMatches(in: texts, matches)
    // Flattened before, and decoded from a table.
    case .sequence, .sentencePiece: return texts
    }
  }

  private static func metaspace(
    _ texts: TokenTexts, _ settings: MetaspaceSettings, _ position: Position
  ) -> TokenTexts {
    var mark: [UInt8] = []
    UTF8Decoding.append(settings.replacement, to: &mark)
    return texts.map { index, text, output in
      let isDropped = position.isFirst(index) && settings.prependScheme != .never
      output.append(text, replacing: mark, by: isDropped ? [] : [UInt8(ascii: " ")])
    }
  }

  private static func ctc(_ texts: TokenTexts, _ settings: Detokenizer.CTC) -> TokenTexts {
    var result = TokenTexts()
    for index in 0..<texts.count where index == 0 || texts[index] != texts[index - 1] {
      var text: [UInt8] = []
      text.append(texts[index], replacing: settings.padding, by: [])
      if settings.cleansUp {
        let cleaned = EnglishBlanks.removed(from: text[...])
        text = []
        text.append(cleaned, replacing: settings.wordDelimiter, by: [UInt8(ascii: " ")])
      }
      if !text.isEmpty { result.append(text) }
    }
    return result
  }

  /// The bytes of neighbouring tokens are one text.
  private static func byteFallback(_ texts: TokenTexts, _ position: Position) -> TokenTexts {
    var result = TokenTexts()
    var followsByte = false
    for index in 0..<texts.count {
      guard let byte = ByteFallback.byte(spelled: texts[index]) else {
        result.append(texts[index])
        followsByte = false
        continue
      }
      if followsByte && position == .list {
        result.extendLast([byte])
      } else {
        result.append([byte])
      }
      followsByte = true
    }
    return result
  }

  private static func stripped(
    _ text: ArraySlice<UInt8>, of mark: [UInt8], start: Int, stop: Int
  ) -> ArraySlice<UInt8> {
    var text = text
    var taken = 0
    while taken < start, text.starts(with: mark) {
      text = text.dropFirst(mark.count)
      taken += 1
    }
    taken = 0
    while taken < stop, text.count >= mark.count, text.suffix(mark.count).elementsEqual(mark) {
      text = text.dropLast(mark.count)
      taken += 1
    }
    return text
  }

  private static func replaceMatches(
    in texts: TokenTexts, _ matches: MatchReplacement
  ) throws(PatternError) -> TokenTexts {
    let matcher = ReplacementMatcher(matches)
    var result = TokenTexts()
    var replaced = NormalizedText()
    for index in 0..<texts.count where !result.isTooLong {
      let text = texts[index]
      let isUnchanged = try text.withUnsafeBufferPointer { (bytes) throws(PatternError) in
        try matcher.replace(
          in: NormalizationChain.Normal(bytes: bytes, isPadded: false), into: &replaced,
          recordingEdits: false)
      }
      if isUnchanged { result.append(text) } else { result.append(replaced.bytes) }
    }
    return result
  }
}

/// The blanks that decoders of Hugging Face's library take from before English punctuation and
/// contractions (`cleanup` in `decoders/wordpiece.rs`).
enum EnglishBlanks {
  /// Each is replaced everywhere before the next is looked for.
  private static let rules: [(searched: [UInt8], replacement: [UInt8])] = [
    (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"),
    (" 'm", "'m"), (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
  ].map { (Array($0.utf8), Array($1.utf8)) }

  static func removed(from text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard hasSearched(text) else { return text }
    var text = text
    for (searched, replacement) in rules {
      var cleaned: [UInt8] = []
      cleaned.append(text, replacing: searched, by: replacement)
      text = cleaned[...]
    }
    return text
  }

  /// Whether a blank stands where a rule could begin; in most tokens none does.
  private static func hasSearched(_ text: ArraySlice<UInt8>) -> Bool {
    var follows = false
    for byte in text {
      if follows {
        switch byte {
        case UInt8(ascii: "."), UInt8(ascii: "?"), UInt8(ascii: "!"), UInt8(ascii: ","),
          UInt8(ascii: "'"), UInt8(ascii: "n"), UInt8(ascii: "d"):
          return true
        default: break
        }
      }
      follows = byte == UInt8(ascii: " ")
    }
    return false
  }
}
