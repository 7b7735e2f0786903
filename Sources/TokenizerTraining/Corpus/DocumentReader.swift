#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The documents of a corpus in order, for whoever wants the texts themselves.
///
/// A line comes without its line feed (a carriage return before it is text), a separated document
/// without its separator, a JSONL record as the text of its field. What stands behind the last
/// line feed or separator is a document unless it is empty. Bytes are not checked. Memory: the
/// longest document, and some 100 KB.
public final class DocumentReader {
  /// Bytes of documents that a batch holds at least, where there are as many.
  private static let batchSize = 1 << 18

  private let documents: DocumentBoundary
  private let records: RecordReader
  private let separator: Needles
  private var sources: ArraySlice<CorpusSource>
  private var open: OpenSource?

  private struct OpenSource {
    let source: CorpusSource
    /// In messages.
    let name: String
    let stream: ByteStream
    let text = TextBuffer(capacity: 1 << 18)
    /// Start of the next document.
    var lower = 0
    /// Bytes from here on have not been searched for an end.
    var searched = 0
    var hasEnded = false
    /// Number of the next line, for messages.
    var line = 1
  }

  public init(_ corpus: Corpus) {
    documents = corpus.options.documents
    sources = corpus.sources[...]
    records = RecordReader(field: corpus.options.jsonlField ?? ["text"])
    if case .separator(let text) = documents {
      separator = Needles([text])
    } else {
      separator = Needles([])
    }
  }

  /// The next documents; `nil` at the end. Where standard input makes the reader wait, the batch
  /// holds what has come so far.
  public func nextBatch() throws(CorpusError) -> DocumentBatch? {
    var batch = DocumentBatch()
    while batch.bytes.count < Self.batchSize {
      if batch.count > 0, inputIsWaiting { return batch }
      if open == nil { open = try openNext() }
      guard var current = open else { break }
      open = nil
      if try takeDocument(from: &current, into: &batch) { open = current }
    }
    return batch.count == 0 ? nil : batch
  }

  /// Whether the next document is not here yet and reading on would wait for somebody to write.
  public var inputIsWaiting: Bool {
    guard let open, open.source.place == .standardInput, !open.hasEnded,
      open.searched + max(0, separator.longest - 1) >= open.text.count
    else { return false }
    var state = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    return poll(&state, 1, 0) == 0
  }

  private func openNext() throws(CorpusError) -> OpenSource? {
    guard let source = sources.popFirst() else { return nil }
    var opened = OpenSource(
      source: source, name: source.displayName, stream: try ByteStream(opening: source.place))
    try fill(&opened)
    let first = (0..<min(4, opened.text.count)).map { opened.text.bytes[$0] }
    if CorpusSource.isUTF16(firstBytes: first) { throw .utf16(path: source.displayName) }
    return opened
  }

  /// Takes one document, or what there is at the end. Returns whether the source goes on.
  private func takeDocument(
    from current: inout OpenSource, into batch: inout DocumentBatch
  ) throws(CorpusError) -> Bool {
    while true {
      if let end = nextEnd(in: &current) {
        try append(current.lower..<end.lowerBound, of: current, to: &batch)
        current.lower = end.upperBound
        current.searched = end.upperBound
        current.line += 1
        return true
      }
      if current.hasEnded {
        let isWholeFile = documents == .file && !current.source.isJSONL
        if isWholeFile || current.lower < current.text.count {
          try append(current.lower..<current.text.count, of: current, to: &batch)
        }
        return false
      }
      try fill(&current)
    }
  }

  /// Where the next document ends and what ends it.
  private func nextEnd(in current: inout OpenSource) -> Range<Int>? {
    let (text, count) = (current.text.bytes, current.text.count)
    if current.source.isJSONL || documents == .line {
      let found = memchr(text + current.searched, 0x0A, count - current.searched)
      current.searched = count
      guard let found else { return nil }
      let place = UnsafeRawPointer(found) - UnsafeRawPointer(text)
      return place..<place + 1
    }
    if let end = separator.next(in: text, from: current.searched, to: count) { return end }
    // A separator may have begun at the end of what is here.
    current.searched = max(current.searched, count - max(0, separator.longest - 1))
    return nil
  }

  private func append(
    _ range: Range<Int>, of current: OpenSource, to batch: inout DocumentBatch
  ) throws(CorpusError) {
    let start = current.text.bytes + range.lowerBound
    let isWhole = documents == .file && !current.source.isJSONL
    let origin = DocumentBatch.Origin(
      source: current.name, number: isWhole ? nil : current.line)
    guard current.source.isJSONL else {
      return batch.append(start, count: range.count, from: origin)
    }
    switch records.text(of: start, count: range.count) {
    case .text(let text): batch.append(text.bytes, count: text.count, from: origin)
    case .blank: break
    case .invalid(let reason):
      throw .invalidRecord(path: current.name, line: current.line, reason: reason)
    }
  }

  /// Reads more, behind what is left of the text.
  private func fill(_ current: inout OpenSource) throws(CorpusError) {
    let text = current.text
    if current.lower > 0 {
      text.removeFirst(current.lower)
      current.searched -= current.lower
      current.lower = 0
    }
    if text.count == text.capacity { text.reserve(2 * text.capacity) }
    let room = UnsafeMutableRawBufferPointer(
      start: text.bytes + text.count, count: text.capacity - text.count)
    let count = try current.stream.read(into: room)
    text.count += count
    if count == 0 { current.hasEnded = true }
  }
}
