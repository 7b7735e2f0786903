import Primitives

/// Pieces to start from that somebody else found, as a file names them (SentencePiece 0.2.3,
/// `LoadSeedSentencePiecesFromFile`): a line each, the piece with U+2581 for blanks, a tab, how often
/// it occurs. What follows a second tab is not read.
public struct SeedList: Sendable, Equatable {
  public struct Seed: Sendable, Equatable {
    /// UTF-8.
    public var text: [UInt8]
    /// Above 0.
    public var count: Int64
  }

  public private(set) var seeds: [Seed] = []
  /// Of the file.
  public let fingerprint: Fingerprint

  /// - Throws: for the first line that is none of this.
  public init(parsing file: [UInt8]) throws(SentencePieceTrainingError) {
    fingerprint = Fingerprint(of: file)
    var lines = file.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    // What stands behind the last line feed is a line unless it is empty.
    if lines.last?.isEmpty == true { lines.removeLast() }
    for (index, line) in lines.enumerated() {
      let fields = line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
      guard fields.count >= 2, !fields[0].isEmpty else {
        throw .badSeed(line: index + 1, "a piece, a tab and a count were expected")
      }
      guard String(validating: fields[0], as: UTF8.self) != nil else {
        throw .badSeed(line: index + 1, "the piece is not valid UTF-8")
      }
      let number = fields[1].last == UInt8(ascii: "\r") ? fields[1].dropLast() : fields[1]
      guard number.allSatisfy({ (48...57).contains($0) }),
        let count = Int64(String(decoding: number, as: UTF8.self)), count > 0,
        count <= 1 << 53
      else {
        throw .badSeed(
          line: index + 1,
          "'\(String(decoding: number, as: UTF8.self))' is no count; a whole number from 1 to 2^53 "
            + "was expected")
      }
      seeds.append(Seed(text: Array(fields[0]), count: count))
    }
    guard !seeds.isEmpty else { throw .badSeed(line: 1, "the file names no piece") }
  }
}
