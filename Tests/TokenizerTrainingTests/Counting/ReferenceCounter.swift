import Tokenization

@testable import TokenizerTraining

/// The obvious way to count: whole documents, one dictionary.
enum ReferenceCounter {
  static func count(documents: [[UInt8]], pattern: CompiledPattern?) -> [[UInt8]: UInt64] {
    var counts: [[UInt8]: UInt64] = [:]
    for document in documents where !document.isEmpty {
      let padded = document + [UInt8](repeating: 0, count: 64)
      var ends = [UInt32](
        repeating: 0, count: document.count + CompiledPattern.spareEnds)
      var pieces = 1
      if let pattern {
        pieces = padded.withUnsafeBufferPointer { text in
          guard let base = text.baseAddress else { return 0 }
          return pattern.pieceEnds(
            of: base, from: 0, to: document.count, startsDocument: true, endsDocument: true,
            into: &ends)
        }
      } else {
        ends[0] = UInt32(document.count)
      }
      var start = 0
      for end in ends[..<pieces] {
        counts[Array(document[start..<Int(end)]), default: 0] += 1
        start = Int(end)
      }
    }
    return counts
  }

  static func dictionary(_ counts: PreTokenCounts) -> [[UInt8]: UInt64] {
    var result: [[UInt8]: UInt64] = [:]
    var start = 0
    for (end, count) in zip(counts.ends, counts.counts) {
      result[Array(counts.bytes[start..<end])] = count
      start = end
    }
    return result
  }
}
