import Testing

@testable import TokenizerTraining

@Suite("Words by their counts")
struct CountProfileTests {
  /// Words of 2 bytes that occur 300, 4, 2, 1 and 1 times.
  private let counts = PreTokenCounts(
    bytes: Array("aabbccddee".utf8), ends: [2, 4, 6, 8, 10], counts: [300, 4, 2, 1, 1])
  private let cost = TrainingCost(
    standing: 100, perWord: 10, perByte: 1, secondsOnce: 0, secondsPerDoubling: 0,
    secondsPerThousand: 0)

  @Test("The lowest floor that gives room is found, and what it leaves out")
  func floor() {
    let profile = CountProfile(counts)
    #expect(profile.words == 5 && profile.bytes == 10 && profile.occurrences == 308)
    #expect(profile.kept(from: 2).words == 3 && profile.kept(from: 5).words == 1)
    #expect(
      profile.floor(of: cost, within: 160)
        == CountProfile.Floor(least: 1, lostWords: 0, lostOccurrences: 0))
    #expect(
      profile.floor(of: cost, within: 159)
        == CountProfile.Floor(least: 2, lostWords: 2, lostOccurrences: 2))
    #expect(
      profile.floor(of: cost, within: 112)
        == CountProfile.Floor(least: 5, lostWords: 4, lostOccurrences: 8))
    #expect(profile.floor(of: cost, within: 111) == nil)
    // Beyond 255 floors are powers of two.
    let large = CountProfile(
      PreTokenCounts(bytes: [1, 2, 3], ends: [1, 2, 3], counts: [600, 300, 255]))
    #expect(
      large.floor(of: cost, within: 122)
        == CountProfile.Floor(least: 256, lostWords: 1, lostOccurrences: 255))
    #expect(
      large.floor(of: cost, within: 111)
        == CountProfile.Floor(least: 512, lostWords: 2, lostOccurrences: 555))
  }

  @Test("Rare words are left out, and said")
  func leavingOut() {
    for (least, kept) in [(UInt64(2), 3), (3, 2), (300, 1), (301, 0)] {
      var corpus = CountedCorpus(
        counts: counts, summary: CorpusSummary(), options: CorpusOptions())
      corpus.leaveOut(below: least)
      #expect(corpus.counts.wordCount == kept)
      #expect(corpus.counts.bytes == Array(counts.bytes[..<(2 * kept)]))
      #expect(corpus.summary.floor?.lostWords == 5 - kept)
      #expect(
        corpus.summary.floor?.lostOccurrences == counts.counts[kept...].reduce(0, +))
    }
  }
}
