/// What turns pieces that no cache has into ids.
protocol PieceModel: ~Copyable {
  /// The tokens of one piece.
  ///
  /// - Parameter output: room for them, and `IDPacking.spareIDs`.
  mutating func encode(
    _ piece: UnsafeBufferPointer<UInt8>, into output: UnsafeMutablePointer<TokenID>
  ) -> PieceOutcome
}

/// What became of a piece.
struct PieceOutcome {
  /// The number of ids, or `CompiledModel.failure`.
  var count: Int
  /// Whether the piece has these ids wherever it stands.
  var isFixed = true
}

extension CompiledModel: PieceModel {
  func encode(
    _ piece: UnsafeBufferPointer<UInt8>, into output: UnsafeMutablePointer<TokenID>
  ) -> PieceOutcome {
    PieceOutcome(count: encode(piece, into: output))
  }
}
