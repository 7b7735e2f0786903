import Tokenization

/// One text, and how several tokenizers cut it.
public struct TextAlignment: Sendable {
  public let text: [UInt8]
  /// By tokenizer.
  public let sides: [[SampleToken]]
  /// By side, what its tokens stand for. All of it lies inside the text.
  private let spans: [Set<Range<Int>>]

  /// - Parameter sides: tokens by tokenizer; what reaches over the end of the text is cut there.
  public init(_ text: [UInt8], _ sides: [[SampleToken]]) {
    self.text = text
    self.sides = sides.map { tokens in
      tokens.map { token in
        var token = token
        token.start = min(max(0, token.start), text.count)
        token.end = min(max(token.start, token.end), text.count)
        return token
      }
    }
    spans = self.sides.map { Set($0.lazy.map(\.range).filter { !$0.isEmpty }) }
  }

  /// How far two sides agree.
  public func agreement(_ a: Int, _ b: Int) -> BoundaryAgreement {
    BoundaryAgreement(spans[a], spans[b], length: text.count)
  }

  /// Whether every side has a token that stands for the same; never true of one that stands for no text.
  public func isShared(_ token: SampleToken) -> Bool {
    spans.allSatisfy { $0.contains(token.range) }
  }

  /// What a token stands for.
  func text(of token: SampleToken) -> ArraySlice<UInt8> { text[token.range] }

  /// Places where a token of any side begins or ends, and both ends of the text, ascending.
  var borders: [Int] {
    var borders: Set<Int> = [0, text.count]
    for span in spans.joined() {
      borders.insert(span.lowerBound)
      borders.insert(span.upperBound)
    }
    return borders.sorted()
  }

  /// Those of the `borders` that no token of any side reaches over, ascending.
  var commonBorders: [Int] {
    let borders = borders
    let places = Dictionary(uniqueKeysWithValues: zip(borders, borders.indices))
    // By border, how many spans more reach over it than over the one before.
    var changes = [Int](repeating: 0, count: borders.count + 1)
    for span in spans.joined() {
      guard let first = places[span.lowerBound], let last = places[span.upperBound] else {
        continue
      }
      changes[first + 1] += 1
      changes[last] -= 1
    }
    var crossing = 0
    return zip(borders, changes).compactMap { border, change in
      crossing += change
      return crossing == 0 ? border : nil
    }
  }
}
