/// Applies a charsmap as Hugging Face's `Precompiled` does, which is not as SentencePiece does
/// (precompiled.rs of tokenizers; spm_precompiled).
///
/// Text falls into what a reader takes for one character. One of fewer than six bytes that begins with
/// something a rule replaces becomes what the *shortest* such rule gives, all of it: marks that follow
/// are lost. In longer ones, and where no rule matched, each code point becomes what its own rule
/// gives, so that decomposed kana and jamo stay as they are.
public final class PrecompiledNormalizer: Sendable {
  /// Bytes from which on a character is replaced code point by code point.
  private static let longCharacter = 6

  private let table: CharsmapTable
  /// Not needed before a text has something that the rules touch.
  private var breaks: GraphemeBreaks { .shared }

  public init(_ charsmap: Charsmap) {
    table = CharsmapTable(charsmap, marksSpaces: false)
  }

  /// Normalizes `count` bytes to `output`, unless they stay as they are. Bytes that are not UTF-8
  /// pass.
  ///
  /// - Returns: true if the text stays as it is; `output` is empty then.
  /// - Complexity: O(`count`).
  public func normalize(
    _ text: UnsafePointer<UInt8>, count: Int, into output: inout NormalizedText,
    recordingEdits: Bool
  ) -> Bool {
    output.removeAll()
    let end = text + count
    var copied = text
    // A border between characters.
    var border = text
    var position = text
    while position < end {
      if position.pointee < 0x80 {
        position = table.ascii.firstMember(from: position, to: end)
        if position == end { break }
      }
      let (length, number) = table.unit(at: position, to: end)
      if number == CharsmapTable.Number.plain || number == CharsmapTable.Number.illFormed {
        position += length
        continue
      }
      let character = character(around: position, length: length, from: border, to: end)
      var source = position..<position + length
      var match: DoubleArray.Match?
      if let character {
        border = character.lowerBound
        match = shortestMatch(character)
        if match != nil { source = character }
      }
      if match == nil { match = shortestMatch(source) }
      if let match, let rules = table.rules {
        output.append(from: copied, to: source.lowerBound, readableTo: end)
        let result = rules.replacement(match.value)
        if let start = result.baseAddress {
          output.append(from: start, to: start + result.count, readableTo: start + result.count)
        }
        if recordingEdits {
          output.recordEdit(
            old: source.upperBound - source.lowerBound, new: result.count, samePrefix: 0,
            sameSuffix: 0)
        }
        copied = source.upperBound
      }
      position = source.upperBound
    }
    if copied == text { return true }
    output.append(from: copied, to: end, readableTo: end)
    output.pad()
    return false
  }

  /// Whether a document may be cut between two of its characters: no rule touches them, and a reader
  /// takes them for two.
  public func allowsCut(
    between last: UnsafeBufferPointer<UInt8>, and first: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    // Characters of ASCII that are no controls never join what precedes them.
    guard table.isPlain(last), table.isPlain(first), let start = first.baseAddress else {
      return false
    }
    return start[0] >= 0x20 && start[0] < 0x7F && !breaks.isPrefix(last)
  }

  private func shortestMatch(_ text: Range<UnsafePointer<UInt8>>) -> DoubleArray.Match? {
    table.rules?.trie.shortestMatch(at: text.lowerBound, to: text.upperBound)
  }

  /// What a reader takes for one character, around the code point at `position`; nil if it is long.
  private func character(
    around position: UnsafePointer<UInt8>, length: Int, from border: UnsafePointer<UInt8>,
    to end: UnsafePointer<UInt8>
  ) -> Range<UnsafePointer<UInt8>>? {
    var start = position
    while !breaks.hasBreak(before: start, from: border, to: end) {
      start = GraphemeBreaks.character(before: start, from: border)
      if position + length - start >= Self.longCharacter { return nil }
    }
    var next = position + length
    while next < end && !breaks.hasBreak(before: next, from: start, to: end) {
      next += UTF8Decoding.scalar(at: next, readable: end - next)?.length ?? 1
      if next - start >= Self.longCharacter { return nil }
    }
    return start..<next
  }
}
