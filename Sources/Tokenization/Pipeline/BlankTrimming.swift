/// Takes blanks at the ends of tokens out of their offsets (`process_offsets` in
/// `pre_tokenizers/byte_level.rs` of Hugging Face's library, 0.23).
///
/// The blanks of a token are counted, and as many characters of the source are taken away, whether they
/// are blanks or not: the source of a blank that was put before a text is its first character.
struct BlankTrimming {
  /// By token of the whole text, without blanks at both ends, and without those behind it.
  private var trimmed: [Range<Int>] = []
  private var trimmedBehind: [Range<Int>] = []
  /// Whether a token begins with one blank, which may have been put there.
  private var hasOneBlank: [Bool] = []
  /// Whether one is put at the start of a text.
  private let addsPrefixSpace: Bool

  /// - Parameters:
  ///   - text: the ids of a text, and where they stand in its bytes.
  ///   - found: which of them are special tokens of the text: they have the blanks that they took along.
  init(
    of text: Encoding, found: [Int], in source: UnsafeBufferPointer<UInt8>,
    _ tokenizer: Tokenizer, _ unit: OffsetUnit, addsPrefixSpace: Bool
  ) {
    self.addsPrefixSpace = addsPrefixSpace
    var (converter, behindConverter) = (
      OffsetConverter(source, unit), OffsetConverter(source, unit)
    )
    var rest = found[...]
    for (index, id) in text.ids.enumerated() {
      let range = text.offsets[index]
      let blanks: (before: Int, behind: Int)
      if rest.first == index {
        rest.removeFirst()
        blanks = Self.blanks(of: source[range])
      } else if let token = tokenizer.bytes(of: id) {
        blanks =
          tokenizer.model.holdsBytes ? Self.blankBytes(of: token) : Self.blanks(of: token)
      } else {
        blanks = (0, 0)
      }
      let lower = source.place(from: range.lowerBound, movedBy: blanks.before) ?? range.upperBound
      let upper =
        source.place(from: range.upperBound, movedBy: -blanks.behind) ?? range.upperBound
      let start = min(lower, range.upperBound)
      trimmed.append(converter.converted(start..<max(upper, start)))
      trimmedBehind.append(
        behindConverter.converted(range.lowerBound..<max(upper, range.lowerBound)))
      hasOneBlank.append(blanks.before == 1)
    }
  }

  /// - Parameters:
  ///   - piece: a part of the text.
  ///   - start: the place of its first token in the text.
  func trim(_ piece: inout Encoding, from start: Int) {
    for index in piece.offsets.indices {
      let isPutThere =
        addsPrefixSpace && hasOneBlank[start + index]
        && (index == 0 || piece.offsets[index].lowerBound == 0)
      piece.offsets[index] = (isPutThere ? trimmedBehind : trimmed)[start + index]
    }
  }

  /// Of white space, none but the blank is spelled as such in the byte alphabet.
  private static func blankBytes(of token: ArraySlice<UInt8>) -> (before: Int, behind: Int) {
    (token.prefix { $0 == 0x20 }.count, token.reversed().prefix { $0 == 0x20 }.count)
  }

  /// U+0120 is the blank of the byte alphabet.
  private static func blanks(of token: some Sequence<UInt8>) -> (before: Int, behind: Int) {
    let scalars = String(decoding: Array(token), as: UTF8.self).unicodeScalars
    let isBlank = { (scalar: Unicode.Scalar) in
      scalar == "\u{120}" || scalar.properties.isWhitespace
    }
    return (scalars.prefix(while: isBlank).count, scalars.reversed().prefix(while: isBlank).count)
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// The place so many characters behind another, before it if negative; `nil` if there are not so many.
  fileprivate func place(from place: Int, movedBy characters: Int) -> Int? {
    var place = place
    for _ in 0..<abs(characters) {
      if characters > 0 {
        guard place < count else { return nil }
        place += TextScalars.scalar(at: place, in: self).map(UTF8.width) ?? 1
      } else {
        guard place > 0 else { return nil }
        place -= TextScalars.scalar(before: place, in: self).map(UTF8.width) ?? 1
      }
    }
    return place
  }
}
