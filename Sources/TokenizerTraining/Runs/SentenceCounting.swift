import Tokenization

/// The first half of a run of SentencePiece's trainers: from a corpus to words and characters.
struct SentenceCounting: Sendable {
  private let options: SentencePieceOptions
  private let rules: SentenceRules
  let counting: CountingOptions
  let counter: PreTokenCounter
  private let normalizer: CompiledNormalizer

  init(
    _ options: SentencePieceOptions, marksFollowers: Bool, threads: Int
  ) throws(TrainingRunError) {
    try TrainingRunError.mapping { () throws(SentencePieceTrainingError) in
      try options.validate()
    }
    self.options = options
    rules = options.sentences(marksFollowers: marksFollowers)
    var counting = CountingOptions(
      preTokenizer: .none,
      normalizer: Normalizer([.sentencePiece(options.normalization)], unicode: .current),
      threads: threads)
    counting.sentences = rules
    counting.sample = options.sample
    self.counting = counting
    let compiled = try TrainingRunError.mapping { () throws(TextPreparationError) in
      try CompiledNormalizer(counting.normalizer)
    }
    normalizer = compiled
    counter = try TrainingRunError.mapping { () throws(TextPreparationError) in
      try PreTokenCounter(counting)
    }
  }

  /// What trainers learn from.
  ///
  /// - Parameters:
  ///   - counted: gives up its words.
  ///   - source: where the order of sentences is looked up in a second reading, if anyone asks for it
  ///     and there can be one.
  func words(
    of counted: consuming CountedCorpus, inOrderOf source: Corpus? = nil
  ) throws(TrainingRunError) -> (
    words: SentenceWords, characters: RequiredCharacters, summary: CorpusSummary
  ) {
    var summary = counted.summary
    let meta = try TrainingRunError.mapping { () throws(SentencePieceTrainingError) in
      try options.metaPieces.placed(vocabularySize: options.vocabularySize)
    }
    let texts = meta.map(\.text)
    let order: SentenceOrder? =
      if let source { try self.order(of: source, texts) } else { nil }
    let words = SentenceWords(counted: counted.counts, rules, order, metaPieces: texts)
    _ = consume counted
    // Sentences in their order stand there as often as they occur.
    if !words.isInOrder { summary.distinctPreTokens = words.words.wordCount }
    let characters = RequiredCharacters(
      of: words.characters, coverage: Float(options.characterCoverage),
      listed: options.requiredCharacters)
    return (words, characters, summary)
  }

  private func order(
    of corpus: Corpus, _ metaPieces: [[UInt8]]
  ) throws(TrainingRunError) -> SentenceOrder? {
    guard !corpus.readsStandardInput, options.sample == nil else { return nil }
    let reading = SentenceReading(rules, normalizer, metaPieces: metaPieces)
    let beginAlike =
      options.normalization.addsDummyPrefix && !options.normalization.putsSpacesBehindWords
    return try TrainingRunError.mapping { () throws(CorpusError) in
      beginAlike && rules.whitespace != .free
        ? try reading.lastSentence(of: corpus) : try reading.order(of: corpus)
    }
  }
}

extension SentencePieceOptions {
  /// Ids of pieces that are not learned, and how many are left for those that are.
  func room(
    for characters: RequiredCharacters
  ) throws(SentencePieceTrainingError) -> (meta: Int, learned: Int) {
    let meta = try metaPieces.placed(vocabularySize: vocabularySize).count
    let learned = vocabularySize - meta - characters.characters.count
    guard learned >= 0 else {
      throw .vocabularyTooSmall(
        asked: vocabularySize, metaPieces: meta, characters: characters.characters.count)
    }
    return (meta, learned)
  }

  /// How the rules of normalization are called.
  var rulesName: String {
    if case .named(let name) = normalization.rules { name.rawValue } else { "user_defined" }
  }

  /// What `training.json` says of them.
  var entries: [TrainingAccount.Entry] {
    [
      ("vocab_size", .count(vocabularySize)),
      ("rules", .text(rulesName)),
      ("character_coverage", .decimal(characterCoverage)),
      ("max_piece_length", .count(pieces.maximumLength)),
      ("split_by_script", .flag(pieces.cuts.splitsScripts)),
      ("split_by_number", .flag(pieces.cuts.splitsNumbers)),
      ("split_by_whitespace", .flag(pieces.cuts.whitespace != .free)),
      ("split_digits", .flag(pieces.cuts.splitsDigits)),
      ("whitespace_suffix", .flag(pieces.putsSpacesBehindWords)),
      ("allow_whitespace_only", .flag(pieces.allowsWhitespaceOnly)),
      ("byte_fallback", .flag(metaPieces.fallsBackToBytes)),
      ("control_symbols", .list(metaPieces.control.map { .text($0) })),
      ("user_symbols", .list(metaPieces.userDefined.map { .text($0) })),
      ("required_chars", .list(requiredCharacters.map { .count($0) })),
      ("unk_id", .count(metaPieces.unknown.id)),
      ("bos_id", .count(metaPieces.begin.id)),
      ("eos_id", .count(metaPieces.end.id)),
      ("pad_id", .count(metaPieces.padding.id)),
      ("max_line_bytes", .count(maximumSentenceBytes)),
      ("skip_reserved_character", .flag(skipsReservedCharacter)),
      ("sample", sample.map(\.value) ?? .none),
      ("add_dummy_prefix", .flag(normalization.addsDummyPrefix)),
      ("remove_extra_whitespaces", .flag(normalization.removesExtraSpaces)),
    ]
  }
}
