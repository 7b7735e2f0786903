import Primitives
import Tokenization
import TokenizerTraining

/// `toktrain pieces`: where a pattern cuts standard input, one offset in bytes a line; or what a
/// pre-tokenizer makes of it, a piece a line. In no list: the comparison with other libraries runs it.
struct PiecesCommand: Command {
  var pattern = PatternChoice.cl100k
  var patternText: String?
  var dialect = PatternDialect.huggingFace
  var preTokenizer: [UInt8]?
  var isMarked = false
  var sentencePieceCuts: [UInt8]?
  var documents = DocumentBoundary.file
  var threads = 1
  var isQuiet = false

  static var schema: Schema<PiecesCommand> {
    Schema(
      "pieces", "Prints where a pattern cuts standard input.", examples: [], positionals: [],
      options: [
        .value("pattern", \.pattern, .choice("NAME"), "a named pattern (default cl100k)"),
        .optional("pattern-regex", \.patternText, .text("TEXT"), "a regular expression instead"),
        .value("pattern-dialect", \.dialect, .choice("NAME"), "whose regular expression it is"),
        .optional(
          "pre-tokenizer", \.preTokenizer, .utf8("JSON"),
          "a pre_tokenizer of tokenizer.json instead: START END PIECE a line, as JSON, and an "
            + "empty line behind each document"),
        .flag(
          "marked", \.isMarked, "a + behind the ends of matches; no other engine than our own"),
        .optional(
          "sentencepiece-cuts", \.sentencePieceCuts, .utf8("LIST"),
          "the same of SentencePiece's flags: begins or ends, scripts, numbers, digits"),
        .value("documents", \.documents, .documents, "file or line"),
      ] + Option.common)
  }

  func run(on console: Console) throws(Failure) {
    let preTokenizer = try chosen()
    let compiled: CompiledPreTokenizer
    var marked: CompiledPattern?
    do throws(PatternError) {
      if isMarked, case .split(.pattern(let split), _, _) = preTokenizer.steps.first {
        marked = try CompiledPattern(split, linesAreDocuments: documents == .line)
      }
      compiled = try CompiledPreTokenizer(
        preTokenizer, linesAreDocuments: documents == .line,
        keepsBytes: !printsPieces)
    } catch {
      throw Failure(.usage, error.description)
    }
    var options = CorpusOptions()
    // Lines are parts of one text here, as in training.
    options.documents = documents == .line ? .file : documents
    options.invalidUTF8 = .bytes
    let corpus = try Failure.mapping { () throws(CorpusError) in
      try Corpus(inputs: [Array("-".utf8)], options: options)
    }
    let reader = DocumentReader(corpus)
    var output: [UInt8] = []
    while let batch = try Failure.mapping({ () throws(CorpusError) in try reader.nextBatch() }) {
      for index in 0..<batch.count {
        if let marked {
          Self.append(Array(batch.bytes[batch.range(of: index)]), markedBy: marked, to: &output)
          continue
        }
        do throws(PatternError) {
          try append(Array(batch.bytes[batch.range(of: index)]), by: compiled, to: &output)
        } catch {
          throw Failure(.badData, error.description)
        }
        if printsPieces { output.append(UInt8(ascii: "\n")) }
      }
    }
    try console.write(output)
  }

  private var printsPieces: Bool { preTokenizer != nil || sentencePieceCuts != nil }

  private func chosen() throws(Failure) -> PreTokenizer {
    if let list = sentencePieceCuts {
      let flags = list.split(separator: UInt8(ascii: ",")).map {
        String(decoding: $0, as: UTF8.self)
      }
      let whitespace = SentencePieceCuts.Whitespace.allCases.first { flags.contains($0.rawValue) }
      return PreTokenizer([
        .sentencePiece(
          SentencePieceCuts(
            whitespace: whitespace ?? .free, splitsScripts: flags.contains("scripts"),
            splitsNumbers: flags.contains("numbers"), splitsDigits: flags.contains("digits")))
      ])
    }
    guard let preTokenizer else {
      return PreTokenizer(
        patternText.map { SplitPattern($0, dialect: dialect) } ?? pattern.splitPattern)
    }
    do throws(FormatError) {
      return try HuggingFaceTokenizer.readPreTokenizer(preTokenizer)
    } catch {
      throw Failure(.usage, "--pre-tokenizer: \(error)")
    }
  }

  /// What both walks of the automaton find; nothing where they differ.
  private static func append(
    _ text: [UInt8], markedBy pattern: CompiledPattern, to output: inout [UInt8]
  ) {
    let padded = text + [UInt8](repeating: 0, count: PieceCutter.padding)
    let room = text.count + CompiledPattern.spareEnds
    var ends = [UInt32](repeating: 0, count: room)
    var marked = ends
    let count = pattern.pieceEnds(
      of: padded, from: 0, to: text.count, startsDocument: true, endsDocument: true, into: &ends)
    let markedCount = pattern.markedPieceEnds(
      of: padded, from: 0, to: text.count, startsDocument: true, endsDocument: true, into: &marked)
    guard count == markedCount else { return }
    for (end, marked) in zip(ends[..<count], marked) {
      guard marked & ~CompiledPattern.matchMark == end else { return }
      output.appendDecimal(UInt64(end))
      if marked != end { output.append(UInt8(ascii: "+")) }
      output.append(UInt8(ascii: "\n"))
    }
  }

  private func append(
    _ text: [UInt8], by compiled: CompiledPreTokenizer, to output: inout [UInt8]
  ) throws(PatternError) {
    var cutter = PieceCutter(compiled)
    try text.withUnsafeBufferPointer { (text) throws(PatternError) in
      var lower = 0
      while lower < text.count {
        let chunk = try cutter.chunk(
          of: text, from: lower, to: text.count, startsDocument: lower == 0, endsDocument: true,
          startsText: true, isPadded: false)
        for piece in 0..<chunk.count {
          append(Int(chunk.starts[piece])..<Int(chunk.ends[piece]), of: chunk, to: &output)
        }
        lower = chunk.range.upperBound
      }
    }
  }

  private func append(
    _ piece: Range<Int>, of chunk: PieceCutter.Chunk, to output: inout [UInt8]
  ) {
    let source = chunk.sourceRange(of: piece)
    if !printsPieces {
      output.appendDecimal(UInt64(source.upperBound))
    } else {
      var writer = JSONWriter(layout: .compact)
      writer.array { list in
        list.integer(source.lowerBound)
        list.integer(source.upperBound)
        list.string(
          Array(UnsafeBufferPointer(start: chunk.bytes + piece.lowerBound, count: piece.count)))
      }
      output += writer.bytes
    }
    output.append(UInt8(ascii: "\n"))
  }
}
