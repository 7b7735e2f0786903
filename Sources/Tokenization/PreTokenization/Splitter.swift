/// What finds the matches in a text, and the stretches between them.
enum Splitter: Sendable {
  case automaton(CompiledPattern)
  case icu(ICUPattern)
  case walk(TextWalk)

  /// Set in the end of a piece that is a match; stretches between matches are without.
  static let matchFlag = CompiledPattern.matchMark

  /// The automaton, or ICU's engine where the automaton refuses the pattern. `linesAreDocuments`: for
  /// the automaton a text is many documents, each a line with its `\n`; others must be given such
  /// lines.
  ///
  /// - Throws: `PatternError` for what neither runs.
  init(_ pattern: SplitPattern, linesAreDocuments: Bool) throws(PatternError) {
    do throws(PatternError) {
      self = .automaton(try CompiledPattern(pattern, linesAreDocuments: linesAreDocuments))
    } catch let refusal {
      do throws(PatternError) {
        self = .icu(try ICUPattern(pattern))
      } catch {
        // Of a text that is no pattern at all, the automaton's parser knows the place best.
        if case .malformed = refusal { throw refusal }
        throw error
      }
    }
  }

  /// Whether `nextCut` can find anything.
  var hasCuts: Bool {
    switch self {
    case .automaton(let pattern): pattern.hasCuts
    case .icu, .walk(.fixedLength): false
    case .walk: true
    }
  }

  /// The first place in lower..<upper, above 0, that is an end whatever stands further away than the
  /// characters around it; nil if none.
  func nextCut(
    in text: UnsafePointer<UInt8>, count: Int, from lower: Int, to upper: Int
  ) -> Int? {
    switch self {
    case .automaton(let pattern): pattern.nextCut(in: text, count: count, from: lower, to: upper)
    case .icu, .walk(.fixedLength): nil
    case .walk(let walk): walk.nextCut(in: text, count: count, from: lower, to: upper)
    }
  }
}
