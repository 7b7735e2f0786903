/// Normalizes texts as SentencePiece does (normalizer.cc, `Normalizer::Normalize`).
///
/// A text falls into units: a symbol that stays as it is, else what the longest rule replaces, else
/// one character; a byte of no character is a unit that becomes U+FFFD. Spaces are handled unit by unit: those that a unit begins
/// with are dropped if the unit before it that left anything ended in one.
public final class SentencePieceNormalizer: Sendable {
  private typealias Number = CharsmapTable.Number
  private typealias Entry = CharsmapTable.Entry

  let table: CharsmapTable
  let symbols: RawSymbols?
  let options: SentencePieceNormalization
  /// Whether spaces need any handling.
  private let handlesSpaces: Bool
  /// What becomes of a space, as a word of `spaceLength` bytes.
  private let space: UInt64
  private let spaceLength: Int

  /// - Throws: `CharsmapError.unicodeData`, `.unusableSymbol`.
  /// - Complexity: some milliseconds for the rules of NFKC, and as said there for a name.
  public init(_ normalization: SentencePieceNormalization) throws(CharsmapError) {
    options = normalization
    handlesSpaces = options.removesExtraSpaces || options.escapesSpaces
    symbols = try RawSymbols(normalization.rawSymbols)
    if case .named(let name) = normalization.rules, symbols == nil {
      table = try name.table(marksSpaces: handlesSpaces)
    } else {
      table = CharsmapTable(
        try normalization.rules.charsmap(), marksSpaces: handlesSpaces,
        opaque: symbols?.firsts ?? [])
    }
    space = options.escapesSpaces ? UInt64(0x81_96E2).littleEndian : UInt64(0x20).littleEndian
    spaceLength = options.escapesSpaces ? 3 : 1
  }

  /// Where the walk through a text stands.
  private struct Place {
    /// The next unit.
    var position: UnsafePointer<UInt8>
    /// End of what the output holds.
    var copied: UnsafePointer<UInt8>
    /// Since here all units are characters that stay as they are: a rule may begin at the last.
    var plain: UnsafePointer<UInt8>
    /// Behind the last unit that left anything, if that ended in a space that swallows others.
    var spaceEnd: UnsafePointer<UInt8>
  }

  /// Normalizes `count` bytes of a document to `output`, unless they stay as they are.
  ///
  /// A document may come in pieces: see `allowsCut`. Spaces that are removed from its ends belong to no
  /// source range.
  /// - Returns: true if it stays as it is; `output` is empty then.
  /// - Complexity: O(`count`) times the length of the longest rule, which a text reaches only where
  ///   it repeats the beginning of that rule.
  public func normalize(
    _ text: UnsafePointer<UInt8>, count: Int, startsDocument: Bool = true,
    endsDocument: Bool = true, into output: inout NormalizedText, recordingEdits: Bool
  ) -> Bool {
    output.removeAll()
    guard count > 0 else { return true }
    let hasDummy = options.addsDummyPrefix && !options.putsSpacesBehindWords && startsDocument
    let endsInDummy = options.addsDummyPrefix && options.putsSpacesBehindWords && endsDocument
    let end = text + count
    var place = Place(position: text, copied: text, plain: text, spaceEnd: end + 1)
    if options.removesExtraSpaces && startsDocument {
      let start = skipSpaces(from: text, to: end)
      output.sourceStart = start - text
      place = Place(position: start, copied: start, plain: start, spaceEnd: start)
      if start == end { return false }
    }
    if hasDummy {
      appendDummy(to: &output, recordingEdits)
    }
    walk(&place, to: end, into: &output, recordingEdits)
    let isCopy = place.copied == text && output.count == 0
    output.append(from: place.copied, to: end, readableTo: end)
    if options.removesExtraSpaces && endsDocument {
      output.removeAll(atEnd: options.escapesSpaces ? BlankMark.text : [0x20])
    }
    if endsInDummy {
      appendDummy(to: &output, recordingEdits)
    }
    if isCopy && output.count == count && !endsInDummy {
      output.removeAll()
      return true
    }
    output.pad()
    return false
  }

  /// Whether a document may be cut between two of its characters: none is touched by a rule, or is a
  /// space.
  public func allowsCut(
    between last: UnsafeBufferPointer<UInt8>, and first: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    // A space that is there already goes from the end of a document, too.
    let isSpace =
      first.elementsEqual(BlankMark.text) || last.elementsEqual(BlankMark.text)
    return symbols == nil && !isSpace && table.isPlain(last) && table.isPlain(first)
  }

  /// The end of the units at the start that are nothing but one space each.
  private func skipSpaces(
    from start: UnsafePointer<UInt8>, to end: UnsafePointer<UInt8>
  ) -> UnsafePointer<UInt8> {
    var position = start
    while position < end {
      let (length, number) = table.unit(at: position, to: end)
      if number == Number.space {
        position += length
      } else if number == Number.unknown || number == Number.unknownJoining {
        let unit = unit(at: position, to: end)
        guard unit.result.count == 1 && unit.result[0] == 0x20 else { break }
        position += unit.length
      } else {
        break
      }
    }
    return position
  }

  private func appendDummy(to output: inout NormalizedText, _ recordingEdits: Bool) {
    output.append(space, 0, length: spaceLength)
    if recordingEdits { record(old: 0, new: spaceLength, in: &output) }
  }

  private func walk(
    _ start: inout Place, to end: UnsafePointer<UInt8>, into output: inout NormalizedText,
    _ recordingEdits: Bool
  ) {
    let table = table
    var place = start
    while place.position < end {
      if place.position.pointee < 0x80 {
        place.position = table.ascii.firstMember(from: place.position, to: end)
        if place.position == end { break }
      }
      let (length, number) = table.unit(at: place.position, to: end)
      if number == Number.plain {
        place.position += length
        continue
      }
      if number == Number.space {
        if !options.escapesSpaces && place.position != place.spaceEnd
          && place.position.pointee == 0x20
        {
          place.position += 1
        } else {
          output.append(from: place.copied, to: place.position, readableTo: end)
          if place.position != place.spaceEnd {
            output.append(space, 0, length: spaceLength)
            if recordingEdits {
              record(old: length, new: spaceLength, in: &output)
            }
          } else if recordingEdits {
            record(old: length, new: 0, in: &output)
          }
          place.position += length
          place.copied = place.position
        }
        place.plain = place.position
        if options.removesExtraSpaces { place.spaceEnd = place.position }
        continue
      }
      let entry = table.entries[Int(number)]
      if entry.flags == Entry.replaces {
        output.append(from: place.copied, to: place.position, readableTo: end)
        output.append(entry.low.littleEndian, entry.high.littleEndian, length: entry.length)
        if recordingEdits { record(old: length, new: entry.length, in: &output) }
        let next = place.position + length
        if entry.length == 0 && place.spaceEnd == place.position { place.spaceEnd = next }
        place.position = next
        place.copied = next
        place.plain = next
        continue
      }
      place = pass(place, length: length, number, to: end, into: &output, recordingEdits)
    }
    start = place
  }

  /// Passes a unit that the table alone does not decide.
  @inline(never)
  private func pass(
    _ start: Place, length: Int, _ number: UInt16, to end: UnsafePointer<UInt8>,
    into output: inout NormalizedText, _ recordingEdits: Bool
  ) -> Place {
    var place = start
    let joins =
      number == Number.unknownJoining || table.entries[Int(number)].flags & Entry.joins != 0
    var unit: Unit?
    if joins && place.position > place.plain {
      // The character before stays as it is unless a rule takes it together with this one.
      var before = place.position - 1
      while before > place.plain && before.pointee & 0xC0 == 0x80 { before -= 1 }
      if let match = table.rules?.trie.longestMatch(at: before, to: end),
        match.length > place.position - before
      {
        place.position = before
        unit = ruled(by: match)
      }
    }
    let found = unit ?? self.unit(at: place.position, to: end)
    if found.isPlain {
      place.position += found.length
      return place
    }
    output.append(from: place.copied, to: place.position, readableTo: end)
    let next = place.position + found.length
    var result = found.result
    if place.position == place.spaceEnd {
      result = result.extracting((result.firstIndex { $0 != 0x20 } ?? result.count)...)
    }
    let written = append(result, to: &output)
    if let last = result.last {
      if last == 0x20 && options.removesExtraSpaces { place.spaceEnd = next }
    } else if place.position == place.spaceEnd {
      place.spaceEnd = next
    }
    if recordingEdits { record(old: found.length, new: written, in: &output) }
    place.position = next
    place.copied = next
    place.plain = next
    return place
  }

  private struct Unit {
    /// Bytes of the source.
    let length: Int
    let result: UnsafeBufferPointer<UInt8>
    /// Whether the unit is a character that stays as it is.
    var isPlain = false
  }

  private static let replacementCharacter: StaticString = "\u{FFFD}"

  private func unit(at text: UnsafePointer<UInt8>, to end: UnsafePointer<UInt8>) -> Unit {
    if let length = symbols?.length(at: text, to: end) {
      return Unit(length: length, result: UnsafeBufferPointer(start: text, count: length))
    }
    if let match = table.rules?.trie.longestMatch(at: text, to: end) { return ruled(by: match) }
    guard let scalar = UTF8Decoding.scalar(at: text, readable: end - text) else {
      let result = Self.replacementCharacter
      return Unit(
        length: 1,
        result: UnsafeBufferPointer(start: result.utf8Start, count: result.utf8CodeUnitCount))
    }
    return Unit(
      length: scalar.length, result: UnsafeBufferPointer(start: text, count: scalar.length),
      isPlain: !(handlesSpaces && scalar.value == 0x20))
  }

  private func ruled(by match: DoubleArray.Match) -> Unit {
    Unit(
      length: match.length,
      result: table.rules?.replacement(match.value) ?? UnsafeBufferPointer(start: nil, count: 0))
  }

  /// Appends what a unit gives, its spaces as they shall be; returns the bytes written.
  private func append(
    _ result: UnsafeBufferPointer<UInt8>, to output: inout NormalizedText
  ) -> Int {
    guard var start = result.baseAddress else { return 0 }
    let before = output.count
    let end = start + result.count
    while start < end {
      if start.pointee == 0x20 {
        output.append(space, 0, length: spaceLength)
        start += 1
      } else {
        let next = UnsafeBufferPointer(start: start, count: end - start).firstIndex(of: 0x20)
        let stop = start + (next ?? end - start)
        output.append(from: start, to: stop, readableTo: end)
        start = stop
      }
    }
    return output.count - before
  }

  private func record(old: Int, new: Int, in output: inout NormalizedText) {
    output.recordEdit(old: old, new: new, samePrefix: 0, sameSuffix: 0)
  }
}
