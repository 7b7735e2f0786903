import Primitives
import Tokenization
import TokenizerComparison

/// A model of `compare`, ready for texts.
final class ComparedSide {
  let tokenizer: NamedTokenizer
  let model: ComparedModel
  private var encoder: TokenEncoder
  private let decoder: TokenDecoder

  init(_ named: NamedTokenizer) throws(Failure) {
    let tokenizer = named.tokenizer
    var options = EncodingOptions()
    // A comparison leaves nothing to chance.
    if case .bpe = tokenizer.model { options.sampling = Sampling(.dropout(0)) }
    encoder = try Failure.mapping(of: named.name) { () throws(TokenizerError) in
      try TokenEncoder(CompiledTokenizer(tokenizer), options: options)
    }
    decoder = TokenDecoder(tokenizer)
    model = ComparedModel(tokenizer, name: named.name)
    self.tokenizer = named
  }

  func result(of text: [UInt8]) throws(Failure) -> TokenizedText {
    do throws(TokenizerError) {
      return try TokenizedText(text, by: &encoder, decoder)
    } catch {
      throw Failure(error, of: tokenizer.name)
    }
  }

  /// What happens to each word of a text, as lines.
  func steps(of text: [UInt8]) throws(Failure) -> [String] {
    do throws(TokenizerError) {
      let explanation = try encoder.explanation(of: text)
      return ExplanationListing(tokenizer: encoder.compiled.tokenizer).steps(of: explanation)
    } catch {
      throw Failure(error, of: tokenizer.name)
    }
  }
}
