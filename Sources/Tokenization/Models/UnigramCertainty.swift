/// Whether a word has the same pieces whatever stands before it.
///
/// Sums have single precision and begin where the text begins, so that the digits which decide between
/// two near ways through a word depend on all that precedes. A word is certain if its best way is
/// better than any other by more than all roundings together.
struct UnigramCertainty {
  /// The best two sums of ways to a byte, in double precision: exact, compared with the roundings.
  private struct Sums: BitwiseCopyable {
    var best = -Double.infinity
    var second = -Double.infinity

    @inline(__always)
    mutating func add(_ before: Sums, _ score: Double) {
      add(before.best + score)
      second = max(second, before.second + score)
    }

    @inline(__always)
    private mutating func add(_ sum: Double) {
      second = max(second, min(best, sum))
      best = max(best, sum)
    }
  }

  let model: CompiledUnigram

  /// - Parameter rounding: the most that a sum can be wrong.
  /// - Complexity: O(bytes × bytes of the longest piece).
  func holds(for word: UnsafeBufferPointer<UInt8>, rounding: Double) -> Bool {
    guard let start = word.baseAddress else { return true }
    return withUnsafeTemporaryAllocation(of: Sums.self, capacity: word.count + 1) { sums in
      sums.initialize(repeating: Sums())
      sums[0].best = 0
      var (place, characters) = (0, 0)
      while place < word.count {
        let length = min(CompiledUnigram.length(lead: word[place]), word.count - place)
        var isCovered = false
        let before = sums[place]
        model.trie.forEachPrefix(of: start + place, to: start + word.count) { size, id in
          sums[place + size].add(before, Double(model.scores[Int(id)]))
          isCovered = isCovered || size == length
        }
        if !isCovered { sums[place + length].add(before, Double(model.unknownScore)) }
        place += length
        characters += 1
      }
      // Each way adds a score a character at most.
      return sums[word.count].best - sums[word.count].second
        > 2 * Double(characters) * rounding
    }
  }
}
