/// A part of the text of a token, on its way through a decoder that gets one token after the other.
struct TextPart: Sendable {
  var bytes: [UInt8]
  /// Whether nothing follows in the same text.
  var ends: Bool
}

/// A step of a decoder that is fed bit by bit and passes on what no later token can change: in the end
/// all that `DecodingChain` gives for all texts at once.
///
/// Texts that end are given to the same code. Only texts that go on, which joined tokens and bytes make,
/// need care: strips and plain replacements hold back the few bytes that what follows could change,
/// the others the whole text.
struct DecodingStage: Sendable {
  private let step: DecodingChain.Step
  /// Bytes of the present text that were not passed on.
  private var held: [UInt8] = []
  /// Texts that have ended.
  private var count = 0
  /// The text before, where the next one decides what becomes of it.
  private var previous: [UInt8]?
  /// Whether a byte was passed on whose text other bytes may go on.
  private var isAmongBytes = false
  /// Marks that went from the start of the present text.
  private var taken = 0

  init(_ step: DecodingChain.Step) { self.step = step }

  mutating func take(
    _ part: TextPart, into output: inout [TextPart]
  ) throws(PatternError) {
    defer { if part.ends { (count, taken) = (count + 1, 0) } }
    switch step.kind {
    case .fuse: return output.append(TextPart(bytes: part.bytes, ends: false))
    case .replace(.text(let searched), let replacement):
      return replace(part, searched, by: replacement, into: &output)
    case .metaspace(let settings):
      var mark: [UInt8] = []
      UTF8Decoding.append(settings.replacement, to: &mark)
      let isDropped = count == 0 && settings.prependScheme != .never
      return replace(part, mark, by: isDropped ? [] : [UInt8(ascii: " ")], into: &output)
    case .strip(let character, let start, let stop):
      var mark: [UInt8] = []
      UTF8Decoding.append(character, to: &mark)
      return strip(part, mark, start: start, stop: stop, into: &output)
    default: break
    }
    held += part.bytes
    if !part.ends { return }
    defer { held.removeAll(keepingCapacity: true) }
    switch step.kind {
    case .byteLevel:
      output.append(TextPart(bytes: try applied(to: held), ends: false))
    case .bpe(let suffix):
      if let previous {
        var bytes: [UInt8] = []
        bytes.append(previous[...], replacing: suffix, by: [UInt8(ascii: " ")])
        output.append(TextPart(bytes: bytes, ends: true))
      }
      previous = held
    case .ctc:
      // What repeats the text before goes; what is left of the others may be nothing, which goes, too.
      let bytes = held == previous ? [] : try applied(to: held)
      if !bytes.isEmpty { output.append(TextPart(bytes: bytes, ends: true)) }
      previous = held
    case .byteFallback:
      if let byte = ByteFallback.byte(spelled: held) {
        output.append(TextPart(bytes: [byte], ends: false))
        isAmongBytes = true
      } else {
        endBytes(into: &output)
        output.append(TextPart(bytes: held, ends: true))
      }
    default: output.append(TextPart(bytes: try applied(to: held), ends: true))
    }
  }

  /// Nothing comes any more.
  mutating func finish(into output: inout [TextPart]) throws(PatternError) {
    switch step.kind {
    case .fuse, .byteLevel: output.append(TextPart(bytes: [], ends: true))
    case .byteFallback: endBytes(into: &output)
    case .bpe(let suffix):
      guard let previous else { return }
      var bytes: [UInt8] = []
      bytes.append(previous[...], replacing: suffix, by: [])
      output.append(TextPart(bytes: bytes, ends: true))
    default: break
    }
  }

  /// What the step makes of a whole text.
  private func applied(to text: [UInt8]) throws(PatternError) -> [UInt8] {
    try DecodingChain.apply(
      step, to: TokenTexts(joined: text), count == 0 ? .first : .later
    ).bytes
  }

  private mutating func endBytes(into output: inout [TextPart]) {
    if isAmongBytes { output.append(TextPart(bytes: [], ends: true)) }
    isAmongBytes = false
  }

  /// Holds back what may be the start of the searched text.
  private mutating func replace(
    _ part: TextPart, _ searched: [UInt8], by replacement: [UInt8], into output: inout [TextPart]
  ) {
    held += part.bytes
    var end = held.count
    if !part.ends {
      let longest = min(max(searched.count, 1) - 1, held.count)
      for length in stride(from: longest, to: 0, by: -1)
      where searched.starts(with: held.suffix(length)) {
        end = startOfLast(length, searched)
        break
      }
    }
    var bytes: [UInt8] = []
    if searched.isEmpty && !part.ends {
      // The empty text behind the last character is not there yet.
      for byte in held[..<end] {
        if byte & 0xC0 != 0x80 { bytes += replacement }
        bytes.append(byte)
      }
    } else {
      bytes.append(held[..<end], replacing: searched, by: replacement)
    }
    held.removeFirst(end)
    output.append(TextPart(bytes: bytes, ends: part.ends))
  }

  /// Where an occurrence could begin that is cut by the end: not inside one that is whole.
  private func startOfLast(_ length: Int, _ searched: [UInt8]) -> Int {
    var place = 0
    while place + searched.count <= held.count {
      place += held[place...].starts(with: searched) ? searched.count : 1
    }
    return max(place, held.count - length)
  }

  /// Holds back what may be the start of a mark, and as many marks as may go from the end.
  private mutating func strip(
    _ part: TextPart, _ mark: [UInt8], start: Int, stop: Int, into output: inout [TextPart]
  ) {
    held += part.bytes
    while taken < start, held.starts(with: mark) {
      held.removeFirst(mark.count)
      taken += 1
    }
    var end = held.count
    if part.ends {
      var left = stop
      while left > 0, end >= mark.count, held[..<end].suffix(mark.count).elementsEqual(mark) {
        end -= mark.count
        left -= 1
      }
    } else {
      let longest = min(mark.count - 1, held.count)
      for length in stride(from: longest, to: 0, by: -1)
      where mark.starts(with: held.suffix(length)) {
        end -= length
        break
      }
      var left = stop
      while left > 0, end >= mark.count, held[..<end].suffix(mark.count).elementsEqual(mark) {
        end -= mark.count
        left -= 1
      }
    }
    // Anything else ends the search for marks at the start.
    if end > 0 { taken = start }
    output.append(TextPart(bytes: Array(held[..<end]), ends: part.ends))
    held.removeFirst(part.ends ? held.count : end)
  }
}
