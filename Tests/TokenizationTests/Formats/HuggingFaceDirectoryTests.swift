import Primitives
import Testing
import Tokenization

@Suite("Hugging Face directory")
struct HuggingFaceDirectoryTests {
  private let tokenizer = Tokenizer(
    normalizer: .none, preTokenizer: .none,
    model: .bpe(
      BPEModel(
        vocabulary: Vocabulary(tokens: [nil, [0x20], [0x22], [0x20, 0x22]]),
        merges: [Merge(left: 1, right: 2, result: 3)])),
    specialTokens: [
      SpecialToken(id: 9, content: Array("late".utf8), isSpecial: false),
      SpecialToken(id: 0, content: Array("<a b>".utf8)),
    ])

  private func text(_ name: String) throws -> String {
    let files = try HuggingFaceDirectory.files(for: tokenizer)
    let file = try #require(files.first { $0.name == name })
    return String(decoding: file.bytes, as: UTF8.self)
  }

  @Test("The vocabulary is one line, ordered by id, with special tokens in their places")
  func vocabulary() throws {
    #expect(try text("vocab.json") == #"{"<a b>":0,"Ġ":1,"\"":2,"Ġ\"":3}"#)
  }

  @Test("Merges stand in rank order behind the version")
  func merges() throws {
    #expect(try text("merges.txt") == "#version: 0.2\nĠ \"\n")
  }

  @Test("The configuration names a class that needs no code, and all special tokens by id")
  func configuration() throws {
    let root = try JSONDocument(parsing: Array(try text("tokenizer_config.json").utf8)).root
    #expect(root["tokenizer_class"]?.isString("PreTrainedTokenizerFast") == true)
    #expect(root["clean_up_tokenization_spaces"]?.boolean == false)
    let tokens = try #require(root["added_tokens_decoder"]?.members)
    #expect(tokens.map(\.key.string) == [Array("0".utf8), Array("9".utf8)])
    #expect(tokens.map { $0.value["special"]?.boolean } == [true, false])
  }

  @Test("The tokenizer itself is among the files")
  func tokenizerFile() throws {
    let bytes = Array(try text("tokenizer.json").utf8)
    #expect(bytes == (try HuggingFaceTokenizer.write(tokenizer)))
  }
}
