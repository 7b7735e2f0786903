import Tokenization

/// How often the tokens of one vocabulary occurred.
public struct VocabularyUse: Sendable, Equatable, Codable {
  /// Tokens that occurred at least once, exactly once, and never.
  public var usedCount: Int
  public var usedOnceCount: Int
  public var unusedCount: Int
  /// Occurrences by rank, the commonest token first, at ranks at about equal distances on a
  /// logarithmic axis; the first and the last that occurs are among them.
  public var ranks: [RankCount]
  /// By length, ascending.
  public var lengths: [LengthCount]
  /// The longest tokens that occurred, the longest first; of equals the smaller id.
  public var longest: [TokenUse]

  public init(
    usedCount: Int = 0, usedOnceCount: Int = 0, unusedCount: Int = 0, ranks: [RankCount] = [],
    lengths: [LengthCount] = [], longest: [TokenUse] = []
  ) {
    self.usedCount = usedCount
    self.usedOnceCount = usedOnceCount
    self.unusedCount = unusedCount
    self.ranks = ranks
    self.lengths = lengths
    self.longest = longest
  }

  public struct RankCount: Sendable, Equatable, Codable {
    /// From 1.
    public var rank: Int
    public var count: Int

    public init(rank: Int, count: Int) {
      self.rank = rank
      self.count = count
    }
  }

  public struct LengthCount: Sendable, Equatable, Codable {
    /// Of the text that a token decodes to behind others.
    public var bytes: Int
    /// Tokens of that length in the vocabulary, special ones left out.
    public var tokens: Int
    /// Their occurrences.
    public var uses: Int

    public init(bytes: Int, tokens: Int, uses: Int) {
      self.bytes = bytes
      self.tokens = tokens
      self.uses = uses
    }
  }
}

/// A token and its occurrences.
public struct TokenUse: Sendable, Equatable, Codable {
  public var id: TokenID
  /// What it decodes to behind others: foreign bytes, which renderers must escape.
  public var text: [UInt8]
  public var count: Int

  public init(id: TokenID, text: [UInt8], count: Int) {
    self.id = id
    self.text = text
    self.count = count
  }
}

/// Which token texts two vocabularies share; see `Metric.vocabularyOverlap`.
public struct VocabularyOverlap: Sendable, Equatable, Codable {
  /// Place of the other model in the report; the first one has 0.
  public var model: Int
  public var sharedCount: Int
  public var onlyFirstCount: Int
  public var onlyOtherCount: Int
  /// Occurrences of tokens whose text the other vocabulary lacks.
  public var onlyFirstUses: Int
  public var onlyOtherUses: Int
  /// The most used of these tokens, the commonest first; of equals the smaller id.
  public var onlyFirst: [TokenUse]
  public var onlyOther: [TokenUse]

  public init(
    model: Int, sharedCount: Int = 0, onlyFirstCount: Int = 0, onlyOtherCount: Int = 0,
    onlyFirstUses: Int = 0, onlyOtherUses: Int = 0, onlyFirst: [TokenUse] = [],
    onlyOther: [TokenUse] = []
  ) {
    self.model = model
    self.sharedCount = sharedCount
    self.onlyFirstCount = onlyFirstCount
    self.onlyOtherCount = onlyOtherCount
    self.onlyFirstUses = onlyFirstUses
    self.onlyOtherUses = onlyOtherUses
    self.onlyFirst = onlyFirst
    self.onlyOther = onlyOther
  }
}
