/// One step of byte-pair encoding: `left` followed by `right` becomes `result`.
/// Its rank is its place in the list of merges: the lowest rank is applied first.
public struct Merge: Sendable, Equatable {
  public var left: TokenID
  public var right: TokenID
  public var result: TokenID

  public init(left: TokenID, right: TokenID, result: TokenID) {
    self.left = left
    self.right = right
    self.result = result
  }
}
