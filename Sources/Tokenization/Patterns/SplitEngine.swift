/// A pattern ready to cut text: the automaton, or ICU's engine where the automaton refuses it.
public enum SplitEngine: Sendable {
  case automaton(CompiledPattern)
  case icu(ICUPattern)

  /// Set in the end of a piece that is a match; stretches between matches are without.
  public static let matchFlag: UInt32 = 1 << 31

  /// `linesAreDocuments`: a text is many documents, each a line with its `\n`.
  ///
  /// - Throws: `PatternError` for what neither engine runs.
  public init(_ pattern: SplitPattern, linesAreDocuments: Bool = false) throws(PatternError) {
    do throws(PatternError) {
      self = .automaton(try CompiledPattern(pattern, linesAreDocuments: linesAreDocuments))
    } catch let refusal {
      do throws(PatternError) {
        self = .icu(try ICUPattern(pattern, linesAreDocuments: linesAreDocuments))
      } catch {
        // Of a text that is no pattern at all, the automaton's parser knows the place best.
        if case .malformed = refusal { throw refusal }
        throw error
      }
    }
  }
}
