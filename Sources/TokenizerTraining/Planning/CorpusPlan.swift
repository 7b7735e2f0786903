import Primitives

/// What a corpus holds, and what training on it takes: known after one reading.
public struct CorpusPlan: Sendable {
  public let summary: CorpusSummary
  public let survey: CorpusSurvey
  public let profile: CountProfile
  /// Bytes of the longest word, and where it stands as "file:line"; `nil` where that is unknown.
  public let longestWord: (bytes: [UInt8], place: String?)
  /// Where the first bytes that are not UTF-8 stand.
  public let illFormedPlace: String?
  /// Different characters, and how many of them cover a part of all that occur.
  public let characterCount: Int
  public let coverage: [(part: Double, characters: Int)]
  /// Distinct words that occur at least twice and have more than one symbol: each can become a token.
  public let repeatedWords: Int

  /// Parts of the text whose alphabets are told.
  private static let parts = [0.98, 0.99, 0.995, 0.999, 0.9995, 0.9999]

  /// Reads a corpus.
  public static func of(
    _ corpus: Corpus, for run: any TrainingRun, progress: TrainingProgress = .silent
  ) throws(CorpusError) -> CorpusPlan {
    let (counted, survey) = try run.counter.survey(corpus, progress: progress)
    return CorpusPlan(counted, survey, corpus, run)
  }

  private init(
    _ counted: CountedCorpus, _ survey: CorpusSurvey, _ corpus: Corpus, _ run: any TrainingRun
  ) {
    summary = counted.summary
    self.survey = survey
    profile = CountProfile(counted.counts)
    func shown(_ place: CorpusSurvey.Place) -> String {
      let source = corpus.sources[place.source]
      return "\(source.displayName):\(LineMark.line(of: place.offset, in: source))"
    }
    let longest = survey.longestWord?.bytes ?? counted.counts.longest
    let isMarked =
      run.counting.sentences?.marksFollowers == true && longest.last == SentenceRules.endMark
    longestWord = (
      isMarked ? Array(longest.dropLast()) : longest, survey.longestWord.map { shown($0.place) }
    )
    illFormedPlace = survey.firstIllFormed.map(shown)
    let characters = CharacterTally(counted.counts).counts
    characterCount = characters.count
    let total = characters.reduce(0) { $0 + Double($1) }
    coverage = Self.parts.map { part in
      var sum = 0.0
      var count = 0
      while count < characters.count, sum < part * total {
        sum += Double(characters[count])
        count += 1
      }
      return (part, count)
    }
    repeatedWords = counted.counts.repeatedWords
  }
}

extension PreTokenCounts {
  /// The first of the longest words.
  fileprivate var longest: [UInt8] {
    var (start, best) = (0, 0..<0)
    for end in ends {
      if end - start > best.count { best = start..<end }
      start = end
    }
    return Array(bytes[best])
  }

  fileprivate var repeatedWords: Int {
    var (start, words) = (0, 0)
    for index in 0..<wordCount where counts[index] >= 2 {
      if ends[index] - start > 1 { words += 1 }
      start = ends[index]
    }
    return words
  }
}
