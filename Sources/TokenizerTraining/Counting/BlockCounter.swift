import Primitives
import Tokenization

/// Counts blocks of sources: judges their UTF-8, finds the documents in them. One per thread.
final class BlockCounter {
  let documents: any DocumentCounter
  private let options: CorpusOptions
  private let joinsLines: Bool
  private let separators: Needles
  private let specialTokens: Needles
  private let records: RecordReader?
  private let sample: SampleStep
  /// What is left out before a sample is drawn.
  private let sentences: SentenceRules?
  /// Number of the source whose block is counted.
  private(set) var source = 0
  private let repaired = TextBuffer(capacity: 0)
  /// What is told besides words, where somebody asked.
  var survey: CorpusSurvey?
  /// Documents, ill-formed sequences, special tokens and sampled documents of the blocks since `finish`.
  private var summary = CorpusSummary()

  init(
    _ documents: any DocumentCounter, options: CorpusOptions, joinsLines: Bool,
    sentences: SentenceRules?, specialTokens: Needles, readsJSONL: Bool, sample: SampleStep,
    surveys: Bool = false
  ) {
    survey = surveys ? CorpusSurvey() : nil
    self.documents = documents
    self.options = options
    self.joinsLines = joinsLines
    self.sentences = sentences
    self.sample = sample
    self.specialTokens = specialTokens
    if case .separator(let text) = options.documents {
      separators = Needles([text])
    } else {
      separators = Needles([])
    }
    records = readsJSONL ? RecordReader(field: options.jsonlField ?? ["text"]) : nil
  }

  /// - Parameter source: number of the block's source in the corpus.
  func count(_ block: TextBlock, of source: Int, isJSONL: Bool) throws(BlockFailure) {
    var block = block
    self.source = source
    if survey != nil { noteLines(of: block) }
    try judgeUTF8(&block)
    if isJSONL { return try countRecords(block) }
    do throws(BlockFailure) {
      try countText(block)
    } catch {
      if case .pattern(let offset, let error) = error {
        throw .pattern(offset: block.origin + offset, error.moved(by: block.origin))
      }
      throw error
    }
  }

  /// Counts what still waits; tells what was met since it told last.
  func finish() throws(CorpusError) -> CorpusSummary {
    try documents.finish()
    var summary = summary
    summary.skippedSentences.add(documents.takeSkipped())
    summary.preTokens += documents.words.takeOccurrences()
    self.summary = CorpusSummary()
    return summary
  }

  /// Applies the policy for bytes that are not UTF-8; under `.replace` the block moves into a
  /// buffer of its own.
  private func judgeUTF8(_ block: inout TextBlock) throws(BlockFailure) {
    let text = block.buffer.bytes
    if block.startsSource, options.invalidUTF8 != .bytes, block.upper - block.lower >= 2,
      (text[0] == 0xFF && text[1] == 0xFE) || (text[0] == 0xFE && text[1] == 0xFF)
    {
      throw .utf16
    }
    guard
      let offset = UTF8Validation.firstInvalidOffset(
        in: text + block.lower, count: block.upper - block.lower)
    else { return }
    if options.invalidUTF8 == .error {
      throw .invalidUTF8(offset: block.origin + block.lower + offset)
    }
    survey?.note(
      illFormed: CorpusSurvey.Place(source: source, offset: block.origin + block.lower + offset))
    var text8: [UInt8] = []
    summary.illFormedSequences += UTF8Validation.repair(
      text + block.lower, count: block.upper - block.lower, appendingTo: &text8)
    guard options.invalidUTF8 == .replace else { return }
    repaired.count = 0
    repaired.append(text, count: block.lower)
    text8.withUnsafeBufferPointer { bytes in
      if let base = bytes.baseAddress { repaired.append(base, count: bytes.count) }
    }
    repaired.append(text + block.upper, count: block.buffer.count - block.upper)
    block.upper = block.lower + text8.count
    block.buffer = repaired
  }

  private func countText(_ block: TextBlock) throws(BlockFailure) {
    let text = block.buffer.bytes
    switch options.documents {
    case .file:
      if block.startsSource { summary.documents += 1 }
      guard
        takes(
          text + block.lower, count: block.upper - block.lower, at: 0,
          beginsDocument: block.startsSource)
      else { return }
    case .line:
      if !joinsLines { return try countLines(block) }
      summary.documents += LineFeeds.count(in: text, from: block.lower, to: block.upper)
      if block.endsSource, block.upper > block.lower,
        text[block.upper - 1] != UInt8(ascii: "\n")
      {
        summary.documents += 1
      }
    case .separator:
      var lower = block.lower
      while lower < block.upper {
        let found = separators.next(in: text, from: lower, to: block.upper)
        let upper = found?.lowerBound ?? block.upper
        try countDocument(
          text, readable: block.buffer.count, from: lower, to: upper, at: block.origin + lower)
        lower = found?.upperBound ?? block.upper
      }
      return
    }
    try countBetweenSpecialTokens(
      text, readable: block.buffer.count, from: block.lower, to: block.upper,
      startsDocument: block.startsSource, endsDocument: block.endsSource,
      at: block.origin + block.lower)
  }

  /// Counts each line by itself.
  private func countLines(_ block: TextBlock) throws(BlockFailure) {
    let text = block.buffer.bytes
    var lower = block.lower
    while lower < block.upper {
      let upper = LineFeeds.next(in: text, from: lower, to: block.upper).map { $0 + 1 }
      // A line is a sentence without its line feed.
      let end = upper.map { sentences == nil ? $0 : $0 - 1 }
      try countDocument(
        text, readable: block.buffer.count, from: lower, to: end ?? block.upper,
        at: block.origin + lower)
      lower = upper ?? block.upper
    }
  }

  private func countRecords(_ block: TextBlock) throws(BlockFailure) {
    guard let records else { return }
    var lower = block.lower
    let text = block.buffer.bytes
    while lower < block.upper {
      let upper = LineFeeds.next(in: text, from: lower, to: block.upper) ?? block.upper
      switch records.text(of: text + lower, count: upper - lower) {
      case .text(let buffer):
        do throws(BlockFailure) {
          try countDocument(
            buffer.bytes, readable: buffer.count, from: 0, to: buffer.count,
            at: block.origin + lower)
        } catch {
          if case .pattern(_, let error) = error {
            throw .pattern(offset: block.origin + lower, error)
          }
          throw error
        }
      case .blank: break
      case .invalid(let reason): throw .record(offset: block.origin + lower, reason: reason)
      }
      lower = upper + 1
    }
  }

  /// Counts a whole document if it is in the sample; an empty one is none.
  ///
  /// - Parameter offset: of the document in its source.
  private func countDocument(
    _ text: UnsafePointer<UInt8>, readable: Int, from lower: Int, to upper: Int, at offset: Int
  ) throws(BlockFailure) {
    guard lower < upper else { return }
    summary.documents += 1
    guard takes(text + lower, count: upper - lower, at: offset) else { return }
    try countBetweenSpecialTokens(
      text, readable: readable, from: lower, to: upper, startsDocument: true, endsDocument: true,
      at: offset)
  }

  private func countBetweenSpecialTokens(
    _ text: UnsafePointer<UInt8>, readable: Int, from lower: Int, to upper: Int,
    startsDocument: Bool, endsDocument: Bool, at offset: Int
  ) throws(BlockFailure) {
    var from = lower
    var starts = startsDocument
    while let found = specialTokens.next(in: text, from: from, to: upper) {
      summary.specialTokens += 1
      try documents.count(
        text, readable: readable, from: from, to: found.lowerBound, startsDocument: starts,
        endsDocument: true, startsText: startsDocument && from == lower)
      from = found.upperBound
      starts = true
    }
    try documents.count(
      text, readable: readable, from: from, to: upper, startsDocument: starts,
      endsDocument: endsDocument, startsText: startsDocument && from == lower)
    if survey != nil { try noteLongest(text, from: lower, to: upper, at: offset) }
  }

  /// Whether a document is counted, or a part of one; `offset`: where it begins.
  private func takes(
    _ text: UnsafePointer<UInt8>, count: Int, at offset: Int, beginsDocument: Bool = true
  ) -> Bool {
    switch sample {
    case .none: return true
    case .noting(let sample, let tally):
      if sentences?.skip(UnsafeBufferPointer(start: text, count: count)) == nil {
        tally.add(
          sample.number(source: source, offset: offset), documents: beginsDocument ? 1 : 0,
          bytes: count)
      }
      return false
    case .taking(let sample, let end):
      // What is left out anyway is counted where that is done.
      let isSkipped = sentences?.skip(UnsafeBufferPointer(start: text, count: count)) != nil
      if isSkipped { return true }
      var drawn = SampleSummary()
      let takes = end.map { sample.number(source: source, offset: offset) < $0 } ?? true
      if takes {
        drawn.documents = beginsDocument ? 1 : 0
        drawn.bytes = count
      } else {
        drawn.leftOut = beginsDocument ? 1 : 0
      }
      summary.sample.add(drawn)
      return takes
    }
  }
}
