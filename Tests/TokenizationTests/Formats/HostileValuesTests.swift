import Primitives
import Testing

@testable import Tokenization

/// Values that no program writes, each in a file that is otherwise as it should be.
@Suite("Hostile values")
struct HostileValuesTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let sample: SampleFile
    let old: String
    let new: String
    /// A part of the error; `nil`: the file is read.
    let error: String?

    init(_ sample: SampleFile, _ old: String, _ new: String, _ error: String?) {
      (self.sample, self.old, self.new, self.error) = (sample, old, new, error)
    }

    var testDescription: String { "\(sample.rawValue): \(old) → \(new.prefix(60))" }
  }

  private static let long = String(repeating: "x", count: 100_000)

  static let rows: [Row] = [
    // Ids.
    Row(.bytePairs, #""ab": 4"#, #""ab": -1"#, "not within 0..."),
    Row(.bytePairs, #""ab": 4"#, #""ab": 99999999"#, "not within 0..."),
    Row(.bytePairs, #""ab": 4"#, #""ab": 18446744073709551616"#, ""),
    Row(.bytePairs, #""ab": 4"#, #""ab": 9000000"#, "id 4"),
    Row(.bytePairs, #""ab": 4"#, #""ab": 4.0"#, "integer"),
    Row(.bytePairs, #""ab": 4"#, #""ab": "4""#, "integer"),
    Row(.bytePairs, #""ab": 4"#, #""ab": 3"#, "the id 3 has two tokens"),
    Row(.bytePairs, #""ab": 4"#, #""a": 4"#, "has two ids"),
    Row(.words, #""ab": 3"#, #""a": 3"#, "has two ids"),
    Row(.wordPiece, #""ab": 5"#, #""a": 5"#, "has two ids"),
    Row(.wordPiece, #""ab": 5"#, #""ab": 4"#, "the id 4 has two tokens"),
    Row(.words, #""id": 9"#, #""id": 0"#, "two"),
    Row(.words, #""id": 9"#, #""id": 3"#, "the id 3 has two tokens"),
    Row(.words, #""id": 9"#, #""id": 16777215"#, "id 4"),
    Row(.words, #""content": "new é""#, #""content": "<s>""#, "has two ids"),
    Row(.words, #""content": "new é""#, #""content": """#, "without text"),
    Row(.unigram, #""id": 9"#, #""id": 10"#, "the id 9 has no token"),
    // Scores.
    Row(.unigram, "-2.5", "NaN", "JSON"), Row(.unigram, "-2.5", "-Infinity", "JSON"),
    Row(.unigram, "-2.5", "-1e999", "JSON"), Row(.unigram, "-2.5", #""-2.5""#, "score"),
    Row(.unigram, "-2.5", "null", "score"), Row(.unigram, "-2.5", "-2.5, 1", "score"),
    Row(.unigram, "-2.5", "-1e308", nil), Row(.unigram, "-2.5", "5e-324", nil),
    Row(.unigram, #""unk_id": 1"#, #""unk_id": 9"#, "unk_id"),
    Row(.unigram, #""unk_id": 1"#, #""unk_id": -1"#, "unk_id"),
    Row(.unigram, #""unk_id": 1"#, #""unk_id": 4294967297"#, "unk_id"),
    Row(.unigram, #""ab","#, #""a","#, "has two ids"),
    // Merges.
    Row(.bytePairs, "[\n        \"a\",", "[\n        \"x\",", "merge 0 needs the token"),
    Row(.bytePairs, "[\n        \"a\",", "[\n        \"字\",", "merge 0 needs the token"),
    Row(.bytePairs, "[\n        \"a\",", "[", "merge 0 is not a pair"),
    Row(.bytePairs, "[\n        \"a\",", "[\n        1,", "merge 0 is not a pair"),
    Row(
      .bytePairs, "[\n        \"a\",", "[\n        \"a\",\n        \"b\",", "merge 0 is not a pair"),
    Row(.bytePairs, "[\n        \"a\",", "[\n        \"\",", "merge 0 needs the token"),
    Row(.merges, "a b\n", "a x\n", "merge 0 needs the token"),
    Row(.merges, "a b\n", "a  b\n", "merge 0 is not a pair"),
    Row(.merges, "a b\n", "a b \n", "merge 0 is not a pair"),
    Row(.merges, "a b\n", "a\n", "merge 0 is not a pair"),
    Row(.merges, "a b\n", " \n", "merge 0 needs the token"),
    Row(.merges, "#version: 0.2\n", "", nil), Row(.merges, "\n", "\r\n", nil),
    Row(.merges, "a b\n", "a b\na b\n", nil),
    // Names of bytes that are none.
    Row(.characterPairs, "<0x-1>", "<0xGG>", nil), Row(.characterPairs, "<0x-1>", "<0x100>", nil),
    Row(.characterPairs, "<0x-1>", "<0x>", nil), Row(.unigram, "<0xFF>", "<0x-1>", nil),
    // Tokens without text, and with much of it.
    Row(.bytePairs, #""ab": 4"#, #""": 4"#, "merge 0 needs the token"),
    Row(.words, #""ab": 3"#, #""": 3"#, nil), Row(.wordPiece, #""ab": 5"#, #""": 5"#, nil),
    Row(.unigram, #""ab","#, #""","#, nil), Row(.unigram, #""ab","#, #""\#(long)","#, nil),
    Row(.bytePairs, #""ab": 4"#, #""\#(long)": 4"#, "merge 0 needs the token"),
    Row(.wordPiece, #""ab": 5"#, #""\#(long)": 5"#, nil),
    Row(
      .wordPiece, ###""continuing_subword_prefix": "##""###,
      #""continuing_subword_prefix": "\#(long)""#, nil),
    Row(
      .wordPiece, #""max_input_chars_per_word": 100"#, #""max_input_chars_per_word": -1"#,
      "max_input_chars_per_word"),
    Row(
      .wordPiece, #""max_input_chars_per_word": 100"#,
      #""max_input_chars_per_word": 9223372036854775807"#, nil),
    Row(.wordPiece, "token\": \"[UNK]", "token\": \"[X]", "lacks the unknown token"),
    // Rules of normalization.
    Row(.unigram, #""precompiled_charsmap": ""#, #""precompiled_charsmap": "*"#, "charsmap"),
    Row(.unigram, #""precompiled_charsmap": ""#, #""precompiled_charsmap": "////"#, "charsmap"),
    Row(.unigram, #""precompiled_charsmap": ""#, #""precompiled_charsmap": "AAAA"#, "charsmap"),
    // Files beside a vocabulary.
    Row(.configuration, #""7": {"#, #""x": {"#, "named by an id"),
    Row(.configuration, #""7": {"#, #""-7": {"#, "not within 0..."),
    Row(.configuration, #""7": {"#, #""99999999999999999999": {"#, "named by an id"),
    Row(.configuration, #""7": {"#, #""4294967303": {"#, "not within 0..."),
    Row(.configuration, #""7": {"#, #""8": {"#, "the id 8 has two tokens"),
    Row(.configuration, #""7": {"#, #""2": {"#, "the id 2 has two tokens"),
    Row(.configuration, #""content": "new""#, #""content": "<m é>""#, "has two ids"),
    Row(.configuration, #""content": "new""#, #""content": """#, "without text"),
    Row(.configuration, #""content": "new""#, #""content": 7"#, "a string"),
    Row(.configuration, #""lstrip": true"#, #""lstrip": 1"#, "true or false"),
    Row(
      .configuration, #""add_prefix_space": false"#, #""add_prefix_space": "no""#, "true or false"),
    Row(.configuration, #""bos_token": "<|endoftext|>""#, #""bos_token": 5"#, "bos_token"),
    Row(.configuration, #""bos_token": "<|endoftext|>""#, #""bos_token": {}"#, "bos_token.content"),
    Row(
      .configuration, #""added_tokens_decoder": {"#, #""added_tokens_decoder": [], "x": {"#,
      "object"),
    Row(
      .specialTokensMap, #""additional_special_tokens": ["#,
      #""additional_special_tokens": 7, "x": ["#, "array"),
    Row(.specialTokensMap, #""content": "<m é>""#, #""content": null"#, "content"),
    Row(.addedTokens, #""new": 8"#, #""new": 7"#, "the id 7 has two tokens"),
    Row(.addedTokens, #""new": 8"#, #""new": -8"#, "not within 0..."),
    Row(.addedTokens, #""new": 8"#, #""new": 16777215"#, "the id 8 has no token"),
    Row(.addedTokens, #""new": 8"#, #""new": "8""#, "an integer"),
    Row(.addedTokens, #""new": 8"#, #""": 8"#, "without text"),
    Row(.addedTokens, #""new": 8"#, #""ab": 8"#, "has two ids"),
    Row(.addedTokens, #""new": 8"#, #""<m é>": 8"#, "has two ids"),
    Row(.list, "[UNK]\n", "", "lacks the unknown token"), Row(.list, "ab\n", "a\n", "has two ids"),
    Row(.list, "ab\n", "\(long)\n", nil), Row(.list, "ab\n", "\n\n\n", nil),
    Row(.list, "ab\n", "ab\r\n", nil), Row(.list, "ab\n", "a\0b\n", nil),
    Row(.rankSidecar, #""<|end|>": 300"#, #""<|end|>": 97"#, "the id 97 has two tokens"),
    Row(.rankSidecar, #""<|end|>": 300"#, #""<|end|>": -1"#, "not within 0..."),
    Row(.rankSidecar, #""<|end|>": 300"#, #""<|end|>": 16777215"#, "not within 0..."),
    Row(.rankSidecar, #""pattern": ""#, #""pattern": "(("#, nil),
  ]

  @Test("A bad value is an error that says which, or does no harm", arguments: rows)
  func value(row: Row) throws {
    let text = String(decoding: try row.sample.bytes(), as: UTF8.self)
    let changed = text.replacing(row.old, with: row.new)
    try #require(changed != text, "the file has no such text")
    do {
      let tokenizer = try row.sample.read(Array(changed.utf8))
      #expect(row.error == nil)
      guard let tokenizer, let compiled = try? CompiledTokenizer(tokenizer),
        var encoder = try? TokenEncoder(compiled)
      else { return }
      var ids: [TokenID] = []
      try? encoder.encode(Array("ab a\u{E9} <0x-1>字".utf8), into: &ids)
      _ = try TokenDecoder(tokenizer).decode(ids)
    } catch let error as FormatError {
      #expect(row.error.map { error.description.contains($0) || $0.isEmpty } == true, "\(error)")
      #expect(error.description.utf8.count < 1000)
    }
  }
}
