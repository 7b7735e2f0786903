/// A token that text alone does not make: it stands for a boundary, a role, a mask.
///
/// The flags mean what `tokenizer.json` means by them in `added_tokens`.
public struct SpecialToken: Sendable, Equatable {
  public var id: TokenID
  /// The text that stands for it, UTF-8.
  public var content: [UInt8]
  /// Whether it is a control token (left out when decoding skips specials) or only an added word.
  public var isSpecial: Bool
  public var singleWord: Bool
  public var stripsLeft: Bool
  public var stripsRight: Bool
  public var normalized: Bool

  public init(
    id: TokenID, content: [UInt8], isSpecial: Bool = true, singleWord: Bool = false,
    stripsLeft: Bool = false, stripsRight: Bool = false, normalized: Bool = false
  ) {
    self.id = id
    self.content = content
    self.isSpecial = isSpecial
    self.singleWord = singleWord
    self.stripsLeft = stripsLeft
    self.stripsRight = stripsRight
    self.normalized = normalized
  }
}
