/// How `tokenizer.json` wants encodings cut to a length. Read, kept and written again; encoders do not
/// apply it yet, as if Hugging Face's `no_truncation` had been called.
public struct Truncation: Sendable, Equatable {
  /// At which end ids are dropped.
  public var direction: Direction
  /// Most ids, special tokens included.
  public var longest: Int
  /// Which text of a pair is cut.
  public var strategy: Strategy
  /// Ids that neighbouring parts of a long text have in common.
  public var stride: Int

  public enum Direction: String, Sendable, CaseIterable {
    case left = "Left"
    case right = "Right"
  }

  public enum Strategy: String, Sendable, CaseIterable {
    case longestFirst = "LongestFirst"
    case onlyFirst = "OnlyFirst"
    case onlySecond = "OnlySecond"
  }

  public init(direction: Direction = .right, longest: Int, strategy: Strategy, stride: Int = 0) {
    self.direction = direction
    self.longest = longest
    self.strategy = strategy
    self.stride = stride
  }
}

/// How `tokenizer.json` wants encodings filled up. Read, kept and written again; encoders do not apply
/// it yet, as if Hugging Face's `no_padding` had been called.
public struct Padding: Sendable, Equatable {
  /// Ids that every encoding has in the end; `nil`: as many as the longest of a batch.
  public var length: Int?
  /// At which end ids are added.
  public var direction: Truncation.Direction
  /// The length is rounded up to one of these; `nil`: as it is.
  public var multiple: Int?
  public var id: TokenID
  public var typeID: UInt32
  /// The text of the token, UTF-8.
  public var token: [UInt8]

  public init(
    length: Int? = nil, direction: Truncation.Direction = .right, multiple: Int? = nil,
    id: TokenID, typeID: UInt32 = 0, token: [UInt8]
  ) {
    self.length = length
    self.direction = direction
    self.multiple = multiple
    self.id = id
    self.typeID = typeID
    self.token = token
  }
}
