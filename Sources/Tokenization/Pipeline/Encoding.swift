/// The tokens of one text, or of a pair, and where each came from. All arrays are equally long.
public struct Encoding: Sendable, Equatable {
  public var ids: [TokenID] = []
  /// Which of the texts of a template a token belongs to.
  public var typeIDs: [UInt32] = []
  /// Half-open ranges of bytes of the original text, ascending in each of a pair; empty for tokens that the
  /// post-processor added. A token that begins or ends inside a stretch which normalization changed
  /// has all of that stretch.
  public var offsets: [Range<Int>] = []
  /// Number of the pre-token of its text that a token is part of; `nil` for special tokens.
  public var wordIndices: [Int?] = []
  /// 1 for tokens that the post-processor added.
  public var specialTokensMask: [UInt8] = []

  public init() {}

  /// 1 for every token: texts are not padded here.
  public var attentionMask: [UInt8] { [UInt8](repeating: 1, count: ids.count) }

  mutating func append(
    _ id: TokenID, typeID: UInt32, offset: Range<Int>, word: Int?, isSpecial: Bool
  ) {
    ids.append(id)
    typeIDs.append(typeID)
    offsets.append(offset)
    wordIndices.append(word)
    specialTokensMask.append(isSpecial ? 1 : 0)
  }
}
