import Primitives
import Testing

@testable import Tokenization

@Suite struct TrainingRecordTests {
  private func file(_ unicode: String = #""unicode":"current""#, icu: String = "70.1") -> [UInt8] {
    Array(
      """
      {"format":"toktrain/training/1","unicode":{"patterns":"16.0.0","normalization":"14.0",\
      "icu":"\(icu)"},"options":{\(unicode)}}
      """.utf8)
  }

  private func model(_ normalizer: String) -> [UInt8] {
    Array(
      """
      {"version":"1.0","added_tokens":[],"normalizer":\(normalizer),"pre_tokenizer":{"type":\
      "ByteLevel","add_prefix_space":false},"decoder":{"type":"ByteLevel"},"model":{"type":"BPE",\
      "vocab":{"a":0},"merges":[]}}
      """.utf8)
  }

  @Test("Data and versions are read, data that are not named are ICU's")
  func content() throws {
    let record = try #require(try TrainingRecord(reading: file()))
    #expect(record.unicode == .current)
    #expect(record.icu == UnicodeVersions(icu: "70.1", unicode: "14.0"))
    #expect(try TrainingRecord(reading: file(""))?.unicode == .current)
    #expect(
      try TrainingRecord(reading: file(#""unicode":"huggingface""#))?.unicode == .huggingFace)
    #expect(try TrainingRecord(reading: Array(#"{"lr":0.1}"#.utf8)) == nil)
  }

  @Test("What is broken is named")
  func broken() {
    for (bytes, named) in [
      (file(#""unicode":"old""#), "options.unicode"), (file(#""unicode":9"#), "options.unicode"),
      (Array(#"{"format":"toktrain/training/1","options":{}}"#.utf8), "unicode"),
      (Array("{".utf8), "JSON"),
    ] {
      let error = #expect(throws: FormatError.self) { try TrainingRecord(reading: bytes) }
      #expect(error.map { "\($0)".contains(named) } == true, "\(String(describing: error))")
    }
  }

  @Test("A model is normalized as it was trained; another ICU is a warning with both versions")
  func load() throws {
    let here = UnicodeVersions.installed
    let nfc = model(#"{"type":"NFC"}"#)
    let other = try #require(try TrainingRecord(reading: file()))
    let loaded = try TokenizerFile.load(nfc, trainedAs: other)
    #expect(loaded.tokenizer.normalizer == Normalizer([.form(.nfc)], unicode: .current))
    #expect(
      loaded.warnings == [.otherICU(trained: other.icu, installed: here, unicode: .current)])
    for warning in loaded.warnings {
      #expect("\(warning)".contains("70.1") && "\(warning)".contains(here.icu))
    }
    #expect(try TokenizerFile.load(model("null"), trainedAs: other).warnings.isEmpty)
    var same = other
    same.icu = here
    same.unicode = .huggingFace
    let quiet = try TokenizerFile.load(nfc, trainedAs: same)
    #expect(quiet.warnings.isEmpty && quiet.tokenizer.normalizer.unicode == .huggingFace)
    #expect(try TokenizerFile.load(nfc).normalizer.unicode == .huggingFace)
  }
}
