/// How encodings are cut to a length, as Hugging Face's library does it (`utils/truncation.rs` and
/// `Encoding::truncate`, 0.23).
///
/// A `tokenizer.json` can hold such settings; encoders apply those of their `EncodingOptions`.
public struct Truncation: Sendable, Equatable {
  /// At which end ids are dropped.
  public var direction: Direction
  /// Most ids, special tokens included.
  public var longest: Int
  /// Which text of a pair is cut.
  public var strategy: Strategy
  /// Ids that neighbouring parts of a long text have in common.
  public var stride: Int

  public enum Direction: String, Sendable, CaseIterable {
    case left = "Left"
    case right = "Right"
  }

  public enum Strategy: String, Sendable, CaseIterable {
    /// The longer of both, then both alike.
    case longestFirst = "LongestFirst"
    case onlyFirst = "OnlyFirst"
    case onlySecond = "OnlySecond"
  }

  public init(
    direction: Direction = .right, longest: Int, strategy: Strategy = .longestFirst,
    stride: Int = 0
  ) {
    self.direction = direction
    self.longest = longest
    self.strategy = strategy
    self.stride = stride
  }

  /// How many ids of each text stay.
  ///
  /// - Parameters:
  ///   - counts: ids of one text or of two.
  ///   - added: special tokens around them.
  /// - Throws: `TokenizerError.lengthTooShort`, `.strategyWithoutPair`, `.textTooShortToCut`.
  func lengths(of counts: [Int], added: Int) throws(TokenizerError) -> [Int] {
    guard longest >= added else { throw .lengthTooShort(longest: longest, added: added) }
    let room = longest - added
    if room == 0 { return counts.map { _ in 0 } }
    let excess = counts.reduce(0, +) - room
    if excess <= 0 { return counts }
    switch strategy {
    case .longestFirst:
      guard counts.count == 2 else { return [room] }
      return Self.sharing(room, counts[0], counts[1])
    case .onlyFirst, .onlySecond:
      let index = strategy == .onlyFirst ? 0 : 1
      guard index < counts.count else { throw .strategyWithoutPair }
      guard counts[index] > excess else {
        throw .textTooShortToCut(isFirst: index == 0, count: counts[index], excess: excess)
      }
      var lengths = counts
      lengths[index] -= excess
      return lengths
    }
  }

  /// The shorter text stays whole as long as the longer one is not shorter for it; then each has half,
  /// and the longer one what is odd. Of two equally long ones that is the second.
  private static func sharing(_ room: Int, _ first: Int, _ second: Int) -> [Int] {
    let shorter = min(first, second, room / 2)
    var lengths = [shorter, room - shorter]
    if first > second { lengths.reverse() }
    return lengths
  }

  /// The part of a text that stays, and then those that are cut off, each with `stride` ids of the one
  /// before. Where nothing stays, what is cut off is the whole.
  ///
  /// - Throws: `TokenizerError.strideTooLong`.
  func parts(of count: Int, length: Int) throws(TokenizerError) -> [Range<Int>] {
    if length >= count { return [0..<count] }
    if length == 0 { return [0..<0, 0..<count] }
    guard stride < length else { throw .strideTooLong(stride: stride, length: length) }
    var parts: [Range<Int>] = []
    var place = 0
    while true {
      let end = min(place + length, count)
      parts.append(direction == .right ? place..<end : count - end..<count - place)
      if end == count { return parts }
      place += length - stride
    }
  }

  /// The first of `parts`.
  func kept(of count: Int, length: Int) throws(TokenizerError) -> Range<Int> {
    if length >= count { return 0..<count }
    if length == 0 { return 0..<0 }
    if stride >= length { throw .strideTooLong(stride: stride, length: length) }
    return direction == .right ? 0..<length : count - length..<count
  }
}
