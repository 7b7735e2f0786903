import Primitives

/// A tokenizer of characters as a SentencePiece model: pieces, scores, and the settings of SentencePiece
/// that do to text what the tokenizer's steps do.
///
/// SentencePiece joins whatever two pieces give a piece, that with the greatest score first, so that the
/// merges of BPE become scores by rank; that they all come out as they were is checked with every piece.
struct SentencePieceForm {
  let file: SentencePieceFile

  init(_ tokenizer: Tokenizer, _ account: inout ConversionAccount) throws(FormatError) {
    var pieces: [SentencePieceFile.Piece]
    switch tokenizer.model {
    case .unigram(let model): pieces = try Self.pieces(of: model, account)
    case .bpe(let model) where model.base != .bytes:
      pieces = try Self.pieces(of: model, tokenizer.specialTokens, account)
    default: throw account.unsupported("a model that is neither Unigram nor BPE of characters")
    }
    let settings = try SentencePieceSettings(tokenizer, account)
    try Self.mark(&pieces, tokenizer, &account)
    for piece in pieces where piece.text.contains(0) {
      throw account.unsupported("the token \(quoted(piece.text)), which has a zero byte")
    }
    guard let unknown = pieces.firstIndex(where: { $0.kind == .unknown }) else {
      throw account.unsupported("a vocabulary without a token for unknown characters")
    }
    file = SentencePieceFile(
      pieces: pieces,
      training: Self.training(pieces, tokenizer, unknown: unknown),
      normalizerName: settings.name, charsmap: settings.rules,
      normalization: settings.normalization)
    if case .bpe(let model) = tokenizer.model {
      try Self.check(model, against: file, account)
    } else {
      account.differences.append("ties between pieces are decided there in single precision")
    }
    if tokenizer.postProcessor != .none {
      account.differences.append(
        "the special tokens around a text are asked for there when text is encoded (add_bos, add_eos)"
      )
    }
  }

  private static func pieces(
    of model: UnigramModel, _ account: ConversionAccount
  ) throws(FormatError) -> [SentencePieceFile.Piece] {
    var pieces: [SentencePieceFile.Piece] = []
    for (id, score) in model.scores.enumerated() {
      let text = Array(model.vocabulary[TokenID(id)] ?? [])
      guard Float(score).isFinite else {
        throw account.unsupported("the score \(score) of \(quoted(text)), beyond single precision,")
      }
      pieces.append(
        SentencePieceFile.Piece(
          text: text, score: Float(score),
          kind: model.unknownID == TokenID(id) ? .unknown : .normal))
    }
    return pieces
  }

  /// What merges make has the negative rank for its score; what they are made of comes behind.
  private static func pieces(
    of model: BPEModel, _ special: [SpecialToken], _ account: ConversionAccount
  ) throws(FormatError) -> [SentencePieceFile.Piece] {
    var ranks = [Int?](repeating: nil, count: model.vocabulary.count)
    var made = 0
    var last: TokenID?
    for merge in model.merges where merge.result != last {
      last = merge.result
      if ranks[Int(merge.result)] != nil {
        throw account.unsupported(
          "the token \(quoted(model.vocabulary[merge.result] ?? [])), which is made at two times,")
      }
      ranks[Int(merge.result)] = made
      made += 1
    }
    if model.ignoresMerges {
      throw account.unsupported("words that are tokens whole (ignore_merges)")
    }
    if !(model.continuingPrefix ?? []).isEmpty || !(model.endOfWordSuffix ?? []).isEmpty {
      throw account.unsupported("prefixes or suffixes of tokens")
    }
    let unknown = model.characterBase?.unknownToken
    return (0..<model.vocabulary.count).map { id in
      let text = Array(model.vocabulary[TokenID(id)] ?? [])
      if ranks[id] == nil { made += 1 }
      return SentencePieceFile.Piece(
        text: text, score: -Float(ranks[id] ?? made - 1), kind: text == unknown ? .unknown : .normal
      )
    }
  }

  /// Which pieces text never becomes, or becomes always; and those that stand behind the vocabulary.
  private static func mark(
    _ pieces: inout [SentencePieceFile.Piece], _ tokenizer: Tokenizer,
    _ account: inout ConversionAccount
  ) throws(FormatError) {
    for token in tokenizer.specialTokens.sorted(by: { $0.id < $1.id }) {
      let id = Int(token.id)
      guard id <= pieces.count else {
        throw account.unsupported("the id \(pieces.count) without a token")
      }
      let kind: PieceKind = token.isSpecial ? .control : .userDefined
      if token.singleWord || token.stripsLeft || token.stripsRight {
        try account.lose("single_word, lstrip and rstrip of \(quoted(token.content))")
      }
      if id == pieces.count {
        pieces.append(SentencePieceFile.Piece(text: token.content, score: 0, kind: kind))
      } else if !pieces[id].text.isEmpty, pieces[id].text != token.content {
        throw account.unsupported("the id \(id) with two tokens")
      } else if pieces[id].kind != .unknown {
        pieces[id] = SentencePieceFile.Piece(text: token.content, score: 0, kind: kind)
      }
    }
    if tokenizer.fallsBackToBytes {
      for id in pieces.indices where ByteFallback.byte(spelled: pieces[id].text) != nil {
        pieces[id].kind = .byte
        pieces[id].score = 0
      }
    }
    if let hole = pieces.firstIndex(where: { $0.text.isEmpty }) {
      throw account.unsupported("the id \(hole) without a token")
    }
  }

  private static func training(
    _ pieces: [SentencePieceFile.Piece], _ tokenizer: Tokenizer, unknown: Int
  ) -> SentencePieceFile.Training {
    func fixed(_ text: String) -> SentencePieceFile.Training.Fixed {
      let bytes = Array(text.utf8)
      return (
        id: pieces.firstIndex { $0.kind == .control && $0.text == bytes } ?? -1, text: bytes
      )
    }
    let isUnigram = if case .unigram = tokenizer.model { true } else { false }
    return SentencePieceFile.Training(
      algorithm: isUnigram ? .unigram : .bpe, vocabularySize: pieces.count,
      characterCoverage: 0.9995,
      maximumSentenceBytes: nil, maximumPieceLength: 16, splitsByScript: true, splitsByNumber: true,
      splitsByWhitespace: true, whitespaceIsSuffix: false, allowsWhitespaceOnly: false,
      splitsDigits: false,
      control: pieces.filter { $0.kind == .control }.map(\.text),
      userDefined: pieces.filter { $0.kind == .userDefined }.map(\.text),
      byteFallback: tokenizer.fallsBackToBytes, unknown: (id: unknown, text: pieces[unknown].text),
      begin: fixed("<s>"), end: fixed("</s>"), padding: fixed("<pad>"))
  }

  /// Every piece must come out of its own characters as it did. Then so does every text: what happens
  /// between the ends of a piece depends on its text alone, up to the merge that makes it.
  private static func check(
    _ model: BPEModel, against file: SentencePieceFile, _ account: ConversionAccount
  ) throws(FormatError) {
    func encoder(_ model: TokenizerModel) throws(FormatError) -> TokenEncoder {
      let bare = Tokenizer(
        normalizer: .none, preTokenizer: .none, model: model, detokenizer: .none)
      do throws(TokenizerError) {
        return try TokenEncoder(try CompiledTokenizer(bare))
      } catch {
        throw account.unsupported("\(error)")
      }
    }
    var original = model
    if case .characters(var base) = original.base {
      base.wholeTokens = []
      original.base = .characters(base)
    }
    var ours = try encoder(.bpe(original))
    var theirs = try encoder(try file.tokenizer().model)
    for (id, piece) in file.pieces.enumerated() where piece.kind == .normal {
      var ids: (ours: [TokenID], theirs: [TokenID]) = ([], [])
      do throws(TokenizerError) {
        try ours.encode(piece.text, into: &ids.ours)
        try theirs.encode(piece.text, into: &ids.theirs)
      } catch {
        throw account.unsupported("\(error)")
      }
      guard ids.ours == ids.theirs else {
        throw account.unsupported(
          "the token \(quoted(piece.text)) (id \(id)), which SentencePiece would make of other parts,"
        )
      }
    }
  }
}

extension Tokenizer {
  /// Whether characters without a token become their bytes.
  var fallsBackToBytes: Bool {
    switch model {
    case .bpe(let model): model.characterBase?.fallsBackToBytes ?? false
    case .unigram(let model):
      switch model.rules {
      case .huggingFace(let fallsBackToBytes): fallsBackToBytes
      case .sentencePiece: model.byteIDs != nil
      }
    case .wordPiece, .wordLevel: false
    }
  }
}
