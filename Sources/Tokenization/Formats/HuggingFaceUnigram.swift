import Primitives

/// `model` of `tokenizer.json` for unigram vocabularies. It knows no kinds of pieces but the unknown
/// one: all others are text.
enum HuggingFaceUnigram {
  static func read(
    _ model: ModelField, addedTokens: [SpecialToken]
  ) throws(FormatError) -> UnigramModel {
    var tokens: [[UInt8]] = []
    var scores: [Double] = []
    for entry in try model.required("vocab").fields() {
      let parts = try entry.fields()
      guard parts.count == 2, let score = parts[1].value.number, score.isFinite else {
        throw entry.expected("a token and its score")
      }
      tokens.append(try parts[0].string())
      scores.append(score)
    }
    let vocabulary = Vocabulary(tokens: tokens)
    let index = try VocabularyEntries.index(of: tokens, vocabulary)
    try VocabularyEntries.check(addedTokens, vocabulary, index)
    if let gap = addedTokens.filter({ Int($0.id) >= tokens.count }).enumerated().first(where: {
      Int($1.id) != tokens.count + $0
    }) {
      throw .gap(id: TokenID(tokens.count + gap.offset))
    }
    var kinds = [PieceKind](repeating: .normal, count: tokens.count)
    let unknown = try unknownID(of: model, count: tokens.count)
    if let unknown { kinds[Int(unknown)] = .unknown }
    return UnigramModel(
      vocabulary: vocabulary, scores: scores, kinds: kinds, unknownID: unknown,
      rules: .huggingFace(fallsBackToBytes: try model.flag("byte_fallback", default: false)))
  }

  private static func unknownID(
    of model: ModelField, count: Int
  ) throws(FormatError) -> TokenID? {
    guard let field = model.optional("unk_id") else { return nil }
    guard let id = ModelLimits.id(try field.integer()), Int(id) < count else {
      throw field.expected("an id of the vocabulary")
    }
    return id
  }

  static func write(_ model: UnigramModel, to file: inout JSONWriter) {
    file.object { file in
      file.key("type")
      file.string("Unigram")
      file.key("unk_id")
      if let unknown = model.unknownID { file.integer(unknown) } else { file.null() }
      file.key("vocab")
      file.array { list in
        for id in 0..<TokenID(model.vocabulary.count) {
          guard let token = model.vocabulary[id] else { continue }
          list.array { pair in
            pair.string(token)
            pair.number(model.scores[Int(id)])
          }
        }
      }
      file.key("byte_fallback")
      switch model.rules {
      case .sentencePiece: file.boolean(model.byteIDs != nil)
      case .huggingFace(let fallsBack): file.boolean(fallsBack)
      }
    }
  }
}
