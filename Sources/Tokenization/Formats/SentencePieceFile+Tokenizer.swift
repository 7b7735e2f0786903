import Primitives

/// What a SentencePiece model does, as a tokenizer.
extension SentencePieceFile {
  /// The file as a tokenizer with SentencePiece's ids.
  ///
  /// - Throws: `FormatError.charsmap`, `.unsupported` for word and character models, and those that change
  ///   what is decoded.
  public func tokenizer() throws(FormatError) -> Tokenizer {
    if changesDecodedText {
      throw .unsupported(feature: "SentencePiece's denormalizer, which changes decoded text,")
    }
    let normalization = try self.normalization()
    let vocabulary = pieces.vocabulary
    let index = try VocabularyEntries.index(of: vocabulary)
    let unknown = pieces.kinds.firstIndex(of: .unknown) ?? 0
    let model: TokenizerModel
    switch algorithm {
    case .unigram:
      model = .unigram(
        UnigramModel(
          vocabulary: vocabulary, scores: pieces.scores.map { Double($0) },
          kinds: pieces.kinds, unknownID: TokenID(unknown)))
    case .bpe:
      if let unused = pieces.kinds.firstIndex(of: .unused) {
        throw .unsupported(
          feature: "the unused piece \(quoted(pieces.text(of: unused))) of a BPE model")
      }
      let base = CharacterBase(
        unknownToken: pieces.isEmpty ? nil : pieces.text(of: unknown),
        fallsBackToBytes: trainer.flag(TrainerField.byteFallback) ?? false,
        wholeTokens: pieces.ids { $0 == .userDefined })
      model = .bpe(
        BPEModel(
          vocabulary: vocabulary, merges: try PieceMerges(pieces, index).merges,
          base: .characters(base)))
    case .word: throw .unsupported(feature: "SentencePiece's model type WORD")
    case .character: throw .unsupported(feature: "SentencePiece's model type CHAR")
    case nil:
      throw .unsupported(feature: "SentencePiece's model type \(trainer.integer(3) ?? 1)")
    }
    return Tokenizer(
      normalizer: Normalizer([.sentencePiece(normalization)], unicode: .current),
      preTokenizer: preTokenizer, model: model,
      specialTokens: pieces.ids { $0 == .control || $0 == .unknown }.map {
        SpecialToken(id: $0, content: pieces.text(of: Int($0)))
      },
      detokenizer: .sentencePiece(
        unknown: Array(trainer.bytes(TrainerField.unknownSurface) ?? Self.unknownSurface),
        front: normalization.removesExtraSpaces
          ? .all : normalization.addsDummyPrefix ? .one : .none))
  }

  /// The parts that special tokens play in the library of Hugging Face, and their texts.
  var specialTokenParts: [(part: SpecialTokenParts.Part, text: [UInt8])] {
    let fields: [(SpecialTokenParts.Part, Int, Int)] = [
      (.begin, TrainerField.beginID, 1), (.end, TrainerField.endID, 2),
      (.unknown, TrainerField.unknownID, 0), (.padding, TrainerField.paddingID, -1),
    ]
    return fields.compactMap { part, field, standard in
      let id = trainer.integer(field) ?? standard
      return pieces.indices.contains(id) ? (part, pieces.text(of: id)) : nil
    }
  }

  /// Name of the rules of normalization.
  var normalizerName: String {
    String(decoding: normalizer.bytes(NormalizerField.name) ?? [], as: UTF8.self)
  }

  /// What an unknown piece is decoded to: " ⁇ ".
  static let unknownSurface: ArraySlice<UInt8> = Array(" \u{2047} ".utf8)[...]

  private func normalization() throws(FormatError) -> SentencePieceNormalization {
    let rules: Charsmap
    do throws(CharsmapError) {
      rules = try Charsmap(precompiled: Array(normalizer.bytes(NormalizerField.charsmap) ?? []))
    } catch {
      throw .charsmap(field: "normalizer_spec.precompiled_charsmap", error)
    }
    var result = SentencePieceNormalization(.charsmap(rules))
    result.addsDummyPrefix = normalizer.flag(NormalizerField.addsDummyPrefix) ?? true
    result.removesExtraSpaces = normalizer.flag(NormalizerField.removesExtraSpaces) ?? true
    result.escapesSpaces = normalizer.flag(NormalizerField.escapesSpaces) ?? true
    result.putsSpacesBehindWords = trainer.flag(TrainerField.whitespaceIsSuffix) ?? false
    result.rawSymbols = pieces.ids { $0 == .userDefined }.map { pieces.text(of: Int($0)) }
    return result
  }

  /// Words may be encoded one by one where no merge reaches across the mark of a blank. A unigram
  /// model takes a text as one: its sums have few digits, and ties are decided by all that precedes.
  private var preTokenizer: PreTokenizer {
    guard algorithm == .bpe, !pieces.haveInnerBlanks else { return PreTokenizer([]) }
    return PreTokenizer([
      .sentencePiece(
        SentencePieceCuts(
          whitespace: .begins, splitsScripts: false, splitsNumbers: true, splitsDigits: false))
    ])
  }
}
