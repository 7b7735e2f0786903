import Primitives

/// A SentencePiece model in the words of `tokenizer.json`: as near as that file can come.
///
/// What stays different: rules are applied there to one grapheme after the other, so that some
/// sequences of marks come out otherwise; ties between pieces are decided in double precision;
/// control symbols are not hidden when ids are decoded.
enum HuggingFaceSentencePiece {
  /// A score that no text is worth: pieces that are never made from text have it, since the file
  /// has no kinds of pieces.
  private static let hiddenScore: Double = -10_000
  /// Stands for U+FF5E, which SentencePiece keeps, while NFKC is applied.
  private static let placeholder = Array("\u{10FFFD}".utf8)

  /// - Parameter tokenizer: what the file's own `tokenizer` is.
  /// - Returns: `nil` where spaces end words, which has no words there.
  static func form(of file: SentencePieceFile, _ tokenizer: Tokenizer) -> Tokenizer? {
    var tokenizer = tokenizer
    guard case .sentencePiece(let normalization) = tokenizer.normalizer.steps.first,
      !normalization.putsSpacesBehindWords
    else { return nil }
    let userDefined = file.pieces.ids { $0 == .userDefined }
    var steps = steps(
      normalization, file.normalizerName, trimsEnds: userDefined.isEmpty)
    let splits = !file.pieces.haveInnerBlanks
    if normalization.addsDummyPrefix, !normalization.removesExtraSpaces, userDefined.isEmpty {
      // Metaspace puts none before a blank that stands in front already.
      steps += marking(addsDummyPrefix: true)
      tokenizer.preTokenizer = splits ? PreTokenizer([cut]) : .none
    } else {
      tokenizer.preTokenizer = PreTokenizer([
        .metaspace(
          MetaspaceSettings(
            prependScheme: !normalization.addsDummyPrefix
              ? .never : userDefined.isEmpty ? .always : .first,
            splits: splits))
      ])
    }
    tokenizer.normalizer = Normalizer(steps, unicode: .huggingFace)
    tokenizer.specialTokens = userDefined.map { id in
      SpecialToken(id: id, content: file.pieces.text(of: Int(id)), isSpecial: false)
    }
    switch tokenizer.model {
    case .unigram(var model):
      for (id, kind) in model.kinds.enumerated() where kind != .normal && kind != .userDefined {
        model.scores[id] = hiddenScore
      }
      tokenizer.model = .unigram(model)
    case .bpe(var model):
      if case .characters(var base) = model.base {
        base.wholeTokens = []
        model.base = .characters(base)
      }
      tokenizer.model = .bpe(model)
    case .wordPiece, .wordLevel: break
    }
    return tokenizer
  }

  /// Cuts before each blank that has its mark.
  static let cut = PreTokenizer.Step.split(.text(mark), .mergedWithNext, inverts: false)
  private static let mark = Array("\u{2581}".utf8)

  /// Gives blanks their mark in the normalizer, as files of Llama do.
  static func marking(addsDummyPrefix: Bool) -> [Normalizer.Step] {
    (addsDummyPrefix ? [.prepend(mark)] : []) + [.replace(.text([0x20]), replacement: mark)]
  }

  /// What SentencePiece does to a text before blanks get their mark.
  static func steps(
    _ normalization: SentencePieceNormalization, _ name: String, trimsEnds: Bool
  ) -> [Normalizer.Step] {
    var steps: [Normalizer.Step] = []
    let named = NamedCharsmap(rawValue: name)
    let keepsTilde = named == .nmtNFKC || named == .nmtNFKCFolded
    // Sequences that only rules would compose are composed before, by the algorithm.
    let composes = keepsTilde || named == .nfkc || named == .nfkcFolded
    let tilde = Array("\u{FF5E}".utf8)
    if keepsTilde { steps.append(.replace(.text(tilde), replacement: placeholder)) }
    if composes { steps.append(.form(.nfkc)) }
    if case .charsmap(let rules) = normalization.rules, !rules.precompiled.isEmpty {
      steps.append(.precompiled(rules))
    }
    if keepsTilde { steps.append(.replace(.text(placeholder), replacement: tilde)) }
    guard normalization.removesExtraSpaces else { return steps }
    if trimsEnds {
      steps.append(.replace(.pattern(SplitPattern("^ +")), replacement: []))
      steps.append(.replace(.pattern(SplitPattern(" +$")), replacement: []))
    }
    steps.append(.replace(.pattern(SplitPattern(" {2,}")), replacement: Array(" ".utf8)))
    return steps
  }
}
