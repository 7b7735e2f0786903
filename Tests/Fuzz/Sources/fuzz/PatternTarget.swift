import Tokenization

enum PatternTarget {
  /// A pattern, 0xFF, a text. The first byte chooses the dialect and whether lines are documents.
  ///
  /// Pieces and gaps must be ascending and inside the text, and cut in lines as a whole.
  static func cut(_ input: Fuzz.Input) {
    guard let choice = input.first else { return }
    let parts = Parts(Fuzz.Input(rebasing: input.dropFirst()))
    guard let text = String(validating: parts.first, as: UTF8.self) else { return }
    let pattern = SplitPattern(text, dialect: choice & 1 == 0 ? .huggingFace : .tiktoken)
    do throws(PatternError) {
      let lines = choice & 2 != 0
      let compiled = try CompiledPreTokenizer(
        PreTokenizer([.split(pattern)]), linesAreDocuments: lines)
      for text in [parts.second, sampleText] {
        _ = try Pieces.check(text, by: compiled)
      }
    } catch {
      precondition(!error.description.isEmpty)
    }
  }
}

enum Pieces {
  /// Cuts a text and checks that pieces ascend, and that what they stem from does.
  /// - Returns: the bytes that pieces stem from.
  static func check(_ text: [UInt8], by compiled: CompiledPreTokenizer) throws(PatternError) {
    var cutter = PieceCutter(compiled)
    try text.withUnsafeBufferPointer { (text) throws(PatternError) in
      var lower = 0
      var last = 0
      while lower < text.count {
        let chunk = try cutter.chunk(
          of: text, from: lower, to: text.count, startsDocument: lower == 0, endsDocument: true,
          startsText: true, isPadded: false)
        precondition(chunk.range.lowerBound == lower && chunk.range.upperBound > lower)
        var end: UInt32 = 0
        for piece in 0..<chunk.count {
          precondition(chunk.starts[piece] >= end && chunk.ends[piece] >= chunk.starts[piece])
          end = chunk.ends[piece]
          let source = chunk.sourceRange(of: Int(chunk.starts[piece])..<Int(end))
          precondition(source.lowerBound >= lower && source.upperBound <= chunk.range.upperBound)
          precondition(source.upperBound >= last)
          last = source.upperBound
        }
        lower = chunk.range.upperBound
      }
    }
  }
}
