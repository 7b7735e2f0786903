/// Replaces each match of a pattern by a text, from left to right.
struct MatchReplacement: Sendable {
  let engine: PatternEngine
  let replacement: [UInt8]

  /// - Throws: `PatternError` for a pattern that is broken or refused.
  init(of pattern: SplitPattern, by replacement: [UInt8]) throws(PatternError) {
    var parser = PatternParser(pattern)
    if let tree = try? parser.parse(), tree.isNullable {
      // ICU says where a match is empty; the automaton sees only what lies between matches.
      engine = .icu(try ICUPattern(pattern))
    } else {
      engine = try PatternEngine(pattern, linesAreDocuments: false)
    }
    self.replacement = replacement
  }
}

/// Replaces matches in one text after another; owns scratch, for one thread at a time.
final class ReplacementMatcher {
  /// Usual length of what is matched at once, where the pattern says that nothing reaches across.
  private static let chunk = 1 << 15

  private let engine: PatternEngine
  private let replacement: [UInt8]
  private let matcher: ICUMatcher?
  private var ends: UnsafeMutablePointer<UInt32>
  private var capacity = 2 * chunk
  /// A copy of a text that nothing may be read behind.
  private var padded = NormalizedText()

  init(_ replacement: MatchReplacement) {
    engine = replacement.engine
    self.replacement = replacement.replacement
    if case .icu(let pattern) = engine { matcher = ICUMatcher(pattern) } else { matcher = nil }
    ends = .allocate(capacity: capacity)
  }

  deinit { ends.deallocate() }

  /// - Returns: true if nothing matches; `output` is empty then.
  func replace(
    in text: NormalizationChain.Normal, into output: inout NormalizedText, recordingEdits: Bool
  ) throws(PatternError) -> Bool {
    output.removeAll()
    guard let base = text.bytes.baseAddress, !text.bytes.isEmpty else { return true }
    var start = base
    if !text.isPadded {
      padded.removeAll()
      padded.append(from: base, to: base + text.bytes.count, readableTo: base + text.bytes.count)
      padded.pad()
      start = padded.bytes.baseAddress ?? base
    }
    let count = text.bytes.count
    var hasMatch = false
    var lower = 0
    while lower < count {
      let upper = self.upper(of: start, count: count, from: lower)
      let pieces = try matches(in: start, count: count, from: lower, to: upper)
      var piece = lower
      for index in 0..<pieces {
        let end = Int(ends[index] & ~CompiledPattern.matchMark)
        if ends[index] & CompiledPattern.matchMark == 0 {
          output.append(from: start + piece, to: start + end, readableTo: start + count)
        } else {
          hasMatch = true
          appendReplacement(to: &output)
          if recordingEdits {
            output.recordEdit(
              old: end - piece, new: replacement.count, samePrefix: 0, sameSuffix: 0)
          }
        }
        piece = end
      }
      lower = upper
    }
    if !hasMatch {
      output.removeAll()
      return true
    }
    output.pad()
    return false
  }

  private func appendReplacement(to output: inout NormalizedText) {
    replacement.withUnsafeBufferPointer { bytes in
      if let start = bytes.baseAddress {
        output.append(from: start, to: start + bytes.count, readableTo: start + bytes.count)
      }
    }
  }

  /// Where the stretch that begins at `lower` ends.
  private func upper(of text: UnsafePointer<UInt8>, count: Int, from lower: Int) -> Int {
    guard case .automaton(let pattern) = engine, count - lower > Self.chunk * 3 / 2 else {
      return count
    }
    return pattern.nextCut(in: text, count: count, from: lower + Self.chunk, to: count) ?? count
  }

  /// Writes the flagged ends of the pieces of a stretch and returns their number.
  private func matches(
    in text: UnsafePointer<UInt8>, count: Int, from lower: Int, to upper: Int
  ) throws(PatternError) -> Int {
    guard upper < Int(CompiledPattern.matchMark) else { throw .textTooLong(bytes: count) }
    reserve(2 * (upper - lower) + CompiledPattern.spareEnds)
    switch engine {
    case .automaton(let pattern):
      return pattern.markedPieceEnds(
        of: text, from: lower, to: upper, startsDocument: lower == 0,
        endsDocument: upper == count, into: ends)
    case .icu:
      return try matcher?.pieceEnds(of: text, from: lower, to: upper, into: ends) ?? 0
    }
  }

  private func reserve(_ count: Int) {
    guard count > capacity else { return }
    ends.deallocate()
    capacity = count
    ends = .allocate(capacity: capacity)
  }
}
