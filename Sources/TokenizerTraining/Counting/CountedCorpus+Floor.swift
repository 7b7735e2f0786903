extension CountedCorpus {
  /// Leaves out words that occur less often than a floor says: half of the distinct words of most texts
  /// occur once, and few of their occurrences are lost with them. A word at the end of sentences, where
  /// such words are counted apart, is judged by itself.
  ///
  /// - Precondition: all parts of the corpus have been added up.
  public mutating func leaveOut(below least: UInt64) {
    if least <= 1 { return }
    var floor = CountProfile.Floor(least: least, lostWords: 0, lostOccurrences: 0)
    let counts = counts.counts
    // They stand there by falling count.
    let kept = counts.partitionPoint { $0 < least }
    for count in counts[kept...] {
      floor.lostWords += 1
      floor.lostOccurrences &+= count
    }
    self.counts = self.counts.prefix(kept)
    summary.floor = floor
  }
}

extension PreTokenCounts {
  /// The first words.
  fileprivate func prefix(_ words: Int) -> PreTokenCounts {
    if words == wordCount { return self }
    let end = words == 0 ? 0 : ends[words - 1]
    return PreTokenCounts(
      bytes: Array(bytes[..<end]), ends: Array(ends[..<words]), counts: Array(counts[..<words]))
  }
}

extension [UInt64] {
  /// The first place from which on a condition holds, which it then does to the end.
  fileprivate func partitionPoint(_ holds: (UInt64) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if holds(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
