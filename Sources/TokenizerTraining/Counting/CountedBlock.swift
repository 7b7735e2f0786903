import Primitives

/// A block of a corpus that has been counted, as the header of a run names it.
struct CountedBlock: Sendable, Equatable {
  /// Number of its source in the corpus.
  var source: Int
  /// Its number in the source.
  var number: Int
  /// Of the bytes of a block of a file; of no meaning for streams, which are read again.
  var fingerprint: Fingerprint

  init(source: Int, number: Int, fingerprint: Fingerprint) {
    self.source = source
    self.number = number
    self.fingerprint = fingerprint
  }

  var value: TrainingAccount.Value {
    .list([.count(source), .count(number), .text(fingerprint.description)])
  }

  /// `nil` for what `value` never is.
  init?(_ json: JSONValue) {
    guard let parts = json.elements.map(Array.init), parts.count == 3,
      let source = parts[0].integer, let number = parts[1].integer, source >= 0, number >= 0,
      let fingerprint = parts[2].string.flatMap(Fingerprint.init)
    else { return nil }
    self.init(source: Int(source), number: Int(number), fingerprint: fingerprint)
  }
}
