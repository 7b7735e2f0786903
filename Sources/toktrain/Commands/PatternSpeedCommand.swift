import Primitives
import Tokenization
import TokenizerTraining

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `toktrain pattern-speed`: how long one thread takes to compile a pattern or a pre-tokenizer and to
/// cut standard input by it, in CPU nanoseconds, as JSON. In no list: the benchmarks run it.
struct PatternSpeedCommand: Command {
  var pattern = PatternChoice.cl100k
  var patternText: String?
  var dialect = PatternDialect.huggingFace
  var preTokenizer: [UInt8]?
  var runs = 5
  var threads = 1
  var isQuiet = false

  static var schema: Schema<PatternSpeedCommand> {
    Schema(
      "pattern-speed", "Measures a pattern on standard input.", examples: [], positionals: [],
      options: [
        .value("pattern", \.pattern, .choice("NAME"), "a named pattern (default cl100k)"),
        .optional("pattern-regex", \.patternText, .text("TEXT"), "a regular expression instead"),
        .value("pattern-dialect", \.dialect, .choice("NAME"), "whose regular expression it is"),
        .optional(
          "pre-tokenizer", \.preTokenizer, .utf8("JSON"),
          "a pre_tokenizer of tokenizer.json instead"),
        .value("runs", \.runs, .number(1...1000), "the fastest of so many counts"),
      ] + Option.common)
  }

  /// Bytes of a document, as peers are given them.
  private static let documentSize = 128 << 10

  func run(on console: Console) throws(Failure) {
    let text = try Self.standardInput()
    var writer = JSONWriter(layout: .compact)
    if let preTokenizer {
      let steps: PreTokenizer
      do throws(FormatError) {
        steps = try HuggingFaceTokenizer.readPreTokenizer(preTokenizer)
      } catch {
        throw Failure(.usage, "--pre-tokenizer: \(error)")
      }
      try measure(steps, as: "steps", on: text, to: &writer)
    } else {
      let split = patternText.map { SplitPattern($0, dialect: dialect) } ?? pattern.splitPattern
      var compiled: CompiledPattern?
      let compileTime = Self.time {
        if let split { compiled = try? CompiledPattern(split) }
      }
      if let compiled {
        let (pieces, plain) = fastest(text) { $0.cut($1, by: compiled, isMarked: false) }
        let (_, marked) = fastest(text) { $0.cut($1, by: compiled, isMarked: true) }
        Self.report(
          "automaton", compileTime, text.count, pieces, [("cut", plain), ("mark", marked)],
          to: &writer)
      } else {
        try measure(PreTokenizer(split), as: "ICU", on: text, to: &writer)
      }
    }
    try console.write(writer.bytes + [UInt8(ascii: "\n")])
  }

  private func measure(
    _ preTokenizer: PreTokenizer, as engine: StaticString, on text: [UInt8],
    to writer: inout JSONWriter
  ) throws(Failure) {
    do throws(PatternError) {
      var compiled: CompiledPreTokenizer?
      var failure: PatternError?
      let compileTime = Self.time {
        do throws(PatternError) {
          compiled = try CompiledPreTokenizer(preTokenizer)
        } catch {
          failure = error
        }
      }
      if let compiled {
        let (pieces, plain) = fastest(text) { cutting, range in
          do throws(PatternError) {
            return try cutting.cut(range, by: compiled)
          } catch {
            failure = error
            return 0
          }
        }
        Self.report(engine, compileTime, text.count, pieces, [("cut", plain)], to: &writer)
      }
      if let failure { throw failure }
    } catch {
      throw Failure(.usage, error.description)
    }
  }

  private static func report(
    _ engine: StaticString, _ compileTime: Int, _ bytes: Int, _ pieces: Int,
    _ times: [(StaticString, Int)], to writer: inout JSONWriter
  ) {
    writer.object { object in
      object.key("engine")
      object.string(engine)
      for (name, value) in [("compile", compileTime), ("bytes", bytes), ("pieces", pieces)] + times
      {
        object.key(name)
        object.integer(value)
      }
    }
  }

  private static func standardInput() throws(Failure) -> [UInt8] {
    var options = CorpusOptions()
    options.documents = .file
    options.invalidUTF8 = .bytes
    let corpus = try Failure.mapping { () throws(CorpusError) in
      try Corpus(inputs: [Array("-".utf8)], options: options)
    }
    let reader = DocumentReader(corpus)
    var text: [UInt8] = []
    while let batch = try Failure.mapping({ () throws(CorpusError) in try reader.nextBatch() }) {
      for index in 0..<batch.count { text += batch.bytes[batch.range(of: index)] }
    }
    return text
  }

  /// A text in documents, and room for the ends of the pieces of one.
  private struct Cutting {
    let text: [UInt8]
    var ends: [UInt32]

    init(_ text: [UInt8]) {
      self.text = text + [UInt8](repeating: 0, count: PieceCutter.padding)
      ends = [UInt32](repeating: 0, count: documentSize + 4 + CompiledPattern.spareEnds)
    }

    mutating func cut(_ range: Range<Int>, by pattern: CompiledPattern, isMarked: Bool) -> Int {
      if isMarked {
        pattern.markedPieceEnds(
          of: text, from: range.lowerBound, to: range.upperBound, startsDocument: true,
          endsDocument: true, into: &ends)
      } else {
        pattern.pieceEnds(
          of: text, from: range.lowerBound, to: range.upperBound, startsDocument: true,
          endsDocument: true, into: &ends)
      }
    }

    func cut(
      _ range: Range<Int>, by preTokenizer: CompiledPreTokenizer
    ) throws(PatternError) -> Int {
      var cutter = PieceCutter(preTokenizer)
      return try text[range].withUnsafeBufferPointer { (document) throws(PatternError) in
        var (lower, count) = (0, 0)
        while lower < document.count {
          let chunk = try cutter.chunk(
            of: document, from: lower, to: document.count, startsDocument: lower == 0,
            endsDocument: true, startsText: lower == 0, isPadded: true)
          count += chunk.count
          lower = chunk.range.upperBound
        }
        return count
      }
    }
  }

  /// Pieces in all, and the time of the fastest run.
  private func fastest(
    _ text: [UInt8], _ cut: (inout Cutting, Range<Int>) -> Int
  ) -> (pieces: Int, time: Int) {
    var cutting = Cutting(text)
    var (pieces, best) = (0, Int.max)
    for _ in 0..<runs {
      let time = Self.time {
        pieces = 0
        var lower = 0
        while lower < text.count {
          var upper = min(lower + Self.documentSize, text.count)
          while upper < text.count, text[upper] & 0xC0 == 0x80,
            upper - lower < Self.documentSize + 4
          {
            upper += 1
          }
          pieces += cut(&cutting, lower..<upper)
          lower = upper
        }
      }
      best = min(best, time)
    }
    return (pieces, best)
  }

  /// CPU nanoseconds of this thread.
  private static func time(_ body: () -> Void) -> Int {
    func now() -> Int {
      var time = timespec()
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
      return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }
    let start = now()
    body()
    return now() - start
  }
}
