import Primitives

/// What a run read, and what an option made it leave out: zeros are told, too.
public struct CorpusSummary: Sendable, Equatable {
  /// Files read, standard input included.
  public var files = 0
  /// Bytes of text, decompressed; of JSONL with its wrapping.
  public var bytes = 0
  /// The same with each file as often as its weight says.
  public var weightedBytes = 0
  public var documents = 0
  /// Pre-tokens, repeats included.
  public var preTokens: UInt64 = 0
  public var distinctPreTokens = 0
  /// Sequences that are not UTF-8, replaced or kept as the policy says.
  public var illFormedSequences = 0
  /// Occurrences of special tokens in the text, which are not counted as words.
  public var specialTokens = 0
  /// Sentences that a rule of SentencePiece's trainers left out.
  public var skippedSentences = SkippedSentences()
  /// What was drawn; zeros where all was read.
  public var sample = SampleSummary()
  /// What a floor of counts left out; `nil` where there was none.
  public var floor: CountProfile.Floor?
  /// XXH3-128 of each source, ascending: over its size and the fingerprints of its blocks in order.
  public var sources: [Fingerprint] = []

  /// Names what was read, in whichever order or shares.
  public var fingerprint: Fingerprint { Fingerprint(of: sources) }

  public init() {}

  /// Adds what another thread has met.
  mutating func add(_ other: CorpusSummary) {
    documents += other.documents
    preTokens += other.preTokens
    illFormedSequences += other.illFormedSequences
    specialTokens += other.specialTokens
    skippedSentences.add(other.skippedSentences)
    sample.add(other.sample)
  }
}

/// A corpus in numbers.
public struct CountedCorpus: Sendable {
  public var counts: PreTokenCounts
  public var summary: CorpusSummary
  /// How it was read.
  public var options: CorpusOptions
}
