import Primitives

/// What a reading of a corpus tells besides its words.
public struct CorpusSurvey: Sendable, Equatable {
  /// A place in a corpus.
  public struct Place: Sendable, Equatable {
    /// Number of the source.
    var source: Int
    /// Byte of its text.
    var offset: Int

    fileprivate func precedes(_ other: Place) -> Bool {
      (source, offset) < (other.source, other.offset)
    }
  }

  /// Ends of lines, and of sources that end without one.
  public internal(set) var lines = 0
  /// The longest word that is not short (16 bytes and more), and where its document begins or it stands
  /// there as it is; of several, that which comes first.
  public internal(set) var longestWord: (bytes: [UInt8], place: Place)? {
    get { longest.map { ($0.bytes, $0.place) } }
    set { longest = newValue.map { Longest(bytes: $0.bytes, place: $0.place) } }
  }
  private var longest: Longest?
  /// The first bytes that are not UTF-8.
  public internal(set) var firstIllFormed: Place?

  private struct Longest: Sendable, Equatable {
    var bytes: [UInt8]
    var place: Place
  }

  /// Adds what another thread has met.
  mutating func add(_ other: CorpusSurvey) {
    lines += other.lines
    if let word = other.longest {
      let mine = longest?.bytes.count ?? 0
      if word.bytes.count > mine
        || word.bytes.count == mine && longest.map({ word.place.precedes($0.place) }) == true
      {
        longest = word
      }
    }
    note(illFormed: other.firstIllFormed)
  }

  mutating func note(illFormed place: Place?) {
    guard let place else { return }
    if firstIllFormed.map({ place.precedes($0) }) ?? true { firstIllFormed = place }
  }
}
