/// The tokens of one text, or of a pair, and where each came from. All arrays but the last are equally
/// long.
public struct Encoding: Sendable, Equatable {
  public var ids: [TokenID] = []
  /// Which of the texts of a template a token belongs to.
  public var typeIDs: [UInt32] = []
  /// Half-open ranges of the original text, in the unit asked for, ascending in each of a pair; empty for
  /// tokens that the post-processor or padding added. A token that begins or ends inside a stretch which
  /// normalization changed has all of that stretch.
  public var offsets: [Range<Int>] = []
  /// Number of the pre-token of its text that a token is part of, special tokens in the text counted;
  /// `nil` for tokens that were added.
  public var wordIndices: [Int?] = []
  /// 0 for tokens of the first text, 1 for those of the second; `nil` for tokens that were added.
  public var sequenceIndices: [Int?] = []
  /// 1 for tokens that the post-processor or padding added.
  public var specialTokensMask: [UInt8] = []
  /// 0 for padding.
  public var attentionMask: [UInt8] = []
  /// What truncation cut off, if that was asked for, in encodings of their own: of a pair, each part of
  /// the first text with each of the second, what stayed of both left out.
  public var overflowing: [Encoding] = []

  public init() {}

  public var count: Int { ids.count }

  /// Appends the ids, offsets and words of a text.
  mutating func append(_ text: Encoding, typeID: UInt32, sequence: Int) {
    ids += text.ids
    offsets += text.offsets
    wordIndices += text.wordIndices
    appendMarks(text.count, typeID: typeID, sequence: sequence, isAdded: false)
  }

  /// Appends special tokens that stand nowhere.
  mutating func append(added ids: [TokenID], typeID: UInt32) {
    self.ids += ids
    offsets += repeatElement(0..<0, count: ids.count)
    wordIndices += repeatElement(nil, count: ids.count)
    appendMarks(ids.count, typeID: typeID, sequence: nil, isAdded: true)
  }

  private mutating func appendMarks(_ count: Int, typeID: UInt32, sequence: Int?, isAdded: Bool) {
    typeIDs += repeatElement(typeID, count: count)
    sequenceIndices += repeatElement(sequence, count: count)
    specialTokensMask += repeatElement(isAdded ? 1 : 0, count: count)
    attentionMask += repeatElement(1, count: count)
  }
}
