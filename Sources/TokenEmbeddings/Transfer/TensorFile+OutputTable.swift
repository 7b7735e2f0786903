extension TensorFile {
  /// What tables are called in files of models that turn vectors back into tokens.
  static let outputTableNames = [
    "lm_head.weight", "output.weight", "embed_out.weight", "cls.predictions.decoder.weight",
  ]

  /// The table that turns vectors into tokens: the first tensor with a usual name; `nil` where there is
  /// none, as in models that use the table of tokens for both.
  public func outputMatrix() throws(TensorFileError) -> StoredMatrix? {
    for name in Self.outputTableNames {
      let bytes = Array(name.utf8)
      if tensors.contains(where: { $0.name == bytes }) { return try matrix(named: bytes) }
    }
    return nil
  }
}
