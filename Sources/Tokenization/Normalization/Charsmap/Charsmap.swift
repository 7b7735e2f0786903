import Primitives

/// Rules that replace character sequences by others, in the form that SentencePiece models hold and
/// call a precompiled charsmap.
///
/// At each place the longest rule wins; what it gives is not matched again. The form: the size of a
/// trie in bytes, 32 bits, little-endian; the trie, a double array whose keys are what is replaced and
/// whose values are offsets into the rest; and the replacements, each ended by NUL (normalizer.cc of
/// google/sentencepiece, `DecodePrecompiledCharsMap`).
public struct Charsmap: Sendable {
  /// Longest text, in bytes, that a rule may replace, and longest replacement.
  ///
  /// It bounds the work and the output that each byte of a text can cost. Unicode's own rules stay
  /// below 40.
  public static let longestText = 1024

  /// Most rules of which each begins the next: SentencePiece's reader notes no more at one place
  /// (normalizer.h, `kMaxTrieResultsSize`; its compiler allows one less).
  public static let greatestNesting = 31

  /// No rules.
  public static let identity = Charsmap()

  /// The bytes of the form above; none for no rules.
  public let precompiled: [UInt8]
  /// nil without rules.
  let rules: CompiledRules?

  private init() {
    precompiled = []
    rules = nil
  }

  /// Reads and checks a charsmap.
  ///
  /// - Parameter precompiled: the whole form; no bytes at all are no rules, as in SentencePiece.
  /// - Complexity: O(*n*) in the bytes; 240 kB, the size of SentencePiece's own, take some 2 ms.
  public init(precompiled: [UInt8]) throws(CharsmapError) {
    if precompiled.isEmpty {
      self = .identity
      return
    }
    let available = precompiled.count - 4
    guard available >= 0 else { throw .trieSize(declared: 0, available: available) }
    let declared = precompiled[..<4].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard declared >= 4, declared <= available else {
      throw .trieSize(declared: declared, available: available)
    }
    let trie = DoubleArray(precompiled[4..<4 + declared])
    // The form allows the last NUL to be the end.
    let strings = precompiled[(4 + declared)...] + [0]
    try DoubleArrayCheck.check(trie, strings: Array(strings))
    self.precompiled = precompiled
    rules = CompiledRules(trie: trie, strings: Array(strings))
  }

  /// Compiles a user's own rules from a file of tab-separated code points, as SentencePiece's option
  /// `--normalization_rule_tsv` reads it: a line a rule, hexadecimal code points separated by blanks,
  /// a tab, and those that replace them (none delete).
  ///
  /// - Throws: `CharsmapError.rule`, naming the line; `.noRules`, `.nestedTooDeeply`,
  ///   `.tooManyRules`.
  public init(rules file: [UInt8]) throws(CharsmapError) {
    try self.init(precompiled: RuleFile.precompiled(file))
  }
}

extension Charsmap: Hashable, Codable {
  public static func == (a: Charsmap, b: Charsmap) -> Bool {
    a.rules === b.rules || a.precompiled == b.precompiled
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(precompiled) }

  /// The form in base 64.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(String(decoding: Base64.encode(precompiled), as: UTF8.self))
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let bytes = Base64.decode(Array(try container.decode(String.self).utf8)) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "a charsmap is not base 64")
    }
    try self.init(precompiled: bytes)
  }
}

/// A checked trie and the replacements that it points to.
// Unchecked because of the pointer: written in init only.
final class CompiledRules: @unchecked Sendable {
  let trie: DoubleArray
  /// NUL-terminated texts.
  private let strings: UnsafeMutablePointer<UInt8>

  init(trie: DoubleArray, strings: [UInt8]) {
    self.trie = trie
    self.strings = .allocate(capacity: strings.count)
    self.strings.initialize(from: strings, count: strings.count)
  }

  deinit { strings.deallocate() }

  /// The replacement that a match of the trie names.
  @inline(__always)
  func replacement(_ value: Int) -> UnsafeBufferPointer<UInt8> {
    let start = strings + value
    var end = start
    while end.pointee != 0 { end += 1 }
    return UnsafeBufferPointer(start: start, count: end - start)
  }
}
