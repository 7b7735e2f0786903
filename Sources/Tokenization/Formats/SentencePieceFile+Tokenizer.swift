import Primitives

/// What a SentencePiece model does, as a tokenizer.
extension SentencePieceFile {
  /// The file as a tokenizer with SentencePiece's ids.
  ///
  /// - Throws: `FormatError.charsmap`, `.unsupported` for word and character models.
  public func tokenizer() throws(FormatError) -> Tokenizer {
    let normalization = try self.normalization()
    let vocabulary = Vocabulary(tokens: pieces.map(\.text))
    let index = TokenIndex(vocabulary)
    if let (first, _) = index.firstDuplicate {
      throw .duplicateToken(token: pieces[Int(first)].text)
    }
    let unknown = TokenID(pieces.firstIndex { $0.kind == .unknown } ?? 0)
    let model: TokenizerModel
    switch algorithm {
    case .unigram:
      model = .unigram(
        UnigramModel(
          vocabulary: vocabulary, scores: pieces.map { Double($0.score) },
          kinds: pieces.map(\.kind), unknownID: unknown))
    case .bpe:
      // All splits of a piece are looked up: the square of its length.
      if let long = pieces.first(where: { $0.text.count > Self.longestMergedPiece }) {
        throw .unsupported(feature: "a piece of \(long.text.count) bytes in a BPE model")
      }
      if let unused = pieces.first(where: { $0.kind == .unused }) {
        throw .unsupported(feature: "the unused piece \(quoted(unused.text)) of a BPE model")
      }
      let base = CharacterBase(
        unknownToken: pieces.isEmpty ? nil : pieces[Int(unknown)].text,
        fallsBackToBytes: trainer.flag(TrainerField.byteFallback) ?? false,
        wholeTokens: pieces.indices.filter { pieces[$0].kind == .userDefined }.map(TokenID.init))
      model = .bpe(
        BPEModel(vocabulary: vocabulary, merges: merges(index), base: .characters(base)))
    case .word, .character, nil:
      throw .unsupported(feature: "the model type \(trainer.integer(3) ?? 1) of SentencePiece")
    }
    return Tokenizer(
      normalizer: Normalizer([.sentencePiece(normalization)], unicode: .current),
      preTokenizer: preTokenizer, model: model,
      specialTokens: pieces.indices.filter {
        pieces[$0].kind == .control || pieces[$0].kind == .unknown
      }.map {
        SpecialToken(id: TokenID($0), content: pieces[$0].text)
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
      return pieces.indices.contains(id) ? (part, pieces[id].text) : nil
    }
  }

  /// Name of the rules of normalization.
  var normalizerName: String {
    String(decoding: normalizer.bytes(NormalizerField.name) ?? [], as: UTF8.self)
  }

  /// Bytes; SentencePiece trains at most 512 characters.
  private static let longestMergedPiece = 1 << 13

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
    result.rawSymbols = pieces.filter { $0.kind == .userDefined }.map(\.text)
    return result
  }

  /// Whether the mark of a blank stands anywhere but at the start of pieces that text becomes.
  var hasBlanksInsidePieces: Bool {
    let mark: [UInt8] = [0xE2, 0x96, 0x81]
    return pieces.contains { $0.kind.isText && $0.text.dropFirst().containsMark(mark) }
  }

  /// Words may be encoded one by one where no merge reaches across the mark of a blank. A unigram
  /// model takes a text as one: its sums have few digits, and ties are decided by all that precedes.
  private var preTokenizer: PreTokenizer {
    guard algorithm == .bpe, !hasBlanksInsidePieces else { return PreTokenizer([]) }
    return PreTokenizer([
      .sentencePiece(
        SentencePieceCuts(
          whitespace: .begins, splitsScripts: false, splitsNumbers: true, splitsDigits: false))
    ])
  }

  /// SentencePiece joins whatever two pieces give a piece, the one with the greatest score first. As
  /// merges: every split of every piece, by score, then by the ids of the parts.
  private func merges(_ index: TokenIndex) -> [Merge] {
    var merges: [(score: Float, merge: Merge)] = []
    for (id, piece) in pieces.enumerated() where piece.kind == .normal {
      let starts = piece.text.indices.dropFirst().filter { piece.text[$0] & 0xC0 != 0x80 }
      for start in starts {
        guard let left = index.id(of: piece.text[..<start]), pieces[Int(left)].kind == .normal,
          let right = index.id(of: piece.text[start...]), pieces[Int(right)].kind == .normal
        else { continue }
        merges.append((piece.score, Merge(left: left, right: right, result: TokenID(id))))
      }
    }
    merges.sort { a, b in
      if a.score != b.score { return a.score > b.score }
      return (a.merge.left, a.merge.right) < (b.merge.left, b.merge.right)
    }
    return merges.map(\.merge)
  }
}

extension ArraySlice<UInt8> {
  fileprivate func containsMark(_ mark: [UInt8]) -> Bool {
    count >= mark.count
      && indices.dropLast(mark.count - 1).contains {
        self[$0..<$0 + mark.count].elementsEqual(mark)
      }
  }
}
