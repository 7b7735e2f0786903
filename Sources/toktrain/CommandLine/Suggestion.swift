/// The word that a mistyped one was most likely meant to be.
enum Suggestion {
  /// The nearest candidate within a third of the word's length (at least 1, at most 3 edits), or
  /// one that the word begins; the first of equals.
  static func nearest(to word: String, among candidates: [String]) -> String? {
    let typed = Array(word.utf8)
    guard typed.count > 1 else { return nil }
    let limit = min(3, max(1, typed.count / 3))
    var best: (distance: Int, candidate: String)?
    for candidate in candidates where candidate != word {
      let distance = editDistance(typed, Array(candidate.utf8))
      if distance <= limit, distance < best?.distance ?? Int.max { best = (distance, candidate) }
    }
    return best?.candidate ?? candidates.first { $0 != word && $0.hasPrefix(word) }
  }

  /// Insertions, deletions, replacements and swaps of neighbours between two words (Damerau and
  /// Levenshtein's distance in its restricted form).
  static func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var beforeLast = [Int](repeating: 0, count: b.count + 1)
    var last = Array(0...b.count)
    for i in 0..<a.count {
      var row = [i + 1]
      for j in 0..<b.count {
        var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          cost = min(cost, beforeLast[j - 1] + 1)
        }
        row.append(cost)
      }
      (beforeLast, last) = (last, row)
    }
    return last[b.count]
  }
}
