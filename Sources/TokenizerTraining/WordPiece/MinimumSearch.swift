/// The highest minimum count of pairs with which likelihood still fills a vocabulary.
///
/// With a low minimum, likelihood takes rare pairs whose parts meet nothing else; with a high one
/// it runs out of pairs. Measured, the best vocabularies come from the highest that does not. It
/// lies between once and four times the count of the last pair that frequency merges, measured, too.
struct MinimumSearch {
  /// One attempt: what merging with a minimum made.
  typealias Attempt = (_ minimum: UInt64) throws(BPETrainingError) -> MergedWords

  private let size: Int
  private let attempt: Attempt

  /// - Parameter attempt: merges up to at least so many tokens with a minimum count.
  init(size: Int, attempt: @escaping Attempt) {
    self.size = size
    self.attempt = attempt
  }

  /// The minimum with which the vocabulary is full while with one more it is not, and what it
  /// makes; 1 if that is not enough either. A higher minimum makes other merges, so there may be
  /// several such: then it is the one that the bisection meets.
  ///
  /// - Parameter guess: the last pair count of frequency, from 1.
  /// - Complexity: O(log guess) attempts for a guess that is near.
  func run(from guess: UInt64) throws(BPETrainingError) -> (minimum: UInt64, words: MergedWords) {
    // Brackets [f, 2 f], [2 f, 4 f] and so on, or [f / 2, f] and so on down to 1, then bisection.
    // Counts have 63 bits, so that no vocabulary is filled with the highest minimum.
    var next = max(1, guess) * 2
    var best: (minimum: UInt64, words: MergedWords)?
    var tooHigh: UInt64?
    while true {
      let words = try attempt(next)
      if fills(words) {
        best = (next, words)
      } else if next == 1 {
        return (1, words)
      } else {
        tooHigh = next
      }
      switch (best, tooHigh) {
      case (let best?, let tooHigh?):
        if tooHigh - best.minimum == 1 { return best }
        next = best.minimum + (tooHigh - best.minimum) / 2
      case (_?, nil): next *= 2
      default: next /= 2
      }
    }
  }

  private func fills(_ words: MergedWords) -> Bool { words.spellings.count >= size }
}
