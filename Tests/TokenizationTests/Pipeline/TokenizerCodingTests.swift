import Testing
import Tokenization

@Suite("Encoding and decoding in one call")
struct TokenizerCodingTests {
  private let tokenizer = TokenEncoderTests.tokenizer(
    specialTokens: [SpecialToken(id: 1000, content: Array("<|end|>".utf8))])

  private func texts(_ count: Int) -> [String] {
    var generator = SeededGenerator(seed: 3)
    let words = ["hello", " wort", "é", "字", "\n", " ", "singing"]
    return (0..<count).map { _ in
      (0..<Int.random(in: 0...300, using: &generator)).map { _ in
        words.randomElement(using: &generator) ?? ""
      }.joined()
    }
  }

  @Test("A text becomes ids and comes back")
  func roundTrip() throws {
    let text = "hello wort, 字 é"
    let encoding = try tokenizer.encode(text)
    #expect(try tokenizer.ids(of: text) == encoding.ids)
    #expect(try tokenizer.decode(encoding.ids) == text)
    #expect(try tokenizer.encode(Array(text.utf8)) == encoding)
    // Half a character is no text.
    #expect(try tokenizer.decode(Array(tokenizer.ids(of: "字").prefix(1))) == "\u{FFFD}")
    #expect(throws: TokenizerError.unknownID(id: 5000, position: 1)) {
      try tokenizer.decode([1, 5000])
    }
  }

  @Test("Many texts are what each of them is, at any number of threads, and in tasks")
  func batches() async throws {
    let texts = texts(500)
    let single = try texts.map { try tokenizer.encode($0) }
    for threads in [1, 2, 3, 8] {
      #expect(try tokenizer.encodeBatch(texts, threads: threads) == single)
    }
    let suspended = try await tokenizer.encodeBatch(texts)
    #expect(suspended == single)
    #expect(try tokenizer.encodeBatch([], threads: 2) == [])
    var options = EncodingOptions()
    options.padding = Padding(id: 0, token: [0x21])
    let padded = try tokenizer.encodeBatch(texts, options: options, threads: 3)
    #expect(Set(padded.map(\.count)) == [single.map(\.count).max() ?? 0])
    #expect(padded.map { $0.attentionMask.reduce(0) { $0 + Int($1) } } == single.map(\.count))
  }

  @Test("The first text with an error is the one that is told, and a cancelled task ends")
  func batchErrors() async throws {
    var options = EncodingOptions()
    options.otherSpecialTokens = .error
    var texts = texts(300)
    texts[250] = "é<|end|>"
    texts[120] = "hello<|end|>"
    let error = TokenizerError.specialTokenInText(token: Array("<|end|>".utf8), offset: 5)
    #expect(throws: error) { try tokenizer.encodeBatch(texts, options: options, threads: 3) }
    await #expect(throws: error) { try await tokenizer.encodeBatch(texts, options: options) }
    let task = Task { [texts] in
      withUnsafeCurrentTask { $0?.cancel() }
      return try await tokenizer.encodeBatch(texts, options: options)
    }
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test("A changed copy encodes as it says, and leaves the first as it is")
  func copies() throws {
    var options = EncodingOptions(allowedSpecialTokens: .all)
    #expect(try tokenizer.ids(of: "a<|end|>", options: options).last == 1000)
    var copy = tokenizer
    copy.specialTokens = [
      SpecialToken(id: 2000, content: Array("b".utf8)),
      SpecialToken(id: 1500, content: Array("<|end|>".utf8)),
    ]
    #expect(copy.specialTokens.map(\.id) == [1500, 2000] && copy.idCount == 2001)
    #expect(try copy.ids(of: "b<|end|>", options: options) == [2000, 1500])
    #expect(try tokenizer.ids(of: "a<|end|>", options: options).last == 1000)
    copy.normalizer = Normalizer([.lowercase])
    #expect(try copy.ids(of: "B", options: options) == copy.ids(of: "b"))
    #expect(copy.id(of: Array("<|end|>".utf8)) == 1500 && copy.id(of: Array("hello".utf8)) != nil)
    #expect(copy.id(of: Array("hellohello".utf8)) == nil)
    options.allowedSpecialTokens = .named([Array("<|x|>".utf8)])
    #expect(throws: TokenizerError.unknownSpecialToken(name: Array("<|x|>".utf8))) {
      try tokenizer.encode("a", options: options)
    }
  }

  @Test("Tasks and threads may ask the same value at once")
  func concurrent() async throws {
    let texts = texts(64)
    let expected = try texts.map { try tokenizer.ids(of: $0) }
    let found = try await withThrowingTaskGroup(of: (Int, [TokenID]).self) { group in
      for (index, text) in texts.enumerated() {
        group.addTask { (index, try tokenizer.ids(of: text)) }
      }
      var found = [[TokenID]](repeating: [], count: texts.count)
      for try await (index, ids) in group { found[index] = ids }
      return found
    }
    #expect(found == expected)
  }

  @Test("A special token in the text is an error where the options say so, with its place")
  func specialTokens() throws {
    var options = EncodingOptions()
    options.otherSpecialTokens = .error
    #expect(throws: TokenizerError.specialTokenInText(token: Array("<|end|>".utf8), offset: 3)) {
      try tokenizer.ids(of: "字<|end|>", options: options)
    }
    #expect(throws: TokenizerError.self) { try tokenizer.encode("a", "<|end|>", options: options) }
    #expect(try tokenizer.ids(of: "字<|end|", options: options).count > 3)
    options.allowedSpecialTokens = .named([Array("<|end|>".utf8)])
    #expect(try tokenizer.ids(of: "<|end|>", options: options) == [1000])
    options.allowedSpecialTokens = .all
    #expect(try tokenizer.ids(of: "<|end|>", options: options) == [1000])
  }
}
