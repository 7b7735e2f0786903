/// How rows are made for tokens that the old vocabulary does not have.
public enum TransferMethod: String, Sendable, CaseIterable {
  /// The mean of the tokens that the old tokenizer makes of the new one's text (Gee, Zugarini, Rigutini,
  /// Torroni 2022, "Fast vocabulary transfer for language model compression").
  case subwordMean = "subword-mean"
  /// The mean of all old rows (Hewitt 2021, "Initializing new word embeddings for pretrained language
  /// models").
  case mean
  /// Draws about that mean, with the rows' covariance times 10⁻⁹, as
  /// `resize_token_embeddings` of Hugging Face's transformers does.
  case sampledMean = "sampled-mean"
  /// Few shared tokens that are used alike, weighted by how much (Dobler, de Melo 2023, "FOCUS:
  /// effective embedding initialization for monolingual specialization of multilingual models").
  case focus
}
