@testable import Tokenization

/// SentencePiece's normalization, written down unit by unit: the twin of `SentencePieceNormalizer`.
struct GreedyRules {
  /// UTF-8 of what is replaced and of what replaces it.
  var rules: [[UInt8]: [UInt8]]
  var options: SentencePieceNormalization

  init(_ rules: [[UInt8]: [UInt8]], _ options: SentencePieceNormalization) {
    self.rules = rules
    self.options = options
    longest = rules.keys.map(\.count).max() ?? 0
  }

  private let longest: Int

  struct Unit {
    var source: Range<Int>
    var result: [UInt8]
    var isCopy = false
  }

  /// The unit that begins at an offset.
  private func unit(_ text: [UInt8], at start: Int) -> Unit {
    let symbol = options.rawSymbols.filter { text[start...].starts(with: $0) }.map(\.count).max()
    if let symbol, symbol > 0 {
      return Unit(source: start..<start + symbol, result: Array(text[start..<start + symbol]))
    }
    for length in stride(from: min(longest, text.count - start), to: 0, by: -1) {
      if let result = rules[Array(text[start..<start + length])] {
        return Unit(source: start..<start + length, result: result)
      }
    }
    for length in 1...4 where start + length <= text.count {
      let bytes = Array(text[start..<start + length])
      if String(validating: bytes, as: UTF8.self) != nil {
        return Unit(source: start..<start + length, result: bytes, isCopy: true)
      }
    }
    return Unit(source: start..<start + 1, result: [0xEF, 0xBF, 0xBD])
  }

  /// The result, and for each of its bytes the source that it stems from.
  func normalized(_ text: [UInt8]) -> (bytes: [UInt8], sources: [Range<Int>]) {
    let space: [UInt8] = options.escapesSpaces ? [0xE2, 0x96, 0x81] : [0x20]
    var position = 0
    var pieces: [Unit] = []
    if options.removesExtraSpaces {
      while position < text.count, unit(text, at: position).result == [0x20] {
        position = unit(text, at: position).source.upperBound
      }
    }
    if position == text.count { return ([], []) }
    let start = position
    var leading = start
    let dummy = options.addsDummyPrefix
    if dummy && !options.putsSpacesBehindWords {
      pieces.append(Unit(source: position..<position, result: space))
    }
    var afterSpace = options.removesExtraSpaces
    while position < text.count {
      var unit = unit(text, at: position)
      position = unit.source.upperBound
      if afterSpace { unit.result = Array(unit.result.drop { $0 == 0x20 }) }
      if let last = unit.result.last { afterSpace = last == 0x20 && options.removesExtraSpaces }
      if unit.result.isEmpty {
        // What leaves nothing belongs to what stands before it.
        if let last = pieces.indices.last {
          pieces[last].source = pieces[last].source.lowerBound..<position
          pieces[last].isCopy = false
        } else {
          leading = position
        }
        continue
      }
      if unit.result.contains(0x20) {
        unit.isCopy = unit.isCopy && !options.escapesSpaces
        unit.result = unit.result.flatMap { $0 == 0x20 ? space : [$0] }
      }
      pieces.append(unit)
    }
    var bytes = pieces.flatMap(\.result)
    var sources = pieces.flatMap { piece in
      piece.isCopy ? piece.source.map { $0..<$0 + 1 } : piece.result.map { _ in piece.source }
    }
    if options.removesExtraSpaces {
      while bytes.count >= space.count && bytes.suffix(space.count).elementsEqual(space) {
        bytes.removeLast(space.count)
        sources.removeLast(space.count)
      }
    }
    if dummy && options.putsSpacesBehindWords {
      bytes += space
      let end = sources.last?.upperBound ?? leading
      sources += space.map { _ in end..<end }
    }
    // At the start it belongs to the character that follows.
    if leading > start, let first = String(decoding: bytes, as: UTF8.self).unicodeScalars.first {
      for place in 0..<UTF8.width(first) { sources[place] = start..<sources[place].upperBound }
    }
    return (bytes, sources)
  }
}

/// The rules of a charsmap, read back from its trie.
func decompiled(_ charsmap: Charsmap) -> [[UInt8]: [UInt8]] {
  guard let rules = charsmap.rules else { return [:] }
  let children = TrieChildren(rules.trie)
  var found: [[UInt8]: [UInt8]] = [:]
  var key: [UInt8] = []
  func visit(_ node: Int) {
    let unit = rules.trie.units[node]
    let place = node ^ Int(DoubleArray.distance(unit))
    if !key.isEmpty && DoubleArray.endsKey(unit) {
      found[key] = Array(rules.replacement(DoubleArray.value(rules.trie.units[place])))
    }
    for child in children[place] {
      key.append(UInt8(truncatingIfNeeded: rules.trie.units[Int(child)]))
      visit(Int(child))
      key.removeLast()
    }
  }
  visit(0)
  return found
}

/// A named set with its rules read back, once for all tests.
struct NamedRules: Sendable {
  let charsmap: Charsmap
  let rules: [[UInt8]: [UInt8]]
  /// Some keys, in the order of their bytes.
  let keys: [[UInt8]]

  static let nmtNFKC = NamedRules(.nmtNFKC)
  static let nfkcFolded = NamedRules(.nfkcFolded)

  private init(_ name: NamedCharsmap) {
    charsmap = (try? name.charsmap()) ?? .identity
    rules = decompiled(charsmap)
    // All short ones, and of the jamo, nearly all rules, those of the first consonant.
    keys = rules.keys
      .filter { $0.count < 6 || !$0.starts(with: [0xE1, 0x84]) && $0.count < 9 }
      .sorted { $0.lexicographicallyPrecedes($1) }
  }
}

/// A file of rules, as a user writes it.
func ruleFile(_ rules: [[UInt8]: [UInt8]]) -> [UInt8] {
  func column(_ text: [UInt8]) -> String {
    String(decoding: text, as: UTF8.self).unicodeScalars
      .map { String($0.value, radix: 16, uppercase: true) }.joined(separator: " ")
  }
  return Array(rules.map { column($0) + "\t" + column($1) + "\n" }.sorted().joined().utf8)
}

/// Normalizes one text after another with the same normalizer.
struct SentencePieceSubject: ~Copyable {
  let normalizer: SentencePieceNormalizer
  var output = NormalizedText()

  init(_ normalization: SentencePieceNormalization) throws(CharsmapError) {
    normalizer = try SentencePieceNormalizer(normalization)
  }

  mutating func normalize(_ text: [UInt8], recordingEdits: Bool = false) -> [UInt8] {
    // Allocated to the byte, so that a sanitizer sees reads beyond the end.
    let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: text.count)
    defer { copy.deallocate() }
    copy.initialize(from: text, count: text.count)
    let isUnchanged = normalizer.normalize(
      copy, count: text.count, into: &output, recordingEdits: recordingEdits)
    return isUnchanged ? text : output.withBytes { Array($0) }
  }

  mutating func sources(resultCount: Int) -> [Range<Int>] {
    (0..<resultCount).map { output.sourceRange(of: $0..<$0 + 1) }
  }
}
