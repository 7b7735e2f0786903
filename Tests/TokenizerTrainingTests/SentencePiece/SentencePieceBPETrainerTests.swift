import Testing
import Tokenization

@testable import TokenizerTraining

@Suite("SentencePiece's merges")
struct SentencePieceBPETrainerTests {
  private typealias Word = (text: [UInt32], count: UInt64)

  private func counts(_ words: [Word]) -> PreTokenCounts {
    var bytes: [UInt8] = []
    var ends: [Int] = []
    for (text, _) in words {
      for scalar in text.compactMap(Unicode.Scalar.init) {
        bytes += Array(String(Character(scalar)).utf8)
      }
      ends.append(bytes.count)
    }
    return PreTokenCounts(bytes: bytes, ends: ends, counts: words.map(\.count))
  }

  /// The definition: all pairs are counted anew for each piece, as long as there are any.
  private func obvious(
    _ words: [Word], _ characters: Set<UInt32>, _ rules: PieceRules, limit: Int
  ) -> [[UInt32]] {
    var words = words.map { word in (pieces: word.text.map { [$0] }, count: word.count) }
    var merged: [[UInt32]] = []
    while merged.count < limit {
      var pairs: [[[UInt32]]: UInt64] = [:]
      for word in words {
        for (left, right) in zip(word.pieces, word.pieces.dropFirst())
        where (left + right).allSatisfy(characters.contains) && rules.allow(left + right) {
          pairs[[left, right], default: 0] += word.count
        }
      }
      let best = pairs.min { a, b in
        if a.value != b.value { return a.value > b.value }
        let (first, second) = (a.key[0] + a.key[1], b.key[0] + b.key[1])
        // The order of UTF-8 is that of code points.
        return first.count != second.count
          ? first.count < second.count : first.lexicographicallyPrecedes(second)
      }
      guard let best else { break }
      merged.append(best.key[0] + best.key[1])
      for index in words.indices {
        var pieces: [[UInt32]] = []
        var place = 0
        let old = words[index].pieces
        while place < old.count {
          if place + 1 < old.count, old[place] == best.key[0], old[place + 1] == best.key[1] {
            pieces.append(old[place] + old[place + 1])
            place += 2
          } else {
            pieces.append(old[place])
            place += 1
          }
        }
        words[index].pieces = pieces
      }
    }
    return merged
  }

  @Test("Random small corpora are merged as by the obvious trainer", arguments: 0..<100)
  func agreesWithReference(seed: Int) throws {
    var random = SplitMix(state: UInt64(seed))
    let all = "ab1２б\u{301}漢か-e".unicodeScalars.map(\.value)
    let alphabet = Array(all.prefix(random.below(all.count) + 1))
    var words: [[UInt32]: UInt64] = [:]
    for _ in 0..<random.below(24) + 1 {
      let text = (0..<random.below(10) + 1).map { _ in alphabet[random.below(alphabet.count)] }
      words[[PieceRules.blank] + text] = UInt64(random.below(5) + 1)
    }
    let sorted = words.map { (text: $0.key, count: $0.value) }.sorted {
      $0.count == $1.count ? $0.text.lexicographicallyPrecedes($1.text) : $0.count > $1.count
    }
    var rules = PieceRules()
    rules.maximumLength = random.below(6) + 2
    rules.cuts.splitsScripts = random.below(2) == 0
    rules.cuts.splitsNumbers = random.below(2) == 0
    rules.cuts.splitsDigits = random.below(3) == 0
    // One character may be too rare to have a piece.
    let rare = random.below(2) == 0 ? alphabet.last : nil
    let characters = ([PieceRules.blank] + alphabet).filter { $0 != rare }
    let expected = obvious(sorted, Set(characters), rules, limit: 40)

    let counted = SentenceWords(words: counts(sorted), endCounts: []).characters
    var trainer = SentencePieceBPETrainer(
      characters: characters.map { scalar in
        counted.first { $0.scalar == scalar } ?? CountedCharacter(scalar: scalar, count: 0)
      }, rules: rules)
    if random.below(2) == 0 { trainer.tuning.firstFloor = Int64(random.below(20)) }
    if random.below(2) == 0 { trainer.tuning.squareLimit = 0 }
    trainer.tuning.leastShare = 40
    let result = try trainer.train(
      on: counts(sorted), mergeLimit: expected.count, threads: 1 + random.below(2),
      progress: .silent)
    let bytes = { (text: [UInt32]) in
      text.compactMap(Unicode.Scalar.init).flatMap { Array(String(Character($0)).utf8) }
    }
    #expect(Array(result.pieces.prefix(result.mergeCount)) == expected.map(bytes))
    #expect(
      result.pieces.dropFirst(result.mergeCount).elementsEqual(characters.map { bytes([$0]) }))

    // Asked for more, the run goes on with pairs that no longer occur, after the same ones.
    let more = try trainer.train(
      on: counts(sorted), mergeLimit: expected.count + 10, threads: 1, progress: .silent)
    #expect(
      Array(more.pieces.prefix(result.mergeCount)) == Array(result.pieces.prefix(result.mergeCount))
    )
  }
}
