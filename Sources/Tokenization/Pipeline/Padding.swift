/// How encodings are filled up to a length, as Hugging Face's library does it (`utils/padding.rs` and
/// `Encoding::pad`, 0.23).
///
/// A `tokenizer.json` can hold such settings; encoders apply those of their `EncodingOptions`.
public struct Padding: Sendable, Equatable {
  /// Ids that every encoding has in the end; `nil`: as many as the longest of a batch.
  public var length: Int?
  /// At which end ids are added.
  public var direction: Truncation.Direction
  /// The length is rounded up to one of these; `nil` or 0: as it is.
  public var multiple: Int?
  public var id: TokenID
  public var typeID: UInt32
  /// The text of the token, UTF-8.
  public var token: [UInt8]

  public init(
    length: Int? = nil, direction: Truncation.Direction = .right, multiple: Int? = nil,
    id: TokenID, typeID: UInt32 = 0, token: [UInt8]
  ) {
    self.length = length
    self.direction = direction
    self.multiple = multiple
    self.id = id
    self.typeID = typeID
    self.token = token
  }

  /// Most ids of a filled encoding: more is no batch but a mistake.
  public static let greatestLength = 1 << 24

  /// The length to which encodings are filled up of which the longest has so many ids.
  ///
  /// - Throws: `TokenizerError.paddingTooLong` above `greatestLength`.
  public func length(forLongest longest: Int) throws(TokenizerError) -> Int {
    var length = self.length ?? longest
    if let multiple, multiple > 0, length % multiple > 0 {
      let (sum, overflow) = length.addingReportingOverflow(multiple - length % multiple)
      length = overflow ? Int.max : sum
    }
    // A longer text stays as it is.
    guard length <= max(longest, Self.greatestLength) else {
      throw .paddingTooLong(length: length)
    }
    return length
  }

  /// Fills up the encodings of a batch to one length; what truncation cut off, too.
  ///
  /// - Throws: as `length(forLongest:)`.
  public func pad(_ encodings: inout [Encoding]) throws(TokenizerError) {
    let length = try length(forLongest: encodings.lazy.map(\.ids.count).max() ?? 0)
    for index in encodings.indices { encodings[index].pad(to: length, by: self) }
  }

  /// Fills up ids alone.
  func pad(_ ids: inout [TokenID], from start: Int) throws(TokenizerError) {
    let count = ids.count - start
    let missing = try length(forLongest: count) - count
    guard missing > 0 else { return }
    ids.insert(
      contentsOf: repeatElement(id, count: missing), at: direction == .left ? start : ids.count)
  }
}

extension Encoding {
  /// Adds what is missing to a length. Padding is special, gets no attention, and stands nowhere.
  mutating func pad(to length: Int, by padding: Padding) {
    for index in overflowing.indices { overflowing[index].pad(to: length, by: padding) }
    let missing = length - ids.count
    guard missing > 0 else { return }
    func fill<Value>(_ values: inout [Value], _ value: Value) {
      values.insert(
        contentsOf: repeatElement(value, count: missing),
        at: padding.direction == .left ? 0 : values.count)
    }
    fill(&ids, padding.id)
    fill(&typeIDs, padding.typeID)
    fill(&offsets, 0..<0)
    fill(&wordIndices, nil)
    fill(&sequenceIndices, nil)
    fill(&specialTokensMask, 1)
    fill(&attentionMask, 0)
  }
}
