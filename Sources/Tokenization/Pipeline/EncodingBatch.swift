import Primitives
import Synchronization

/// Texts to be encoded with the same options, in parts of which each is the work of one thread.
struct EncodingBatch: Sendable {
  typealias Outcome = Result<[Encoding], TokenizerError>

  /// Bytes of a part: enough for taking it to be nothing beside encoding it.
  private static let partSize = 1 << 15

  private let texts: [String]
  private let options: EncodingOptions
  private let tokenizer: Tokenizer
  /// Places of texts that are neighbours.
  let parts: [Range<Int>]

  init(_ texts: [String], _ options: EncodingOptions, tokenizer: Tokenizer) {
    self.texts = texts
    self.options = options
    self.tokenizer = tokenizer
    var parts: [Range<Int>] = []
    var (start, size) = (0, 0)
    for (index, text) in texts.enumerated() {
      size += text.utf8.count
      if size >= Self.partSize || index + 1 == texts.count {
        parts.append(start..<index + 1)
        (start, size) = (index + 1, 0)
      }
    }
    self.parts = parts
  }

  /// The encodings of a part, or what the first text with an error has thrown.
  func encode(_ part: Range<Int>) -> Outcome {
    Outcome { () throws(TokenizerError) in
      let size = texts[part].reduce(0) { max($0, $1.utf8.count) }
      return try tokenizer.coders.withEncoder(of: tokenizer, options, size: size) {
        (encoder) throws(TokenizerError) in
        var encodings: [Encoding] = []
        encodings.reserveCapacity(part.count)
        encoder.textNumber = UInt64(part.lowerBound)
        for text in texts[part] { encodings.append(try encoder.encode(Array(text.utf8))) }
        return encodings
      }
    }
  }

  /// All encodings in order, filled up to one length if that is asked for.
  func joined(_ outcomes: [Outcome]) throws(TokenizerError) -> [Encoding] {
    var encodings: [Encoding] = []
    encodings.reserveCapacity(texts.count)
    for outcome in outcomes { encodings += try outcome.get() }
    if let padding = options.padding { try padding.pad(&encodings) }
    return encodings
  }
}

/// What several threads have found, by the number of its part.
final class OrderedResults: Sendable {
  private let results: Mutex<[EncodingBatch.Outcome]>

  init(count: Int) { results = Mutex(Array(repeating: .success([]), count: count)) }

  subscript(part: Int) -> EncodingBatch.Outcome {
    get { results.withLock { $0[part] } }
    set { results.withLock { $0[part] = newValue } }
  }
}
