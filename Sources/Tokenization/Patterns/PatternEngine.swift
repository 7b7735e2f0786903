/// What runs a pattern: the automaton, or ICU's engine where the automaton refuses it.
enum PatternEngine: Sendable {
  case automaton(CompiledPattern)
  case icu(ICUPattern)

  /// `linesAreDocuments`: for the automaton a text is many documents, each a line with its `\n`; ICU's
  /// engine must be given such lines.
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
}
