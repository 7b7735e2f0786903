import Testing

@testable import Tokenization

@Suite("tokenizer.json of WordPiece")
struct HuggingFaceWordPieceTests {
  private static let file = """
    {"version": "1.0", "truncation": null, "padding": null,
     "added_tokens": [
       {"id": 0, "content": "[UNK]", "single_word": false, "lstrip": false, "rstrip": false,
        "normalized": false, "special": true},
       {"id": 5, "content": "new", "single_word": false, "lstrip": false, "rstrip": false,
        "normalized": true, "special": false}],
     "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
       "strip_accents": null, "lowercase": true},
     "pre_tokenizer": {"type": "BertPreTokenizer"},
     "post_processor": {"type": "BertProcessing", "sep": ["b", 2], "cls": ["a", 1]},
     "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": true},
     "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
       "max_input_chars_per_word": 100,
       "vocab": {"[UNK]": 0, "a": 1, "b": 2, "##b": 3, "##\\u00e9": 4}}}
    """

  private func read(_ changes: (String, String)...) throws(FormatError) -> Tokenizer {
    var text = Self.file
    for (old, new) in changes {
      let parts = text.split(separator: old, maxSplits: 1, omittingEmptySubsequences: false)
      precondition(parts.count == 2, "the file has \(old)")
      text = parts.joined(separator: new)
    }
    return try TokenizerFile.load(Array(text.utf8))
  }

  private func error(_ old: String, _ new: String) -> FormatError? {
    do throws(FormatError) {
      _ = try read((old, new))
      return nil
    } catch {
      return error
    }
  }

  @Test("A file is read, and what is written reads back")
  func reading() throws {
    let tokenizer = try read()
    guard case .wordPiece(let model) = tokenizer.model else {
      Issue.record("another model")
      return
    }
    #expect(model.vocabulary[4].map(Array.init) == Array("##é".utf8))
    #expect(model.longestWord == 100 && model.continuingPrefix == Array("##".utf8))
    #expect(tokenizer.idCount == 6)
    let written = try HuggingFaceTokenizer.write(tokenizer)
    let again = try TokenizerFile.load(written)
    #expect(try HuggingFaceTokenizer.write(again) == written)
    #expect(again.postProcessor == tokenizer.postProcessor)
    #expect(again.detokenizer == tokenizer.detokenizer)
  }

  @Test("A file without a type has the family whose fields it has")
  func untyped() throws {
    let tokenizer = try read(("\"model\": {\"type\": \"WordPiece\", ", "\"model\": {"))
    guard case .wordPiece = tokenizer.model else {
      Issue.record("another model")
      return
    }
  }

  @Test("Words are encoded with their places, and special tokens stand around them")
  func encoding() throws {
    let compiled = try CompiledTokenizer(read())
    var options = EncodingOptions()
    options.addsSpecialTokens = true
    var encoder = try TokenEncoder(compiled, options: options)
    let encoding = try encoder.encode(Array(" AB xyz b".utf8))
    #expect(encoding.ids == [1, 1, 3, 0, 2, 2])
    #expect(encoding.offsets == [0..<0, 1..<2, 2..<3, 4..<7, 8..<9, 0..<0])
    #expect(encoding.wordIndices == [nil, 0, 0, 1, 2, nil])
  }

  @Test("What is wrong with a file is named")
  func refusals() {
    #expect(
      error("\"unk_token\": \"[UNK]\"", "\"unk_token\": \"x\"")
        == .absentUnknownToken(token: [0x78]))
    #expect(error("\"##b\": 3", "\"a\": 3") == .duplicateToken(token: [0x61]))
    #expect(error("\"##b\": 3", "\"##b\": 2") == .duplicateID(id: 2))
    #expect(error("\"##b\": 3", "\"##b\": 7") == nil)
    #expect(error("\"##b\": 3", "\"##b\": 70000") == .gap(id: 3))
    #expect(error("\"id\": 0", "\"id\": 1") == .duplicateID(id: 1))
    #expect(
      error("\"max_input", "\"min_input")
        == .missing(field: "model.max_input_chars_per_word"))
    #expect(
      error("\"prefix\": \"##\", \"cleanup\"", "\"prefix\": 2, \"cleanup\"")
        == .wrongType(field: "decoder.prefix", expected: "a string"))
    #expect(
      error("[\"b\", 2]", "[\"b\"]")
        == .wrongType(field: "post_processor.sep", expected: "a token and its id"))
  }
}
