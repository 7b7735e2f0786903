import Primitives
import Testing

@testable import Tokenization

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

  /// What stands beside the files of a tokenizer with these special tokens.
  private func companions(
    _ tokens: [SpecialToken], prefixOfGPT2: Bool? = nil
  ) -> (files: ConfigurationFiles, names: [String]) {
    var tokenizer = tokenizer
    tokenizer.specialTokens = tokens
    let files = ConfigurationFiles(of: tokenizer, prefixOfGPT2: prefixOfGPT2)
    return (files, files.besideVocabulary.map(\.name))
  }

  private func special(_ id: TokenID, _ text: String) -> SpecialToken {
    SpecialToken(id: id, content: Array(text.utf8))
  }

  private func map(_ files: ConfigurationFiles) throws -> String {
    let file = try #require(files.besideVocabulary.first { $0.name == "special_tokens_map.json" })
    return String(decoding: file.bytes, as: UTF8.self).filter { !$0.isWhitespace }
  }

  @Test("Parts go to the tokens that usually play them, others are additional")
  func parts() throws {
    let (files, names) = companions([
      special(0, "<x>"), special(4, "</s>"), special(5, "[CLS]"), special(6, "<|endoftext|>"),
    ])
    #expect(
      try map(files)
        == #"{"eos_token":"</s>","cls_token":"[CLS]","additional_special_tokens":["<x>","#
        + #""<|endoftext|>"]}"#)
    #expect(names == ["tokenizer_config.json", "special_tokens_map.json", "added_tokens.json"])
    #expect(files.besideTokenizer.map(\.name) == Array(names.prefix(2)))
    let added = try #require(files.besideVocabulary.last)
    #expect(
      String(decoding: added.bytes, as: UTF8.self)
        == "{\n  \"</s>\": 4,\n  \"[CLS]\": 5,\n  \"<|endoftext|>\": 6\n}\n")
  }

  @Test("Without special tokens there is no map, without tokens behind the vocabulary no list")
  func nothing() {
    #expect(companions([]).names == ["tokenizer_config.json"])
    var added = special(0, "new")
    added.isSpecial = false
    #expect(companions([added]).names == ["tokenizer_config.json"])
  }

  @Test("Flags that are not the usual ones stand in the map, where older readers find them")
  func flags() throws {
    var token = special(0, "<s>")
    token.stripsLeft = true
    #expect(
      try map(companions([token]).files)
        == #"{"bos_token":{"content":"<s>","single_word":false,"lstrip":true,"rstrip":false,"#
        + #""normalized":false}}"#)
  }

  @Test("In GPT-2's files one token plays three parts, or nobody does")
  func partsOfGPT2() throws {
    let (files, _) = companions([special(0, "<|endoftext|>")], prefixOfGPT2: false)
    #expect(
      try map(files)
        == #"{"bos_token":"<|endoftext|>","eos_token":"<|endoftext|>","unk_token":"<|endoftext|>"}"#
    )
    let configuration = companions([], prefixOfGPT2: true).files.besideVocabulary[0]
    let root = try JSONDocument(parsing: configuration.bytes).root
    #expect(root["unk_token"]?.isNull == true && root["add_prefix_space"]?.boolean == true)
  }

  @Test("The tokenizer itself is among the files")
  func tokenizerFile() throws {
    let bytes = Array(try text("tokenizer.json").utf8)
    #expect(bytes == (try HuggingFaceTokenizer.write(tokenizer)))
  }
}
