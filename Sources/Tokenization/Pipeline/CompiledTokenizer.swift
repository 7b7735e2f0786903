/// A tokenizer in the form in which it is applied: immutable, made once, shared by all encoders.
public final class CompiledTokenizer: Sendable {
  /// What it was made from.
  public let tokenizer: Tokenizer
  let model: CompiledModel
  let preTokenizer: CompiledPreTokenizer
  let normalizer: CompiledNormalizer

  /// - Throws: `TokenizerError.preparation`, `.vocabularyTooLarge`, `.absentUnknownToken`.
  public init(_ tokenizer: Tokenizer) throws(TokenizerError) {
    guard tokenizer.idCount <= Int(PieceCache.greatestID) + 1 else {
      throw .vocabularyTooLarge(count: tokenizer.idCount)
    }
    do throws(TextPreparationError) {
      normalizer = try CompiledNormalizer(tokenizer.normalizer)
    } catch {
      throw .preparation(error)
    }
    do throws(PatternError) {
      preTokenizer = try CompiledPreTokenizer(
        tokenizer.preTokenizer, keepsBytes: tokenizer.model.holdsBytes)
    } catch {
      throw .preparation(.pattern(error))
    }
    guard let model = CompiledModel(tokenizer.model) else {
      throw .absentUnknownToken(token: tokenizer.model.unknownToken)
    }
    self.model = model
    self.tokenizer = tokenizer
  }
}
