import Primitives

/// `.tiktoken`, the rank file of the tiktoken library: a line for each token, its bytes in base64 and
/// its id, which is its rank in merging too.
///
/// Such a file carries neither pattern nor special tokens. Those of known vocabularies are known;
/// for others a sidecar says them.
public struct RankFile: Sendable {
  /// Name in a directory.
  public static let fileName = "tokenizer.tiktoken"

  /// Tokens by rank. Ranks may leave gaps.
  public let vocabulary: Vocabulary
  /// Pattern and special tokens; `nil` where nobody has said them.
  public let sidecar: RankSidecar?
  /// By the ids of what they make.
  let merges: [Merge]
  /// Whether a word can be a token that its bytes do not merge to.
  private let hasUnmergedTokens: Bool

  /// Reads a file.
  ///
  /// Lines may end in CRLF, be empty, and come in any order. What tiktoken's own reader takes in
  /// silence is refused: tokens and ranks that occur twice, and what is no base64.
  ///
  /// - Parameter sidecar: what the file beside it says; a known vocabulary needs none.
  /// - Throws: `FormatError.line` with the number of the line, `.missingByte`, and of the sidecar's
  ///   special tokens `.duplicateID`, `.idOutOfRange`.
  /// - Complexity: O(*n* log *n*) in bytes.
  public init(reading bytes: [UInt8], sidecar: RankSidecar? = nil) throws(FormatError) {
    let lines = try RankLines(reading: bytes)
    try self.init(lines.vocabulary, sidecar: sidecar, duplicate: lines.duplicateToken)
    if sidecar == nil { self = RankFile(self, named: KnownRanks(self, reading: bytes)) }
  }

  /// Ranks of any origin.
  ///
  /// - Parameter duplicate: the error for a token with two ids.
  init(
    _ vocabulary: Vocabulary, sidecar: RankSidecar?,
    duplicate: (_ first: TokenID, _ second: TokenID) -> FormatError
  ) throws(FormatError) {
    let ranks = RankMerges(vocabulary, byteTokens: try Self.byteTokens(of: vocabulary, duplicate))
    if let (first, second) = ranks.duplicate { throw duplicate(first, second) }
    try sidecar?.check(against: vocabulary)
    self.vocabulary = vocabulary
    self.sidecar = sidecar
    merges = ranks.mergesByResult(idCount: vocabulary.count)
    hasUnmergedTokens = !ranks.unmerged.isEmpty
  }

  private init(_ file: RankFile, named known: KnownRanks?) {
    vocabulary = file.vocabulary
    merges = file.merges
    hasUnmergedTokens = file.hasUnmergedTokens
    sidecar = known?.sidecar
  }

  /// Whether a text begins as a rank file does: its first line is base64, a blank and digits.
  public static func isRankFile(_ bytes: [UInt8]) -> Bool { RankLines.startsRanks(bytes) }

  /// The token of each byte.
  /// - Throws: `FormatError.missingByte`: tiktoken ends its process over a text with such a byte.
  static func byteTokens(
    of vocabulary: Vocabulary, _ duplicate: (TokenID, TokenID) -> FormatError
  ) throws(FormatError) -> [TokenID] {
    var tokens = [TokenID?](repeating: nil, count: 256)
    for id in 0..<TokenID(vocabulary.count) where vocabulary.length(of: id) == 1 {
      let byte = Int(vocabulary.bytes[vocabulary.range(of: id).lowerBound])
      if let first = tokens[byte] { throw duplicate(first, id) }
      tokens[byte] = id
    }
    if let byte = tokens.firstIndex(of: nil) { throw .missingByte(UInt8(byte)) }
    return tokens.compactMap { $0 }
  }

  /// The file as a tokenizer with tiktoken's ids.
  ///
  /// - Throws: `FormatError.missingPattern`.
  public func tokenizer() throws(FormatError) -> Tokenizer {
    guard let sidecar else { throw .missingPattern(known: KnownRanks.allCases.map(\.rawValue)) }
    return Tokenizer(
      normalizer: .none, preTokenizer: sidecar.preTokenizer,
      model: .bpe(
        BPEModel(vocabulary: vocabulary, merges: merges, ignoresMerges: hasUnmergedTokens)),
      specialTokens: sidecar.specialTokens)
  }

  /// The file: a line for each token, by rank.
  public var bytes: [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(vocabulary.bytes.count / 3 * 4 + 12 * vocabulary.count)
    for id in 0..<TokenID(vocabulary.count) {
      guard let token = vocabulary[id] else { continue }
      text.append(contentsOf: Base64.encode(Array(token)))
      text.append(0x20)
      text.append(contentsOf: String(id).utf8)
      text.append(0x0A)
    }
    return text
  }
}
