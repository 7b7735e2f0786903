import Primitives
import Synchronization

/// What a tokenizer encodes and decodes with: made when it is first asked for; encoders are lent to one
/// caller at a time and kept for the next.
///
/// Memory: at most an idle encoder for each processor, none of which has seen a text above
/// `longestText`, so that its scratch and its caches are bounded.
final class CoderPool: Sendable {
  /// Bytes of texts after which an encoder is not kept.
  private static let longestText = 1 << 22

  /// An encoder that one caller has at a time.
  private final class Lender: @unchecked Sendable {
    let options: EncodingOptions
    var encoder: TokenEncoder

    init(_ encoder: consuming TokenEncoder) {
      options = encoder.options
      self.encoder = encoder
    }
  }

  private struct State {
    var compiled: CompiledTokenizer?
    var decoder: TokenDecoder?
    /// The one that waits longest first.
    var idle: [Lender] = []
  }

  private let state = Mutex(State())

  /// Lends an encoder with these options.
  ///
  /// - Parameter size: bytes that it will encode.
  /// - Throws: what compiling the tokenizer throws, unknown special tokens, and what `body` does.
  func withEncoder<Result>(
    of tokenizer: Tokenizer, _ options: EncodingOptions, size: Int,
    _ body: (inout TokenEncoder) throws(TokenizerError) -> Result
  ) throws(TokenizerError) -> Result {
    let lender = try lender(of: tokenizer, options)
    defer {
      if size <= Self.longestText {
        state.withLock { state in
          if state.idle.count == Threads.available { state.idle.removeFirst() }
          state.idle.append(lender)
        }
      }
    }
    // What chance does must not depend on what others asked for before.
    lender.encoder.textNumber = 0
    return try body(&lender.encoder)
  }

  private func lender(
    of tokenizer: Tokenizer, _ options: EncodingOptions
  ) throws(TokenizerError) -> Lender {
    let (compiled, idle) = try state.withLock {
      (state) throws(TokenizerError) -> (CompiledTokenizer, Lender?) in
      let place = state.idle.lastIndex { $0.options == options }
      if let compiled = state.compiled {
        return (compiled, place.map { state.idle.remove(at: $0) })
      }
      let compiled = try CompiledTokenizer(tokenizer)
      state.compiled = compiled
      return (compiled, nil)
    }
    if let idle { return idle }
    return Lender(try TokenEncoder(compiled, options: options))
  }

  func decoder(of tokenizer: Tokenizer) -> TokenDecoder {
    state.withLock { state in
      let decoder = state.decoder ?? TokenDecoder(tokenizer)
      state.decoder = decoder
      return decoder
    }
  }
}
