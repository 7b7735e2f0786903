import Primitives
import Testing

@testable import Tokenization

@Suite struct HuggingFaceNormalizerTests {
  static let all = """
    {"type":"Sequence","normalizers":[{"type":"NFC"},{"type":"NFD"},{"type":"NFKC"},\
    {"type":"NFKD"},{"type":"Lowercase"},{"type":"StripAccents"},{"type":"Nmt"},\
    {"type":"ByteLevel"},{"type":"Strip","strip_left":true,"strip_right":false},\
    {"type":"Replace","pattern":{"String":" "},"content":"▁"},\
    {"type":"Prepend","prepend":"é\\n"},\
    {"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":false,\
    "strip_accents":null,"lowercase":true},\
    {"type":"BertNormalizer","clean_text":false,"handle_chinese_chars":true,\
    "strip_accents":false,"lowercase":false}]}
    """

  private func written(_ normalizer: Normalizer) -> String {
    var writer = JSONWriter(layout: .compact)
    HuggingFaceNormalizer.write(normalizer, to: &writer)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  @Test("Every normalizer is read and written as it was")
  func roundTrip() throws {
    let normalizer = try HuggingFaceNormalizer.read(Array(Self.all.utf8))
    #expect(normalizer.steps.count == 13 && normalizer.unicode == .huggingFace)
    #expect(normalizer.steps[8] == .strip(left: true, right: false))
    #expect(normalizer.steps[10] == .prepend(Array("é\n".utf8)))
    #expect(written(normalizer) == Self.all)
    for step in normalizer.steps {
      let text = written(Normalizer([step]))
      #expect(try HuggingFaceNormalizer.read(Array(text.utf8)).steps == [step])
    }
    #expect(written(.none) == "null")
  }

  @Test("A regular expression is kept")
  func regex() throws {
    let text = #"{"type":"Replace","pattern":{"Regex":" {2,}"},"content":"▁"}"#
    let normalizer = try HuggingFaceNormalizer.read(Array(text.utf8))
    #expect(
      normalizer.steps
        == [.replace(.pattern(SplitPattern(" {2,}")), replacement: Array("▁".utf8))])
    #expect(written(normalizer) == text)
  }

  @Test("A charsmap is kept byte for byte")
  func precompiled() throws {
    for charsmap in [
      try NamedCharsmap.nmtNFKC.charsmap(), try Charsmap(rules: Array("41\t61\n".utf8)),
    ] {
      let base64 = String(decoding: Base64.encode(charsmap.precompiled), as: UTF8.self)
      let text = #"{"type":"Precompiled","precompiled_charsmap":"\#(base64)"}"#
      let normalizer = try HuggingFaceNormalizer.read(Array(text.utf8))
      #expect(normalizer.steps == [.precompiled(charsmap)])
      #expect(written(normalizer) == text)
      try HuggingFaceNormalizer.check(normalizer)
    }
  }

  @Test("Sequences in sequences are one")
  func nested() throws {
    let text = """
      {"type":"Sequence","normalizers":[{"type":"Sequence","normalizers":[]},{"type":"Sequence",\
      "normalizers":[{"type":"NFC"},{"type":"Nmt"}]}]}
      """
    #expect(try HuggingFaceNormalizer.read(Array(text.utf8)).steps == [.form(.nfc), .nmt])
  }

  @Test(
    "Broken normalizers are named with their field",
    arguments: [
      (#"{"type":"NFX"}"#, "NFX"),
      (#"{"type":"Sequence","normalizers":[{"type":"NFC"},{"type":"Foo"}]}"#, "normalizers[1]"),
      (#"{"type":"Strip","strip_left":true}"#, "strip_right"),
      (#"{"type":"Strip","strip_left":1,"strip_right":true}"#, "strip_left"),
      (#"{"type":"Replace","pattern":{"String":""},"content":"x"}"#, "pattern"),
      (#"{"type":"Replace","pattern":{},"content":"x"}"#, "pattern.String"),
      (#"{"type":"Replace","pattern":{"String":"a"}}"#, "content"),
      (#"{"type":"Prepend"}"#, "prepend"),
      (#"{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true}"#, "lowercase"),
      (#"{"type":"Precompiled","precompiled_charsmap":""}"#, "precompiled_charsmap"),
      (#"{"type":"Precompiled","precompiled_charsmap":"A"}"#, "precompiled_charsmap"),
      (#"{"type":"Precompiled","precompiled_charsmap":"AAAA"}"#, "precompiled_charsmap"),
      (#"{"normalizers":[]}"#, "type"),
      (#"[]"#, "whole file"),
      (#"{"type""#, "JSON"),
    ])
  func broken(row: (text: String, named: String)) {
    let error = #expect(throws: FormatError.self) {
      try HuggingFaceNormalizer.read(Array(row.text.utf8))
    }
    #expect(error.map { "\($0)".contains(row.named) } == true, "\(String(describing: error))")
  }

  @Test("What the library does not have is not written")
  func refused() {
    let steps: [Normalizer.Step] = [
      .caseFolding, .form(.nfkcCasefold), .sentencePiece(SentencePieceNormalization()),
    ]
    for step in steps {
      #expect(throws: FormatError.self) { try HuggingFaceNormalizer.check(Normalizer([step])) }
    }
  }
}
