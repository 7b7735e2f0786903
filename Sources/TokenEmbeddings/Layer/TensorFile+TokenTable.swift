extension TensorFile {
  /// What tables of tokens are called in files of models, the more telling names first.
  static let tokenTableNames = [
    "token_embedding.weight", "model.embed_tokens.weight", "transformer.wte.weight", "wte.weight",
    "bert.embeddings.word_embeddings.weight", "embeddings.word_embeddings.weight",
    "roberta.embeddings.word_embeddings.weight", "shared.weight", "tok_embeddings.weight",
    "gpt_neox.embed_in.weight", "model.decoder.embed_tokens.weight", "embed_tokens.weight",
    "token_embd.weight",
  ]

  /// The table of tokens: the first tensor with a usual name, or the only one that can be a matrix;
  /// `nil` where neither is there.
  public func tokenMatrix() throws(TensorFileError) -> StoredMatrix? {
    for name in Self.tokenTableNames where tensors.contains(where: { $0.name == Array(name.utf8) })
    {
      return try matrix(named: Array(name.utf8))
    }
    let matrices = tensors.filter { $0.shape.count == 2 && $0.elementType != nil }
    guard matrices.count == 1, let only = matrices.first else { return nil }
    return try StoredMatrix(only, in: self)
  }
}
