import NativeBridges

/// Makes the rules of SentencePiece's named charsmaps from Unicode's data (builder.cc,
/// `BuildMapInternal` and what follows there).
///
/// A list of rules cannot be all of NFKC. It has a rule for each character that NFKC changes, and for
/// each sequence that NFKC composes, in every spelling of its characters: `K` with an accent also for
/// the Kelvin sign with one. Marks are not reordered, and what is composed takes no further mark.
struct UnicodeRules {
  private(set) var list = CharsmapRuleList()
  private let icu: OpaquePointer

  /// Characters that decompose to this one, the character itself not among them.
  private var spellings: [UInt32: [UInt32]] = [:]
  /// What NFKC makes of each sequence to which some character decomposes.
  private var composed: [[UInt32]: [UInt32]] = [:]

  /// The rules of NFKC.
  init() {
    icu = NormalizationTable.table(for: .nfkc).icu
    collect()
    for (sequence, result) in composed.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) })
    where sequence != result {
      addSpellings(of: sequence, result)
    }
    RedundantRules.remove(from: &list)
  }

  /// Unified ideographs and private use never decompose; beyond plane 2 nothing does.
  private static let touched: [Range<UInt32>] = [
    0xA0..<0x3400, 0x4DC0..<0x4E00, 0xA000..<0xD800, 0xF900..<0x2_0000, 0x2_F800..<0x3_0000,
  ]

  /// Rules of single characters, and what is needed for sequences.
  private mutating func collect() {
    var parts = [UInt32](repeating: 0, count: Int(TT_DECOMPOSITION_CAPACITY))
    for range in Self.touched {
      for scalar in range {
        let count = Int(tt_normalizer_decompose(icu, scalar, &parts))
        if count == 1 && parts[0] == scalar { continue }
        guard tt_is_assigned_until(scalar, LaterUnicode.newest) else { continue }
        add(scalar, decomposed: Array(parts[..<count]), to: nil)
      }
    }
    for (range, first) in LaterUnicode.compatible {
      for scalar in range where !tt_is_assigned_until(scalar, LaterUnicode.newest) {
        add(scalar, decomposed: [first + scalar - range.lowerBound], to: nil)
      }
    }
    for (scalar, parts) in LaterUnicode.composites
    where !tt_is_assigned_until(scalar, LaterUnicode.newest) {
      add(scalar, decomposed: parts, to: [scalar])
    }
  }

  /// - Parameter composite: what the parts compose to, if ICU does not know.
  private mutating func add(
    _ scalar: UInt32, decomposed parts: [UInt32], to composite: [UInt32]?
  ) {
    var result = parts
    if parts.count == 1 {
      spellings[parts[0], default: []].append(scalar)
    } else {
      result = composed[parts] ?? composite ?? normalized(parts)
      composed[parts] = result
    }
    if result != [scalar] { list.append([scalar], list.replacement(result)) }
  }

  private func normalized(_ scalars: [UInt32]) -> [UInt32] {
    var text: [UInt8] = []
    for scalar in scalars { UTF8Decoding.append(scalar, to: &text) }
    var result: [UInt32] = []
    withUnsafeTemporaryAllocation(byteCount: text.count * 3 + 8, alignment: 1) { output in
      let count = text.withUnsafeBytes { text in
        tt_normalizer_normalize(
          icu, text.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(text.count),
          output.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(output.count))
      }
      let bytes = output[..<max(0, min(Int(count), output.count))]
      result = String(decoding: bytes, as: UTF8.self).unicodeScalars.map(\.value)
    }
    return result
  }

  /// A rule for every spelling of a sequence but the result itself.
  private mutating func addSpellings(of sequence: [UInt32], _ result: [UInt32]) {
    let choices = sequence.map { [$0] + (spellings[$0] ?? []) }
    let value = list.replacement(result)
    var picks = [Int](repeating: 0, count: sequence.count)
    var key = sequence
    while true {
      if key != result { list.append(key, value) }
      var place = picks.count - 1
      while place >= 0 {
        picks[place] += 1
        if picks[place] < choices[place].count { break }
        picks[place] = 0
        key[place] = choices[place][0]
        place -= 1
      }
      if place < 0 { return }
      key[place] = choices[place][picks[place]]
    }
  }

  /// What SentencePiece adds for machine translation (builder.cc, `MergeNmtMap`): more characters
  /// become a space or nothing, and the fullwidth tilde of Japanese stays.
  mutating func addSpacesAndControls() {
    let spaces: [UInt32] = [
      0x9, 0xA, 0xC, 0xD, 0x61C, 0x1680, 0x200B, 0x200C, 0x200E, 0x200F, 0x2028, 0x2029, 0x2581,
      0xFEFF, 0xFFFD,
    ]
    let deleted: [UInt32] = Array(0x1...0x8) + [0xB] + Array(0xE...0x1F) + [0x7F, 0x8F, 0x9F]
    let own = Set(spaces + deleted + [0xFF5E])
    list.keep(
      (0..<list.count).map { rule in
        let key = list.scalars[list.range(of: rule)]
        return key.count > 1 || !own.contains(key[key.startIndex])
      })
    let space = list.replacement([0x20])
    for scalar in spaces { list.append([scalar], space) }
    let nothing = list.replacement([])
    for scalar in deleted { list.append([scalar], nothing) }
    RedundantRules.remove(from: &list)
  }

  /// Folds the case of what rules give, and of characters without a rule (builder.cc,
  /// `MergeUnicodeCaseFoldMap`): one letter for one.
  mutating func foldCase() {
    let folds = Self.folds()
    list.mapReplacements { folds[$0] ?? $0 }
    var hasRule: Set<UInt32> = []
    for rule in 0..<list.count where list.range(of: rule).count == 1 {
      hasRule.insert(list.scalars[list.range(of: rule).lowerBound])
    }
    for (scalar, fold) in folds.sorted(by: { $0.key < $1.key }) where !hasRule.contains(scalar) {
      list.append([scalar], list.replacement([fold]))
    }
    RedundantRules.remove(from: &list)
  }

  private static func folds() -> [UInt32: UInt32] {
    var folds: [UInt32: UInt32] = [:]
    for scalar in Array(UInt32(0x41)..<0x3400) + Array(0xA000..<0x2_0000) {
      let fold = tt_simple_fold(scalar)
      if fold != scalar, tt_is_assigned_until(scalar, LaterUnicode.newest) { folds[scalar] = fold }
    }
    for (range, first) in LaterUnicode.capitals {
      for scalar in range where !tt_is_assigned_until(scalar, LaterUnicode.newest) {
        folds[scalar] = first + scalar - range.lowerBound
      }
    }
    return folds
  }
}
