import Primitives
import Testing
import Tokenization

@Suite("tokenizer.json")
struct HuggingFaceTokenizerTests {
  /// A small file with all that is supported; `changes` replace texts in it.
  private func file(_ changes: (String, String)...) -> [UInt8] {
    var text = """
      {
        "version": "1.0",
        "truncation": null,
        "padding": null,
        "added_tokens": [
          {
            "id": 0,
            "content": "<s é>",
            "single_word": false,
            "lstrip": false,
            "rstrip": true,
            "normalized": false,
            "special": true
          },
          {
            "id": 5,
            "content": "new",
            "single_word": true,
            "lstrip": false,
            "rstrip": false,
            "normalized": true,
            "special": false
          }
        ],
        "normalizer": {
          "type": "NFC"
        },
        "pre_tokenizer": {
          "type": "Sequence",
          "pretokenizers": [
            {
              "type": "Split",
              "pattern": {
                "Regex": "\\\\w+|\\\\W+"
              },
              "behavior": "Isolated",
              "invert": false
            },
            {
              "type": "ByteLevel",
              "add_prefix_space": false,
              "trim_offsets": true,
              "use_regex": false
            }
          ]
        },
        "post_processor": {
          "type": "TemplateProcessing",
          "single": [
            {
              "SpecialToken": {
                "id": "<s é>",
                "type_id": 0
              }
            },
            {
              "Sequence": {
                "id": "A",
                "type_id": 0
              }
            }
          ],
          "pair": [
            {
              "Sequence": {
                "id": "A",
                "type_id": 0
              }
            },
            {
              "Sequence": {
                "id": "B",
                "type_id": 1
              }
            }
          ],
          "special_tokens": {
            "<s é>": {
              "id": "<s é>",
              "ids": [
                0
              ],
              "tokens": [
                "<s é>"
              ]
            }
          }
        },
        "decoder": {
          "type": "ByteLevel",
          "add_prefix_space": true,
          "trim_offsets": true,
          "use_regex": true
        },
        "model": {
          "type": "BPE",
          "dropout": null,
          "unk_token": null,
          "continuing_subword_prefix": null,
          "end_of_word_suffix": null,
          "fuse_unk": false,
          "byte_fallback": false,
          "ignore_merges": false,
          "vocab": {
            "<s é>": 0,
            "a": 1,
            "Ġ": 2,
            "é": 3,
            "Ġa": 4
          },
          "merges": [
            [
              "Ġ",
              "a"
            ]
          ]
        }
      }
      """
    for (old, new) in changes {
      #expect(text.contains(old), "the test replaces what is there: \(old)")
      text.replace(old, with: new)
    }
    return Array(text.utf8)
  }

  private func error(_ changes: (String, String)...) -> FormatError? {
    var bytes = file()
    for change in changes {
      var text = String(decoding: bytes, as: UTF8.self)
      #expect(text.contains(change.0), "the test replaces what is there: \(change.0)")
      text.replace(change.0, with: change.1)
      bytes = Array(text.utf8)
    }
    do throws(FormatError) {
      _ = try TokenizerFile.load(bytes)
      return nil
    } catch {
      return error
    }
  }

  @Test("Reading and writing gives the same bytes")
  func roundTrip() throws {
    let bytes = file()
    let written = try HuggingFaceTokenizer.write(TokenizerFile.load(bytes))
    #expect(String(decoding: written, as: UTF8.self) == String(decoding: bytes, as: UTF8.self))
    #expect(written == bytes)
  }

  @Test("What the file says is what the tokenizer holds")
  func content() throws {
    let tokenizer = try TokenizerFile.load(file())
    #expect(tokenizer.normalizer == Normalizer([.form(.nfc)]))
    #expect(
      tokenizer.preTokenizer
        == PreTokenizer([
          .split(SplitPattern(#"\w+|\W+"#)),
          .byteLevel(ByteLevelSettings(addsPrefixSpace: false, usesPattern: false)),
        ]))
    guard case .bpe(let model) = tokenizer.model else { return }
    #expect(model.vocabulary.count == 5)
    #expect(model.vocabulary[0] == nil)
    #expect(model.vocabulary[3] == [0xE9])
    #expect(model.vocabulary[4] == [0x20, 0x61])
    #expect(model.merges == [Merge(left: 2, right: 1, result: 4)])
    #expect(tokenizer.specialTokens.map(\.id) == [0, 5])
    #expect(tokenizer.specialTokens[0].stripsRight && !tokenizer.specialTokens[0].singleWord)
    #expect(tokenizer.idCount == 6)
    #expect(tokenizer.bytes(of: 0) == ArraySlice("<s é>".utf8))
  }

  @Test("A token that merges need stays a token when it is added as well")
  func mergedAddedToken() throws {
    let bytes = file(("\"id\": 5", "\"id\": 4"), ("\"new\"", "\"Ġa\""))
    let tokenizer = try TokenizerFile.load(bytes)
    guard case .bpe(let model) = tokenizer.model else { return }
    #expect(model.vocabulary[4] == [0x20, 0x61])
    #expect(try HuggingFaceTokenizer.write(tokenizer) == bytes)
    #expect(try TokenDecoder(tokenizer).decode([4]) == [0x20, 0x61])
  }

  @Test("A byte-level step stands at the end, whether the pre-tokenizer has one or not")
  func patterns() throws {
    var tokenizer = try TokenizerFile.load(file())
    let gpt2 = ByteLevelSettings(addsPrefixSpace: true, usesPattern: true)
    let bare = ByteLevelSettings(addsPrefixSpace: false, usesPattern: false)
    for (steps, settings, expected) in [
      ([.byteLevel(gpt2)], gpt2, "\"use_regex\": true"), ([], bare, "\"use_regex\": false"),
    ] as [([PreTokenizer.Step], ByteLevelSettings, String)] {
      tokenizer.preTokenizer = PreTokenizer(steps)
      let text = String(decoding: try HuggingFaceTokenizer.write(tokenizer), as: UTF8.self)
      let start = try #require(
        text.ranges(of: "\"pre_tokenizer\": {\n    \"type\": \"ByteLevel\"").first)
      #expect(text[start.lowerBound...].prefix(200).contains(expected))
      let again = try TokenizerFile.load(Array(text.utf8))
      #expect(again.preTokenizer == PreTokenizer([.byteLevel(settings)]))
    }
    tokenizer.preTokenizer = PreTokenizer([.split(SplitPattern("a(?i)b|c", dialect: .tiktoken))])
    #expect(throws: FormatError.self) { _ = try HuggingFaceTokenizer.write(tokenizer) }
  }

  @Test("Merges of older files are texts with one blank")
  func olderMerges() throws {
    let old = "[\n        \"Ġ\",\n        \"a\"\n      ]"
    guard case .bpe(let model) = try TokenizerFile.load(file((old, "\"Ġ a\""))).model else {
      return
    }
    #expect(model.merges == [Merge(left: 2, right: 1, result: 4)])
    #expect(error((old, "\"Ġ  a\"")) == .malformedMerge(rank: 0))
    #expect(error((old, "\"Ġa\"")) == .malformedMerge(rank: 0))
    #expect(error((old, "[\"Ġ\"]")) == .malformedMerge(rank: 0))
    #expect(error((old, "7")) == .malformedMerge(rank: 0))
  }

  @Test("A file that is cut short anywhere is an error")
  func truncated() {
    let bytes = file()
    for length in 0..<bytes.count {
      #expect(throws: FormatError.self, "first \(length) bytes") {
        _ = try TokenizerFile.load(Array(bytes[..<length]))
      }
    }
  }

  @Test("A byte changed anywhere is an error or another file, never a crash")
  func changed() {
    let bytes = file()
    var generator = SeededGenerator(seed: 11)
    for _ in 0..<3000 {
      var changed = bytes
      let place = Int.random(in: 0..<bytes.count, using: &generator)
      changed[place] = UInt8.random(in: 0...255, using: &generator)
      if let tokenizer = try? TokenizerFile.load(changed),
        let compiled = try? CompiledTokenizer(tokenizer),
        var encoder = try? TokenEncoder(compiled)
      {
        var ids: [TokenID] = []
        try? encoder.encode(Array("a a\u{301} é<s é>".utf8), into: &ids)
        _ = try? HuggingFaceTokenizer.write(tokenizer)
      }
    }
  }

  @Test("Broken vocabularies are told apart")
  func vocabularies() {
    #expect(error(("\"é\": 3", "\"é\": 2")) == .duplicateID(id: 2))
    #expect(error(("\"é\": 3", "\"a\": 3")) == .duplicateToken(token: [0x61]))
    #expect(error(("\"é\": 3", "\"é\": 7")) == nil)
    #expect(error(("\"é\": 3", "\"é\": 70000")) == .gap(id: 3))
    #expect(error(("\"id\": 5", "\"id\": 70000")) == .gap(id: 5))
    #expect(
      error(("\"é\": 3", "\"é\": -1"))
        == .idOutOfRange(token: [0xC3, 0xA9], greatest: 1 << 24 - 1))
    #expect(
      error(("\"é\": 3", "\"é\": 16777216"))
        == .idOutOfRange(token: [0xC3, 0xA9], greatest: 1 << 24 - 1))
    #expect(
      error(("\"é\": 3", "\"é\": 3.5"))
        == .wrongType(field: "model.vocab[\"é\"]", expected: "an integer"))
    #expect(
      error(("\"é\": 3", "\"é\": \"3\""))
        == .wrongType(field: "model.vocab[\"é\"]", expected: "an integer"))
    #expect(error(("\"id\": 5", "\"id\": 0")) == .duplicateID(id: 0))
    #expect(error(("\"id\": 5", "\"id\": 4")) == .duplicateID(id: 4))
    #expect(error(("\"new\"", "\"<s é>\"")) == .duplicateToken(token: Array("<s é>".utf8)))
    #expect(error(("\"new\"", "\"a\"")) == .duplicateToken(token: [0x61]))
  }

  @Test("Tokens that the byte alphabet cannot spell make it a model of characters")
  func notOnlyBytes() throws {
    for token in ["字", "a b", ""] {
      let bytes = file(("\"é\": 3", "\"\(token)\": 3"))
      let tokenizer = try TokenizerFile.load(bytes)
      guard case .bpe(let model) = tokenizer.model else { return }
      #expect((model.base == .bytes) == token.isEmpty)
      #expect(try HuggingFaceTokenizer.write(tokenizer) == bytes)
      var encoder = try TokenEncoder(CompiledTokenizer(tokenizer))
      #expect(try encoder.encode(Array(" aé a".utf8)).ids == [2, 1, 2, 1])
      #expect(try TokenDecoder(tokenizer).decode([4, 1]) == Array(" aa".utf8))
    }
  }

  @Test("A merge that names or makes an absent token is refused")
  func merges() {
    #expect(
      error(("\"Ġ\",", "\"x\",")) == .absentToken(rank: 0, token: Array("x".utf8)))
    #expect(
      error(("\"Ġ\",", "\"a\",")) == .absentToken(rank: 0, token: Array("aa".utf8)))
  }

  @Test(
    "Features that are not supported are named",
    arguments: [
      ("\"NFC\"", "\"NFX\"", "NFX"),
      ("\"1.0\"", "\"1.1\"", "1.1"),
      ("\"BPE\"", "\"Bigram\"", "Bigram"),
      ("\"TemplateProcessing\"", "\"GPTProcessing\"", "GPTProcessing"),
      ("\"decoder\": {\n    \"type\": \"ByteLevel\"", "\"decoder\": {\n    \"type\": \"X\"", "X"),
      (
        "\"continuing_subword_prefix\": null", "\"continuing_subword_prefix\": \"a\"",
        "byte_fallback"
      ),
    ])
  func unsupported(old: String, new: String, feature: String) throws {
    let found = try #require(
      error((old, new), ("\"byte_fallback\": false", "\"byte_fallback\": true")))
    switch found {
    case .unsupported(let text): #expect(text.contains(feature))
    case .unknownType(_, let type, let supported):
      #expect(type == feature)
      #expect(!supported.isEmpty && !supported.contains(feature))
    default: Issue.record("\(found)")
    }
  }

  @Test("Missing fields and wrong kinds are named by their paths")
  func fields() {
    #expect(error(("\"vocab\"", "\"vacob\"")) == .missing(field: "model.vocab"))
    #expect(error(("\"model\"", "\"modal\"")) == .missing(field: "model"))
    #expect(
      error(("\"padding\": null", "\"padding\": {}")) == .missing(field: "padding.strategy"))
    #expect(
      error(("\"truncation\": null", "\"truncation\": {\"max_length\": -1}"))
        == .wrongType(field: "truncation.max_length", expected: "an integer from 0 on"))
    for value in ["\"0\"", "1.5", "-0.1"] {
      #expect(
        error(("\"dropout\": null", "\"dropout\": \(value)"))
          == .wrongType(field: "model.dropout", expected: "a number from 0 to 1"))
    }
    #expect(
      error(("\"id\": \"A\"", "\"id\": \"C\""))
        == .wrongType(field: "post_processor.single[1].Sequence.id", expected: "A or B"))
    #expect(error(("\"id\": 5,", "")) == .missing(field: "added_tokens[1].id"))
    #expect(
      error(("\"single_word\": true", "\"single_word\": 1"))
        == .wrongType(field: "added_tokens[1].single_word", expected: "true or false"))
    #expect(
      error(("\"tokens\": [\n          \"<s é>\"\n        ]", "\"tokens\": 1"))
        == .wrongType(
          field: "post_processor.special_tokens[\"<s é>\"].tokens", expected: "an array"))
    #expect(
      error(("\"special_tokens\"", "\"other\""))
        == .undefinedSpecialToken(name: Array("<s é>".utf8)))
  }

  @Test("What is hostile ends in an error or a tokenizer")
  func hostile() throws {
    let megabyte = String(repeating: "a", count: 1 << 20)
    for (old, new) in [
      ("\"é\": 3", "\"\(megabyte)\": 3"), ("\"new\"", "\"\(megabyte)\""),
      ("\"é\": 3", "\"é\": 99999999999999999999"), ("\"é\": 3", "\"é\": 1e3"),
      ("\"é\": 3", "\"é\": null"), ("\"id\": 5", "\"id\": -5"),
      ("\"id\": 5", "\"id\": 4294967296"), ("\"type_id\": 0", "\"type_id\": -1"),
      ("\"type_id\": 0", "\"type_id\": 4294967296"), ("\"ids\": [", "\"ids\": [-1,"),
      ("\"vocab\": {", "\"vocab\": [{"), ("\"merges\": [", "\"merges\": [[],"),
    ] {
      if let tokenizer = try? TokenizerFile.load(file((old, new))) {
        _ = try HuggingFaceTokenizer.write(tokenizer)
        _ = TokenDecoder(tokenizer)
        _ = try CompiledTokenizer(tokenizer)
      }
    }
  }

  @Test("Nesting without end, empty files and other kinds of files are refused")
  func strangers() {
    let deep = Array("{\"a\":".utf8) + [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)
    #expect(throws: FormatError.self) { _ = try TokenizerFile.load(deep) }
    #expect(throws: FormatError.unrecognized(firstBytes: [])) { _ = try TokenizerFile.load([]) }
    #expect(throws: FormatError.unrecognized(firstBytes: Array("IQ== x\n".utf8))) {
      _ = try TokenizerFile.load(Array("IQ== x\n".utf8))
    }
    #expect(throws: FormatError.missing(field: "model")) {
      _ = try TokenizerFile.load(Array("{}".utf8))
    }
  }

  @Test("Errors are one line for a person to read")
  func descriptions() {
    let token = [UInt8](repeating: 0x61, count: 200) + [10]
    for error: FormatError in [
      .duplicateToken(token: [0x1B, 0x5D, 10]), .notByteLevel(token: token), .gap(id: 3),
      .json(.malformed(offset: nil, length: 4)), .unrecognized(firstBytes: [0, 0xFF]),
    ] {
      #expect(!error.description.contains { $0 == "\n" || $0 == "\u{1B}" || $0 == "\0" })
      #expect(error.description.count < 200)
    }
  }
}
