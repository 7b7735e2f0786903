import Primitives
import Tokenization
import TokenizerTraining

/// Where the documents of a source stand in it, and whether they are UTF-8 as the options ask.
struct DocumentPlace {
  private let source: Corpus
  /// Bytes that end a document.
  private let boundaryLength: Int
  /// Number of the last document, from 1.
  private(set) var number = 0
  /// Byte of the source where the last document begins; that of its own text in JSONL.
  private(set) var offset = 0
  private var nextOffset = 0

  init(_ source: Corpus) {
    self.source = source
    switch source.options.documents {
    case .file, .line: boundaryLength = 1
    case .separator(let text): boundaryLength = text.count
    }
  }

  /// The document as messages name it.
  var name: String {
    source.options.documents == .file && !source.isJSONL
      ? source.sourceName : "\(source.sourceName):\(number)"
  }

  /// The next document, repaired if that is asked for.
  mutating func checked(_ batch: DocumentBatch, _ index: Int) throws(Failure) -> [UInt8] {
    let range = batch.range(of: index)
    number += 1
    if !source.isJSONL {
      offset = nextOffset
      nextOffset += range.count + boundaryLength
    }
    let bytes = Array(batch.bytes[range])
    guard source.options.invalidUTF8 != .bytes,
      let invalid = bytes.firstInvalidOffset
    else { return bytes }
    if source.options.invalidUTF8 == .error {
      throw Failure(
        CorpusError.invalidUTF8(
          path: source.sourceName, line: number, byteOffset: offset + invalid))
    }
    return bytes.repaired
  }
}

/// Whether the pieces of a source are UTF-8 as the options ask.
struct PieceCheck {
  private let source: Corpus
  /// A character that the last piece cut.
  private var cut: [UInt8] = []
  private var offset = 0
  private var line = 1

  init(_ source: Corpus) { self.source = source }

  /// What the piece adds to the text.
  mutating func checked(_ piece: [UInt8], isLast: Bool) throws(Failure) -> [UInt8] {
    if source.options.invalidUTF8 == .bytes { return piece }
    var bytes = cut + piece
    cut = []
    if !isLast {
      let rest = bytes.suffix(4)
      if let lead = rest.lastIndex(where: { $0 & 0xC0 != 0x80 }), bytes[lead] >= 0xC2 {
        cut = Array(bytes[lead...])
        bytes.removeLast(cut.count)
      }
    }
    if let invalid = bytes.firstInvalidOffset {
      if source.options.invalidUTF8 == .error {
        let lineFeeds = bytes[..<invalid].count { $0 == UInt8(ascii: "\n") }
        throw Failure(
          CorpusError.invalidUTF8(
            path: source.sourceName, line: line + lineFeeds, byteOffset: offset + invalid))
      }
      return bytes.repaired
    }
    offset += bytes.count
    line += bytes.count { $0 == UInt8(ascii: "\n") }
    return bytes
  }
}

extension [UInt8] {
  fileprivate var firstInvalidOffset: Int? {
    withUnsafeBufferPointer { bytes in
      bytes.baseAddress.flatMap { UTF8Validation.firstInvalidOffset(in: $0, count: bytes.count) }
    }
  }

  fileprivate var repaired: [UInt8] {
    var repaired: [UInt8] = []
    withUnsafeBufferPointer { bytes in
      if let start = bytes.baseAddress {
        _ = UTF8Validation.repair(start, count: bytes.count, appendingTo: &repaired)
      }
    }
    return repaired
  }
}
