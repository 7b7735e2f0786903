/// Why a text becomes the tokens that it becomes: all steps, in the order in which they happen.
public struct Explanation: Sendable {
  /// What normalization makes of the text.
  public var normalized: [UInt8]
  public var parts: [Part] = []

  public enum Part: Sendable {
    /// A special token or an added word, and where it stands in the text.
    case token(TokenID, Range<Int>)
    case word(Word)
  }

  /// A pre-token.
  public struct Word: Sendable {
    /// As the model gets it, in bytes.
    public var bytes: [UInt8]
    /// What it is from, in bytes of the text.
    public var range: Range<Int>
    public var ids: [TokenID]
    public var reason: Reason
  }

  public enum Reason: Sendable {
    /// Tokens of bytes or characters, and the merges that were made of them, the first one first.
    case merges(of: [TokenID], [Merge])
    /// The word itself is a token, which the model takes before all else.
    case whole
    /// Ways to cut the word, the best first.
    case ways([Way])
    /// The longest token, again and again.
    case matches([Match])
    /// More characters than the model looks at.
    case tooLong
    /// More symbols than `longestWord`: it is encoded, but not followed.
    case unfollowed
  }

  /// Two tokens that became one.
  public struct Merge: Sendable, Equatable {
    public var rank: Int
    public var left: TokenID
    public var right: TokenID
    public var result: TokenID
    /// All tokens of the word behind it.
    public var tokens: [TokenID]
  }

  /// A way through a unigram model's lattice.
  public struct Way: Sendable, Equatable {
    public var score: Double
    /// Pieces as the sum has them: unknown characters one by one.
    public var pieces: [Piece]
    /// Whether the model takes it.
    public var isTaken: Bool
  }

  public struct Piece: Sendable, Equatable {
    public var id: TokenID
    /// In bytes of the word.
    public var range: Range<Int>
    public var score: Double
  }

  /// A place of a word, and the tokens that match there.
  public struct Match: Sendable, Equatable {
    /// In bytes of the word.
    public var start: Int
    /// The first one was taken; without any the word is unknown.
    public var found: [Piece]
  }

  /// Most symbols of a word whose merges are listed: lists grow with their square.
  public static let longestWord = 1000

  /// The first merge that made a token here.
  func merge(making id: TokenID) -> Merge? {
    for case .word(let word) in parts {
      if case .merges(_, let merges) = word.reason,
        let made = merges.first(where: { $0.result == id })
      {
        return made
      }
    }
    return nil
  }
}

/// What made a token part of a vocabulary.
public enum TokenOrigin: Sendable, Equatable {
  /// It stands for a boundary or a role, not for text.
  case special
  /// A word that was added to the model.
  case added
  /// It stands for text that no token covers.
  case unknown
  case byte(UInt8)
  /// A single character, what merges start from.
  case character
  case merge(rank: Int, left: TokenID, right: TokenID)
  /// No merge makes it.
  case unmerged
  /// A piece with the logarithm of its probability.
  case piece(score: Double)
  case userDefined
  case unused
  /// It begins a word, or continues one.
  case wordStart, wordContinuation
  case word
}

extension Tokenizer {
  /// What made a token part of the vocabulary; `nil` where the id has no token.
  ///
  /// - Parameter explanation: has the token. Where several merges make it, the one that was made
  ///   there is told, and otherwise the first.
  /// Complexity: O(merges).
  public func origin(of id: TokenID, in explanation: Explanation? = nil) -> TokenOrigin? {
    guard let bytes = bytes(of: id) else { return nil }
    if let added = specialTokens.first(where: { $0.id == id }) {
      if id == model.unknownID { return .unknown }
      if case .unigram(let model) = model, Int(id) < model.kinds.count,
        model.kinds[Int(id)] == .userDefined
      {
        return .userDefined
      }
      return added.isSpecial ? .special : .added
    }
    if id == model.unknownID { return .unknown }
    if let byte = model.fallbackByte(of: id) { return .byte(byte) }
    switch model {
    case .bpe(let model):
      if let made = explanation?.merge(making: id) {
        return .merge(rank: made.rank, left: made.left, right: made.right)
      }
      if let rank = model.merges.firstIndex(where: { $0.result == id }) {
        let merge = model.merges[rank]
        return .merge(rank: rank, left: merge.left, right: merge.right)
      }
      if model.base == .bytes {
        return bytes.count == 1 ? .byte(bytes[bytes.startIndex]) : .unmerged
      }
      return String(decoding: bytes, as: UTF8.self).unicodeScalars.count == 1
        ? .character : .unmerged
    case .unigram(let model):
      switch model.kinds[Int(id)] {
      case .userDefined: return .userDefined
      case .unused: return .unused
      case .control: return .special
      case .unknown: return .unknown
      case .normal, .byte: return .piece(score: model.scores[Int(id)])
      }
    case .wordPiece(let model):
      return bytes.starts(with: model.continuingPrefix) ? .wordContinuation : .wordStart
    case .wordLevel: return .word
    }
  }
}
