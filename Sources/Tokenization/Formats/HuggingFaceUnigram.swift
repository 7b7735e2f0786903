import Primitives

/// `model` of `tokenizer.json` for unigram vocabularies. It knows no kinds of pieces but the unknown
/// one: all others are text.
enum HuggingFaceUnigram {
  static func read(_ model: ModelField) throws(FormatError) -> UnigramModel {
    var tokens: [[UInt8]] = []
    var scores: [Float] = []
    let entries = try model.required("vocab").fields()
    for entry in entries {
      let parts = try entry.fields()
      guard parts.count == 2, let score = parts[1].value.number, score.isFinite else {
        throw entry.expected("a token and its score")
      }
      tokens.append(try parts[0].string())
      scores.append(Float(score))
    }
    let vocabulary = Vocabulary(tokens: tokens)
    if let (first, _) = TokenIndex(vocabulary).firstDuplicate {
      throw .duplicateToken(token: tokens[Int(first)])
    }
    let field = try model.required("unk_id")
    guard let unknown = ModelLimits.id(try field.integer()), Int(unknown) < tokens.count else {
      throw field.expected("an id of the vocabulary")
    }
    let fallsBack = try model.flag("byte_fallback", default: false)
    var kinds = tokens.map { token in
      fallsBack && ByteFallback.byte(spelled: token) != nil ? PieceKind.byte : .normal
    }
    kinds[Int(unknown)] = .unknown
    return UnigramModel(
      vocabulary: vocabulary, scores: scores, kinds: kinds, unknownID: unknown)
  }

  static func write(_ model: UnigramModel, to file: inout JSONWriter) {
    file.object { file in
      file.key("type")
      file.string("Unigram")
      file.key("unk_id")
      file.integer(model.unknownID)
      file.key("vocab")
      file.array { list in
        for id in 0..<TokenID(model.vocabulary.count) {
          guard let token = model.vocabulary[id] else { continue }
          list.array { pair in
            pair.string(token)
            pair.number(Double(model.scores[Int(id)]))
          }
        }
      }
      file.key("byte_fallback")
      file.boolean(model.byteIDs != nil)
    }
  }
}
