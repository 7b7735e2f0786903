import Primitives
import Tokenization
import TokenizerTraining

/// `toktrain pieces`: where a pattern cuts standard input, one offset in bytes a line, with a `+` at
/// the ends of matches. In no list: the comparison with other engines runs it.
struct PiecesCommand: Command {
  var pattern = PatternChoice.cl100k
  var patternText: String?
  var dialect = PatternDialect.huggingFace
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
        .value("documents", \.documents, .documents, "file or line"),
      ] + Option.common)
  }

  func run(on console: Console) throws(Failure) {
    let lines = documents == .line
    let split = patternText.map { SplitPattern($0, dialect: dialect) } ?? pattern.splitPattern
    let compiled: CompiledPattern?
    do throws(PatternError) {
      compiled =
        if let split {
          try CompiledPattern(split, linesAreDocuments: lines)
        } else {
          lines ? try CompiledPattern.lines() : nil
        }
    } catch {
      throw Failure(.usage, error.description)
    }
    var options = CorpusOptions()
    options.documents = .file
    options.invalidUTF8 = .bytes
    let corpus = try Failure.mapping { () throws(CorpusError) in
      try Corpus(inputs: [Array("-".utf8)], options: options)
    }
    let reader = DocumentReader(corpus)
    var output: [UInt8] = []
    while let batch = try Failure.mapping({ () throws(CorpusError) in try reader.nextBatch() }) {
      for index in 0..<batch.count {
        for end in Self.ends(Array(batch.bytes[batch.range(of: index)]), compiled) {
          output.appendDecimal(UInt64(end & ~CompiledPattern.matchMark))
          if end & CompiledPattern.matchMark != 0 { output.append(UInt8(ascii: "+")) }
          output.append(UInt8(ascii: "\n"))
        }
      }
    }
    try console.write(output)
  }

  private static func ends(_ text: [UInt8], _ pattern: CompiledPattern?) -> ArraySlice<UInt32> {
    guard let pattern else { return text.isEmpty ? [] : [UInt32(text.count)] }
    var ends = [UInt32](repeating: 0, count: text.count + CompiledPattern.spareEnds)
    let padded = text + [UInt8](repeating: 0, count: 16)
    let pieces = pattern.pieceEnds(
      of: padded, from: 0, to: text.count, startsDocument: true, endsDocument: true, into: &ends)
    guard text.count < CompiledPattern.matchMark else { return ends[..<pieces] }
    // The other walk must give the same.
    var marked = ends
    let count = pattern.markedPieceEnds(
      of: padded, from: 0, to: text.count, startsDocument: true, endsDocument: true, into: &marked)
    let agree =
      count == pieces
      && (0..<count).allSatisfy { marked[$0] & ~CompiledPattern.matchMark == ends[$0] }
    return agree ? marked[..<count] : []
  }
}
