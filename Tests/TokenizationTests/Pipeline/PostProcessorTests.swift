import Testing

@testable import Tokenization

@Suite("Post-processors")
struct PostProcessorTests {
  private let classifier = SpecialToken(id: 101, content: Array("[CLS]".utf8))
  private let separator = SpecialToken(id: 102, content: Array("[SEP]".utf8))

  /// "C0 a1 S1": the pieces with their types.
  private func shown(_ processor: PostProcessor, isPair: Bool, adds: Bool = true) -> String? {
    processor.pieces(isPair: isPair, addsSpecialTokens: adds)?.map { piece in
      switch piece {
      case .sequence(let text, let type): "\(text == 0 ? "a" : "b")\(type)"
      case .special(let name, _, _, let type):
        "\(name == classifier.content ? "C" : "S")\(type)"
      }
    }.joined(separator: " ")
  }

  @Test("Without any, a pair is one text behind the other")
  func none() {
    for processor in [PostProcessor.none, .sequence([])] {
      #expect(shown(processor, isPair: false) == "a0")
      #expect(shown(processor, isPair: true) == "a0 b1")
    }
  }

  @Test("BERT ends each text; RoBERTa begins each, too, and knows no types")
  func families() {
    let bert = PostProcessor.bert(classifier: classifier, separator: separator)
    #expect(shown(bert, isPair: false) == "C0 a0 S0")
    #expect(shown(bert, isPair: true) == "C0 a0 S0 b1 S1")
    #expect(shown(bert, isPair: true, adds: false) == "a0 b1")
    #expect(
      bert.single
        == PostProcessor.template(.bert(classifier: classifier, separator: separator)).single)
    let roberta = PostProcessor.roberta(
      classifier: classifier, separator: separator,
      settings: ByteLevelSettings(addsPrefixSpace: true, usesPattern: true))
    #expect(shown(roberta, isPair: false) == "C0 a0 S0")
    #expect(shown(roberta, isPair: true) == "C0 a0 S0 S0 b0 S0")
    #expect(shown(roberta, isPair: true, adds: false) == "a0 b0")
  }

  @Test("A template orders texts and gives types, with special tokens or without")
  func templates() {
    let template = PostProcessor.Template(
      single: [.sequence(0, typeID: 3), .token(separator, 4)],
      pair: [.sequence(1, typeID: 5), .token(classifier, 6), .sequence(0, typeID: 7)])
    #expect(shown(.template(template), isPair: false) == "a3 S4")
    #expect(shown(.template(template), isPair: true) == "b5 C6 a7")
    #expect(shown(.template(template), isPair: true, adds: false) == "b5 a7")
  }

  @Test("What comes later in a row sees the parts that were made before")
  func sequences() {
    let template = PostProcessor.template(
      PostProcessor.Template(
        single: [.sequence(0, typeID: 2), .token(separator, 3)],
        pair: [.sequence(0, typeID: 4), .sequence(1, typeID: 5)]))
    let bert = PostProcessor.bert(classifier: classifier, separator: separator)
    #expect(shown(.sequence([template, bert]), isPair: false) == "C0 a2 S0 S3 S1")
    #expect(shown(.sequence([bert, template]), isPair: false) == "C2 a2 S2 S3")
    #expect(shown(.sequence([bert, template]), isPair: true) == "C4 a4 S4 b5 S5")
    // Two parts are a pair for the template behind.
    #expect(shown(.sequence([template, template]), isPair: false) == "a4 S5")
    #expect(shown(.sequence([template, template, template]), isPair: true) == "a4 b5")
  }

  @Test("A template that asks for what is not there is no error until it is applied")
  func unfit() throws {
    let wide = PostProcessor.template(
      PostProcessor.Template(
        single: [.sequence(0, typeID: 0), .token(separator, 0), .token(separator, 0)],
        pair: [.sequence(0, typeID: 0), .sequence(1, typeID: 0)]))
    #expect(shown(.sequence([wide, wide]), isPair: false) == nil)
    #expect(shown(.sequence([wide, wide]), isPair: false, adds: false) == "a0")
    let second = PostProcessor.template(
      PostProcessor.Template(single: [.sequence(1, typeID: 0)], pair: [.sequence(1, typeID: 0)]))
    #expect(shown(second, isPair: false) == nil && shown(second, isPair: true) == "b0")
    let tokenizer = TokenEncoderTests.tokenizer(postProcessor: second)
    var encoder = try TokenEncoder(CompiledTokenizer(tokenizer))
    #expect(throws: TokenizerError.unfitPostProcessor(isPair: false)) {
      _ = try encoder.encode([0x61])
    }
    #expect(try encoder.encode([0x61], [0x62]).ids.count == 1)
  }

  @Test("A pair has the ids of both, places in each, and words counted in each")
  func pairs() throws {
    let tokenizer = TokenEncoderTests.tokenizer(
      specialTokens: [classifier, separator].map {
        var token = $0
        token.id += 900
        return token
      })
    var encoder = try TokenEncoder(CompiledTokenizer(tokenizer))
    let (first, second) = (Array("hello wort".utf8), Array("wort [CLS]".utf8))
    let pair = try encoder.encode(first, second)
    let parts = [try encoder.encode(first), try encoder.encode(second)]
    #expect(pair.ids == parts[0].ids + parts[1].ids)
    #expect(pair.offsets == parts[0].offsets + parts[1].offsets)
    #expect(pair.wordIndices == parts[0].wordIndices + parts[1].wordIndices)
    #expect(
      pair.typeIDs == parts[0].ids.map { _ in 0 } + parts[1].ids.map { _ in 1 })
    var ids: [TokenID] = [7]
    try first.withUnsafeBufferPointer { first in
      try second.withUnsafeBufferPointer { try encoder.encode(first, $0, into: &ids) }
    }
    #expect(ids == [7] + pair.ids)
  }
}
