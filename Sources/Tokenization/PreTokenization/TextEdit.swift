/// A change of text that a pre-tokenizer makes, piece by piece.
enum TextEdit: Sendable, Hashable {
  /// A blank before a piece that does not begin with one.
  case prefixSpace
  /// Another character for each blank, and one before pieces as the scheme says.
  case metaspace(MetaspaceSettings)
  /// A printable character for each byte.
  case byteAlphabet
}

/// Edits pieces of texts and knows where each byte of the last one comes from. One for each edit
/// and thread.
final class TextEditor {
  private var edited: EditedText
  private var cursor = SourceCursor()

  init(_ edit: TextEdit) { edited = EditedText(edit) }

  /// Whether the last text came through as it was, and there is no other.
  var isIdentity: Bool { edited.isIdentity }

  /// Edits the pieces, and moves them with the text; what stands between them stays. The new text
  /// lives until the next edit.
  func apply(to pieces: inout PieceList, of source: inout Source) {
    cursor = SourceCursor()
    // One access to the whole: each to a part of it would be checked.
    edited.apply(to: &pieces, of: &source)
  }

  /// The bytes of the text before the edit that a range of the one after it stems from.
  func sourceRange(of range: Range<Int>) -> Range<Int> {
    edited.sourceRange(of: range, from: &cursor)
  }

  /// What the pieces lie in after an edit, and what they came from.
  struct Source {
    var bytes: UnsafePointer<UInt8>
    /// Bytes that may be read, those behind the pieces included.
    var readable: Int
    /// Where the document, or what a cut left of it, begins.
    var start: Int
    /// Whether the first piece begins a document, and the last ends one; after a cut each does.
    var startsDocument: Bool
    var endsDocument: Bool
    /// Whether the text, special tokens included, begins at `start`.
    var startsText: Bool
    /// Whether it begins after each line feed too.
    let linesAreDocuments: Bool

    fileprivate func startsText(at place: Int) -> Bool {
      place == start && startsText
        || linesAreDocuments && place > 0 && bytes[place - 1] == UInt8(ascii: "\n")
    }
  }
}

/// The text that an edit makes of another.
private struct EditedText: ~Copyable {
  private let edit: TextEdit
  /// What is put before a piece, and what a piece that begins with it goes without.
  private let prefix: [UInt8]
  private var text = NormalizedText()
  private(set) var isIdentity = true

  init(_ edit: TextEdit) {
    self.edit = edit
    var prefix: [UInt8] = []
    switch edit {
    case .prefixSpace: prefix = [0x20]
    case .metaspace(let settings): UTF8Decoding.append(settings.replacement, to: &prefix)
    case .byteAlphabet: break
    }
    self.prefix = prefix
  }

  mutating func apply(to pieces: inout PieceList, of source: inout TextEditor.Source) {
    text.removeAll()
    let origin = source
    var rest = Rest(start: origin.bytes, limit: origin.bytes + origin.readable)
    pieces.move { (range) in
      let piece = UnsafeBufferPointer(
        start: origin.bytes + range.lowerBound, count: range.count)
      let start = text.count &+ (origin.bytes + range.lowerBound - rest.start)
      if origin.startsDocument,
        wantsPrefix(piece, startsText: origin.startsText(at: range.lowerBound))
      {
        prepend(to: piece, before: &rest)
      }
      replace(in: piece, before: &rest)
      return start..<text.count &+ (origin.bytes + range.upperBound - rest.start)
    }
    isIdentity = text.count == 0 && rest.start == origin.bytes
    if isIdentity { return }
    copy(&rest, to: rest.limit)
    text.pad()
    source.readable = text.count
    text.withBytes { if let base = $0.baseAddress { source.bytes = base } }
  }

  func sourceRange(of range: Range<Int>, from cursor: inout SourceCursor) -> Range<Int> {
    isIdentity ? range : text.sourceRange(of: range, from: &cursor)
  }

  /// What of the source is not in the text yet, and how far it may be read.
  private struct Rest {
    var start: UnsafePointer<UInt8>
    let limit: UnsafePointer<UInt8>
  }

  /// Appends the rest up to `end` as it is.
  private mutating func copy(_ rest: inout Rest, to end: UnsafePointer<UInt8>) {
    text.append(from: rest.start, to: end, readableTo: rest.limit)
    rest.start = end
  }

  private func wantsPrefix(_ piece: UnsafeBufferPointer<UInt8>, startsText: Bool) -> Bool {
    guard let first = piece.first, first != 0x20, !piece.starts(with: prefix) else { return false }
    switch edit {
    case .prefixSpace: return true
    case .metaspace(let settings):
      switch settings.prependScheme {
      case .always: return true
      case .never: return false
      case .first: return startsText
      }
    case .byteAlphabet: return false
    }
  }

  /// The prefix stems from the first character, as in Hugging Face's offsets
  /// (`NormalizedString::prepend`).
  private mutating func prepend(to piece: UnsafeBufferPointer<UInt8>, before rest: inout Rest) {
    guard let start = piece.baseAddress else { return }
    copy(&rest, to: start)
    append(prefix)
    text.recordAddition(of: prefix.count, before: piece)
  }

  private mutating func replace(in piece: UnsafeBufferPointer<UInt8>, before rest: inout Rest) {
    guard let start = piece.baseAddress else { return }
    let end = start + piece.count
    switch edit {
    case .prefixSpace: break
    case .metaspace:
      var at = start
      while at < end {
        if at.pointee == 0x20 {
          copy(&rest, to: at)
          append(prefix)
          text.recordEdit(old: 1, new: prefix.count, samePrefix: 0, sameSuffix: 0)
          rest.start = at + 1
        }
        at += 1
      }
    case .byteAlphabet:
      var at = start
      while at < end {
        let length = UTF8Decoding.scalar(at: at, readable: end - at)?.length ?? 1
        if !(0x21...0x7E).contains(at.pointee) {
          copy(&rest, to: at)
          let spelling = ByteAlphabet.spelling(of: UnsafeBufferPointer(start: at, count: length))
          append(spelling)
          text.recordEdit(old: length, new: spelling.count, samePrefix: 0, sameSuffix: 0)
          rest.start = at + length
        }
        at += length
      }
    }
  }

  private mutating func append(_ bytes: [UInt8]) {
    bytes.withUnsafeBufferPointer {
      guard let base = $0.baseAddress else { return }
      text.append(from: base, to: base + $0.count, readableTo: base + $0.count)
    }
  }
}
