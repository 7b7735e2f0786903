import Primitives

/// What `encode --stats` says: how long loading took, and the encoding alone, apart from reading,
/// cutting into documents and writing.
struct EncodingFigures {
  var documents = 0
  var bytes = 0
  var tokens = 0
  /// Seconds that threads spent on encoding, added up.
  var seconds = 0.0

  mutating func add(_ other: EncodingFigures) {
    documents += other.documents
    bytes += other.bytes
    tokens += other.tokens
    seconds += other.seconds
  }

  /// Two lines, ready to be read by a program too.
  func lines(loadedIn load: Double, threads: Int) -> [String] {
    let speed = seconds > 0 ? Double(bytes) / seconds / 1e6 : 0
    return [
      "loaded: \(Figures.decimal(load, places: 3)) s",
      "encoded: \(Figures.counted(bytes, "byte")) in \(Figures.counted(documents, "document")), "
        + "\(Figures.counted(tokens, "token")), \(Figures.decimal(seconds, places: 3)) s, "
        + "\(Figures.decimal(speed, places: 1)) MB/s a thread "
        + "(\(Figures.counted(threads, "thread")))",
    ]
  }
}
