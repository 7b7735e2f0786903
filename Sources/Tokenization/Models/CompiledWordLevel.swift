/// A word-level model in the form in which it is applied; immutable, shared by threads.
final class CompiledWordLevel: Sendable {
  private let index: TokenIndex
  private let unknown: TokenID?

  init(_ model: WordLevelModel) {
    index = TokenIndex(model.vocabulary)
    unknown = index.id(of: model.unknownToken)
  }

  /// The token of a pre-token.
  ///
  /// - Parameter output: room for an id.
  /// - Returns: 1, or `CompiledModel.failure`.
  /// - Complexity: O(bytes of the pre-token).
  func encode(
    _ piece: UnsafeBufferPointer<UInt8>, into output: UnsafeMutablePointer<TokenID>
  ) -> Int {
    guard let id = index.id(of: piece) ?? unknown else { return CompiledModel.failure }
    output[0] = id
    return 1
  }
}
