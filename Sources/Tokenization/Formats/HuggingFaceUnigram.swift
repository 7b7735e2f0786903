import Primitives

/// `model` of `tokenizer.json` for unigram vocabularies. It knows no kinds of pieces but the unknown
/// one: all others are text.
enum HuggingFaceUnigram {
  static func read(
    _ model: ModelField, addedTokens: [SpecialToken]
  ) throws(FormatError) -> UnigramModel {
    let (vocabulary, scores) = try pieces(of: try model.required("vocab"))
    let index = try VocabularyEntries.index(of: vocabulary)
    try VocabularyEntries.check(addedTokens, vocabulary, index)
    let count = vocabulary.count
    if let gap = addedTokens.filter({ Int($0.id) >= count }).enumerated().first(where: {
      Int($1.id) != count + $0
    }) {
      throw .gap(id: TokenID(count + gap.offset))
    }
    var kinds = [PieceKind](repeating: .normal, count: count)
    let unknown = try unknownID(of: model, count: count)
    if let unknown { kinds[Int(unknown)] = .unknown }
    return UnigramModel(
      vocabulary: vocabulary, scores: scores, kinds: kinds, unknownID: unknown,
      rules: .huggingFace(fallsBackToBytes: try model.flag("byte_fallback", default: false)))
  }

  /// Texts and scores by id: the elements are pairs of both.
  private static func pieces(
    of field: ModelField
  ) throws(FormatError) -> (Vocabulary, scores: [Double]) {
    let count = try field.elements().count
    return try field.value.withView { (view) throws(FormatError) in
      var builder = VocabularyBuilder(tokenCount: count, byteCount: 8 * count)
      var scores: [Double] = []
      scores.reserveCapacity(count)
      guard let elements = view.elements else { return (builder.vocabulary, scores) }
      for element in elements {
        guard var parts = element.elements, let text = parts.next()?.string,
          let score = parts.next()?.number, score.isFinite, parts.next() == nil
        else {
          throw .wrongType(
            field: "\(field.path)[\(scores.count)]", expected: "a token and its score")
        }
        builder.append(text)
        scores.append(score)
      }
      return (builder.vocabulary, scores)
    }
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
