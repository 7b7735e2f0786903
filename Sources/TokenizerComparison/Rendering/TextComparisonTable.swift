import Primitives
import Tokenization

/// A compared text for other programs, a token a line.
public struct TextComparisonTable {
  private let comparison: TextComparison

  public init(_ comparison: TextComparison) { self.comparison = comparison }

  public static let header = TabSeparated.line([
    "model", "start", "end", "id", "bytes", "token", "shared", "unknown",
  ])

  /// Lines without the header and without line ends: all tokens of the first model, then those of the
  /// next.
  public var lines: [String] {
    comparison.alignment.sides.enumerated().flatMap { side, tokens in
      tokens.map { token in
        TabSeparated.line([
          ComparedModel.letter(side), String(token.start), String(token.end), String(token.id),
          Hexadecimal.text(token.bytes), TabSeparated.field(token.bytes),
          comparison.alignment.isShared(token) ? "yes" : "no",
          comparison.isUnknown(token, of: side) ? "yes" : "no",
        ])
      }
    }
  }
}
