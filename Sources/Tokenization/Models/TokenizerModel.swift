/// What turns one pre-token into tokens.
public enum TokenizerModel: Sendable {
  case bpe(BPEModel)
}
