import Primitives
import Tokenization

/// Training of BPE as SentencePiece does it: count the words of sentences, merge characters, put
/// together.
public struct SentencePieceBPERun: TrainingRun {
  private let options: SentencePieceOptions
  private let sentences: SentenceCounting
  private let threads: Int

  /// - Parameter threads: the result is the same for any number.
  /// - Throws: for options that contradict each other, before anything is read.
  public init(
    _ options: SentencePieceOptions, threads: Int = Threads.available
  ) throws(TrainingRunError) {
    self.options = options
    self.threads = threads
    sentences = try SentenceCounting(options, marksFollowers: false, threads: threads)
  }

  public var vocabularySize: Int { options.vocabularySize }

  public var counting: CountingOptions { sentences.counting }

  public var counter: PreTokenCounter { sentences.counter }

  public var cost: TrainingCost { .characterPairs }

  public func train(
    on corpus: consuming CountedCorpus, sizes: [Int], progress: TrainingProgress
  ) throws(TrainingRunError) -> [TrainedTokenizer] {
    let reading = corpus.options
    var counted = try sentences.words(of: corpus)
    let (characters, summary) = (counted.characters, counted.summary)
    let rooms = try TrainingRunError.mapping { () throws(SentencePieceTrainingError) in
      var rooms: [Int] = []
      for size in sizes { rooms.append(try options.sized(size).room(for: characters).learned) }
      return rooms
    }
    let trainer = SentencePieceBPETrainer(
      characters: characters.characters, rules: options.pieces)
    let counts = counted.words.takeWords()
    let longest = try TrainingRunError.mapping { () throws(SentencePieceTrainingError) in
      try trainer.train(
        on: counts, mergeLimit: rooms.max() ?? 0, threads: threads, progress: progress)
    }
    var trained: [TrainedTokenizer] = []
    for (size, room) in zip(sizes, rooms) {
      let options = options.sized(size)
      let result = longest.limited(to: room)
      // The first score is -0, as it is there.
      let pieces = result.pieces.enumerated().map { (text: $1, score: -Float($0)) }
      let file = try options.file(.bpe, pieces: pieces)
      trained.append(
        TrainedTokenizer(
          tokenizer: try TrainingRunError.mapping { () throws(FormatError) in
            try file.tokenizer()
          },
          account: TrainingAccount(
            algorithm: "sentencepiece-bpe", options: options.entries,
            result: [("merges", .count(result.mergeCount))]),
          summary: summary, corpusTokens: result.corpusTokens, corpusOptions: reading,
          sentencePieceFile: file, leftOutCharacters: characters.leftOut))
    }
    return trained
  }
}

extension SentencePieceOptions {
  /// The same for another number of tokens.
  func sized(_ vocabularySize: Int) -> SentencePieceOptions {
    var options = self
    options.vocabularySize = vocabularySize
    return options
  }
}
