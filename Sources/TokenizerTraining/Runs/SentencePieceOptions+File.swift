import Tokenization

/// The file of a trained SentencePiece vocabulary.
extension SentencePieceOptions {
  /// Pieces that were learned, best first, set between those that were not.
  ///
  /// - Throws: for fixed pieces that contradict each other, and rules that cannot be had.
  func file(
    _ algorithm: SentencePieceFile.Algorithm, pieces learned: [(text: [UInt8], score: Float)]
  ) throws(TrainingRunError) -> SentencePieceFile {
    let meta = try TrainingRunError.mapping { () throws(SentencePieceTrainingError) in
      try metaPieces.placed(vocabularySize: vocabularySize)
    }
    var pieces: [SentencePieceFile.Piece] = []
    var (nextMeta, nextLearned) = (meta[...], learned[...])
    while !nextMeta.isEmpty || !nextLearned.isEmpty {
      // An id beyond what was learned closes up.
      if let first = nextMeta.first, first.id <= pieces.count || nextLearned.isEmpty {
        pieces.append(SentencePieceFile.Piece(text: first.text, score: 0, kind: first.kind))
        nextMeta = nextMeta.dropFirst()
      } else if let piece = nextLearned.popFirst() {
        pieces.append(
          SentencePieceFile.Piece(text: piece.text, score: piece.score, kind: .normal))
      }
    }
    let rules: Charsmap
    do throws(CharsmapError) {
      rules = try normalization.rules.charsmap()
    } catch {
      throw .preparation(.charsmap(error))
    }
    return SentencePieceFile(
      pieces: pieces,
      training: SentencePieceFile.Training(
        algorithm: algorithm, vocabularySize: pieces.count,
        characterCoverage: Float(characterCoverage),
        maximumSentenceBytes: maximumSentenceBytes, maximumPieceLength: self.pieces.maximumLength,
        splitsByScript: self.pieces.cuts.splitsScripts,
        splitsByNumber: self.pieces.cuts.splitsNumbers,
        splitsByWhitespace: self.pieces.cuts.whitespace != .free,
        whitespaceIsSuffix: self.pieces.putsSpacesBehindWords,
        allowsWhitespaceOnly: self.pieces.allowsWhitespaceOnly,
        splitsDigits: self.pieces.cuts.splitsDigits, control: metaPieces.control,
        userDefined: metaPieces.userDefined, byteFallback: metaPieces.fallsBackToBytes,
        unknown: (metaPieces.unknown.id ?? -1, metaPieces.unknown.text),
        begin: (metaPieces.begin.id ?? -1, metaPieces.begin.text),
        end: (metaPieces.end.id ?? -1, metaPieces.end.text),
        padding: (metaPieces.padding.id ?? -1, metaPieces.padding.text)),
      normalizerName: rulesName, charsmap: rules, normalization: normalization)
  }
}
