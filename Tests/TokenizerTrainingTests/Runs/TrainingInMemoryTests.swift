import Testing
import Tokenization

@testable import TokenizerTraining

/// The example of the documentation (README, "From Swift"), run.
@Suite("Training in memory")
struct TrainingInMemoryTests {
  private static let texts = [
    "The baker weighs the flour before the oven is hot.",
    "Before the bread is baked, the flour must be weighed.\nAnd the oven must be hot.",
    "A hot oven, a weighed flour, a baker: that is bread.",
  ]

  private static func runs() throws -> [any TrainingRun] {
    var bytes = BPETrainingRun.Options()
    bytes.training.vocabularySize = 300
    var pieces = SentencePieceOptions()
    pieces.vocabularySize = 40
    var words = WordPieceTrainingRun.Options()
    words.training.vocabularySize = 80
    return [
      try BPETrainingRun(bytes), try WordPieceTrainingRun(words), try UnigramRun(pieces),
      try SentencePieceBPERun(pieces),
    ]
  }

  @Test("Each family learns from an array of texts and encodes with what it learned")
  func everyFamily() throws {
    for run in try Self.runs() {
      let trained = try run.train(on: Corpus(texts: Self.texts))
      #expect(trained.summary.documents == 3)
      var encoder = try TokenEncoder(CompiledTokenizer(trained.tokenizer))
      var ids: [TokenID] = []
      try encoder.encode(Array("the hot bread".utf8), into: &ids)
      #expect(!ids.isEmpty)
      let text = try TokenDecoder(trained.tokenizer).decode(ids)
      #expect(String(decoding: text, as: UTF8.self) == "the hot bread")
    }
  }

  @Test("Texts in memory are counted as the same texts in a file are")
  func sameAsFiles() throws {
    let trained = try UnigramRun(Self.options).train(on: Corpus(texts: ["ab ab\nba", "ab ba"]))
    #expect(trained.summary.documents == 2)
    #expect(trained.summary.preTokens == 5)
  }

  @Test("The texts of the README are enough for what it asks")
  func readme() throws {
    let texts = Corpus(texts: ["A text is a document.", "Another one."])
    var pieces = SentencePieceOptions()
    pieces.vocabularySize = 20
    #expect(try UnigramRun(pieces).train(on: texts).tokenCount == 20)
    #expect(try SentencePieceBPERun(pieces).train(on: texts).tokenCount == 20)
    #expect(try WordPieceTrainingRun(.init()).train(on: texts).tokenCount > 16)
  }

  private static var options: SentencePieceOptions {
    var options = SentencePieceOptions()
    options.vocabularySize = 6
    return options
  }
}
