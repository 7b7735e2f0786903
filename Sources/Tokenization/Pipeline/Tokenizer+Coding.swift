import Primitives

/// Encoding and decoding in one call. All of this may be called from any thread or task, at the same
/// time; a program that encodes much on threads of its own takes a `TokenEncoder` for each.
extension Tokenizer {
  /// The tokens of a text, with offsets, words and masks.
  ///
  /// - Throws: `TokenizerError`, as `TokenEncoder`.
  public func encode(
    _ text: String, options: EncodingOptions = EncodingOptions()
  ) throws(TokenizerError) -> Encoding {
    try encode(Array(text.utf8), options: options)
  }

  /// The tokens of a text that may be no UTF-8.
  public func encode(
    _ text: [UInt8], options: EncodingOptions = EncodingOptions()
  ) throws(TokenizerError) -> Encoding {
    try coders.withEncoder(of: self, options, size: text.count) {
      (encoder) throws(TokenizerError) in try encoder.encode(text)
    }
  }

  /// The tokens of a pair of texts, such as a question and where its answer is looked for.
  public func encode(
    _ first: String, _ second: String, options: EncodingOptions = EncodingOptions()
  ) throws(TokenizerError) -> Encoding {
    let (first, second) = (Array(first.utf8), Array(second.utf8))
    return try coders.withEncoder(of: self, options, size: first.count + second.count) {
      (encoder) throws(TokenizerError) in try encoder.encode(first, second)
    }
  }

  /// The ids of a text, and nothing else: some ten times as fast as `encode`.
  public func ids(
    of text: String, options: EncodingOptions = EncodingOptions()
  ) throws(TokenizerError) -> [TokenID] {
    let text = Array(text.utf8)
    return try coders.withEncoder(of: self, options, size: text.count) {
      (encoder) throws(TokenizerError) in
      var ids: [TokenID] = []
      try encoder.encode(text, into: &ids)
      return ids
    }
  }

  /// The text of a sequence of ids. Bytes that are no text, such as those of half a character, become
  /// U+FFFD; `TokenDecoder` gives the bytes.
  ///
  /// - Parameter skips: whether special tokens leave nothing.
  /// - Throws: `TokenizerError.unknownID`, and `.pattern`.
  public func decode(
    _ ids: [TokenID], skippingSpecialTokens skips: Bool = false
  ) throws(TokenizerError) -> String {
    let bytes = try coders.decoder(of: self).decode(ids, skippingSpecialTokens: skips)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The tokens of many texts, in their order, encoded on several threads; the same for any number of
  /// them. Padding without a length of its own fills up all texts to the longest.
  ///
  /// It blocks its caller; in a task, take the one that suspends.
  /// - Parameter threads: `nil`: one for each processor.
  /// - Throws: what the first text with an error throws.
  public func encodeBatch(
    _ texts: [String], options: EncodingOptions = EncodingOptions(), threads: Int? = nil
  ) throws(TokenizerError) -> [Encoding] {
    let batch = EncodingBatch(texts, options, tokenizer: self)
    let parts = batch.parts
    let cursor = WorkCursor(count: parts.count)
    let results = OrderedResults(count: parts.count)
    Threads.run(max(1, min(threads ?? Threads.available, parts.count))) { _ in
      while let part = cursor.next() { results[part] = batch.encode(parts[part]) }
    }
    return try batch.joined((0..<parts.count).map { results[$0] })
  }

  /// The same, suspended until it is done. It runs on as many threads as the system gives to tasks, and
  /// ends early where its task is cancelled.
  ///
  /// - Throws: `CancellationError`, or `TokenizerError`.
  public func encodeBatch(
    _ texts: [String], options: EncodingOptions = EncodingOptions()
  ) async throws -> [Encoding] {
    let batch = EncodingBatch(texts, options, tokenizer: self)
    let parts = batch.parts
    let results = try await withThrowingTaskGroup(of: (Int, EncodingBatch.Outcome).self) { group in
      for (index, part) in parts.enumerated() {
        group.addTask {
          try Task.checkCancellation()
          return (index, batch.encode(part))
        }
      }
      var results = [EncodingBatch.Outcome](repeating: .success([]), count: parts.count)
      for try await (index, outcome) in group { results[index] = outcome }
      return results
    }
    return try batch.joined(results)
  }
}
