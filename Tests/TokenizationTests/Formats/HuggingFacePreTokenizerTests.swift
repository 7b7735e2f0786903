import Primitives
import Testing

@testable import Tokenization

@Suite("Hugging Face pre-tokenizers")
struct HuggingFacePreTokenizerTests {
  private func error(_ text: String) -> FormatError? {
    do throws(FormatError) {
      _ = try HuggingFaceTokenizer.readPreTokenizer(Array(text.utf8))
      return nil
    } catch {
      return error
    }
  }

  /// As Hugging Face writes them.
  static let texts = [
    #"{"type":"BertPreTokenizer"}"#,
    #"{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":false,"use_regex":false}"#,
    #"{"type":"CharDelimiterSplit","delimiter":"é"}"#,
    #"{"type":"Digits","individual_digits":true}"#,
    #"{"type":"FixedLength","length":7}"#,
    #"{"type":"Metaspace","replacement":"▁","prepend_scheme":"first","split":false}"#,
    #"{"type":"Punctuation","behavior":"MergedWithNext"}"#,
    #"{"type":"Split","pattern":{"Regex":"\\s+"},"behavior":"Contiguous","invert":true}"#,
    #"{"type":"Split","pattern":{"String":"a\"b"},"behavior":"Removed","invert":false}"#,
    #"{"type":"UnicodeScripts"}"#, #"{"type":"Whitespace"}"#, #"{"type":"WhitespaceSplit"}"#,
    #"{"type":"Sequence","pretokenizers":[{"type":"Whitespace"},{"type":"UnicodeScripts"}]}"#,
  ]

  @Test("What is read is written again byte for byte", arguments: texts)
  func roundTrip(text: String) throws {
    let preTokenizer = try HuggingFaceTokenizer.readPreTokenizer(Array(text.utf8))
    var writer = JSONWriter(layout: .compact)
    HuggingFacePreTokenizer.write(
      try HuggingFacePreTokenizer.writable(preTokenizer), to: &writer)
    #expect(String(decoding: writer.bytes, as: UTF8.self) == text)
  }

  @Test("Members that older files leave out have their defaults")
  func defaults() throws {
    func read(_ text: String) throws -> [PreTokenizer.Step] {
      try HuggingFaceTokenizer.readPreTokenizer(Array(text.utf8)).steps
    }
    #expect(
      try read(#"{"type":"Metaspace","replacement":"_","add_prefix_space":false}"#)
        == [.metaspace(MetaspaceSettings(replacement: 0x5F, prependScheme: .never))])
    #expect(
      try read(#"{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true}"#)
        == [.byteLevel(ByteLevelSettings(addsPrefixSpace: false, usesPattern: true))])
    #expect(try read(#"{"type":"Punctuation"}"#) == [.punctuation(.isolated)])
    #expect(try read(#"{"type":"FixedLength"}"#) == [.fixedLength(5)])
    #expect(
      try read(#"{"type":"Sequence","pretokenizers":[{"type":"Sequence","pretokenizers":[]}]}"#)
        .isEmpty)
  }

  @Test("An unknown step is named with its field and with what is supported")
  func unknown() throws {
    let found = try #require(error(#"{"type":"Sequence","pretokenizers":[{"type":"Chars"}]}"#))
    guard case .unknownType("pre_tokenizer.pretokenizers[0]", "Chars", let supported) = found else {
      Issue.record("\(found)")
      return
    }
    #expect(supported.count == 12)
    #expect(
      "\(found)".contains("pre_tokenizer.pretokenizers[0].type") && "\(found)".contains("Digits"))
  }

  @Test(
    "Values that cannot be are named by their fields",
    arguments: [
      (#"{"type":"Metaspace","replacement":"ab"}"#, "pre_tokenizer.replacement"),
      (
        #"{"type":"Metaspace","replacement":"_","prepend_scheme":"last"}"#,
        "pre_tokenizer.prepend_scheme"
      ),
      (#"{"type":"FixedLength","length":0}"#, "pre_tokenizer"),
      (#"{"type":"FixedLength","length":-1}"#, "pre_tokenizer"),
      (#"{"type":"Punctuation","behavior":"removed"}"#, "pre_tokenizer.behavior"),
      (#"{"type":"Split","pattern":{},"behavior":"Removed"}"#, "pre_tokenizer.pattern"),
      (#"{"type":"CharDelimiterSplit","delimiter":""}"#, "pre_tokenizer.delimiter"),
    ])
  func wrong(text: String, field: String) throws {
    guard case .wrongType(field, _) = try #require(error(text)) else {
      Issue.record("\(String(describing: error(text)))")
      return
    }
  }

  @Test("Sequences in sequences without end are refused")
  func depth() {
    let open = String(repeating: #"{"type":"Sequence","pretokenizers":["#, count: 200)
    let text = open + #"{"type":"Whitespace"}"# + String(repeating: "]}", count: 200)
    #expect(error(text) != nil)
  }

  @Test("What the file cannot carry is refused")
  func unwritable() {
    for step: PreTokenizer.Step in [
      .sentencePiece(SentencePieceCuts()), .split(SplitPattern(#"a(?i)b|c"#, dialect: .tiktoken)),
    ] {
      #expect(throws: FormatError.self) {
        _ = try HuggingFacePreTokenizer.writable(PreTokenizer([step]))
      }
    }
  }
}
