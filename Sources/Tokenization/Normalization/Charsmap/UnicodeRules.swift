import NativeBridges

/// Makes the rules of SentencePiece's named charsmaps from Unicode's data (builder.cc,
/// `BuildMapInternal` and what follows there).
///
/// A list of rules cannot be all of NFKC. It has a rule for each character that NFKC changes; and for
/// each character that NFKC leaves and NFKD takes apart, one for every spelling of its parts: the
/// Kelvin sign with a cedilla gives the same as `K` with one. Marks are not reordered, and what is
/// composed takes no further mark. SentencePiece starts with more rules, for all that NFKC changes
/// within a sequence, and takes out what shorter ones give; these remain.
struct UnicodeRules {
  private var replacements = ReplacementList()
  /// What characters that have a rule become.
  private var singles: [UInt32: UInt32] = [:]
  /// The parts of characters that NFKC composes.
  private var composites = CharsmapRuleList()
  /// Characters that decompose to this one, the character itself not among them.
  private var spellings: [UInt32: [UInt32]] = [:]

  private let icu = tt_normalizer_for(TT_FORM_NFKC, false)
  private let foldings: [UInt32: UInt32]

  /// The rules of NFKC, with case folding if wanted.
  init(foldsCase: Bool) {
    foldings = foldsCase ? Self.foldings() : [:]
    for range in Self.touched {
      for scalar in range { collect(scalar) }
    }
    for (range, first) in LaterUnicode.compatible {
      for scalar in range where !Self.isKnown(scalar) {
        let part = first + scalar - range.lowerBound
        addRule(scalar, [part])
        spellings[part, default: []].append(scalar)
      }
    }
    for (scalar, parts) in LaterUnicode.composites where !Self.isKnown(scalar) {
      composites.append(parts, replacement([scalar]))
    }
    for (scalar, folding) in foldings.sorted(by: { $0.key < $1.key }) where singles[scalar] == nil {
      addRule(scalar, [folding])
    }
  }

  func precompiled() throws(CharsmapError) -> [UInt8] {
    try RuleTree(composites).expanded(spellings: spellings, singles: singles)
      .precompiled(replacements)
  }

  /// What SentencePiece adds for machine translation (builder.cc, `MergeNmtMap`): more characters
  /// become a space or nothing, and the fullwidth tilde of Japanese stays.
  mutating func addSpacesAndControls() {
    let spaces: [UInt32] = [
      0x9, 0xA, 0xC, 0xD, 0x61C, 0x1680, 0x200B, 0x200C, 0x200E, 0x200F, 0x2028, 0x2029, 0x2581,
      0xFEFF, 0xFFFD,
    ]
    let controls: [UInt32] = Array(0x1...0x8) + [0xB] + Array(0xE...0x1F) + [0x7F, 0x8F, 0x9F]
    for scalar in spaces { addRule(scalar, [0x20]) }
    for scalar in controls { addRule(scalar, []) }
    singles[0xFF5E] = nil
  }

  /// Unified ideographs and private use never decompose; beyond plane 2 nothing does.
  private static let touched: [Range<UInt32>] = [
    0xA0..<0x3400, 0x4DC0..<0x4E00, 0xA000..<0xD800, 0xF900..<0x2_0000, 0x2_F800..<0x3_0000,
  ]

  /// Whether ICU has the character's data, and the rules may use them.
  private static func isKnown(_ scalar: UInt32) -> Bool {
    tt_is_assigned_until(scalar, LaterUnicode.newest)
  }

  private mutating func collect(_ scalar: UInt32) {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: Int(TT_DECOMPOSITION_CAPACITY)) {
      let count = Int(tt_normalizer_decompose(icu, scalar, $0.baseAddress))
      if count == 1 && $0[0] == scalar || !Self.isKnown(scalar) { return }
      let parts = Array($0[..<count])
      let composed = normalized(scalar)
      if composed != [scalar] {
        addRule(scalar, composed)
      } else {
        composites.append(parts, replacement([scalar]))
      }
      if count == 1 { spellings[parts[0], default: []].append(scalar) }
    }
  }

  private mutating func addRule(_ scalar: UInt32, _ result: [UInt32]) {
    singles[scalar] = replacement(result)
  }

  private mutating func replacement(_ text: [UInt32]) -> UInt32 {
    replacements.number(of: foldings.isEmpty ? text : text.map { foldings[$0] ?? $0 })
  }

  private func normalized(_ scalar: UInt32) -> [UInt32] {
    if (0xAC00..<0xD7A4).contains(scalar) { return [scalar] }
    var text: [UInt8] = []
    UTF8Decoding.append(scalar, to: &text)
    return withUnsafeTemporaryAllocation(byteCount: 256, alignment: 1) { output in
      let count = text.withUnsafeBytes { text in
        tt_normalizer_normalize(
          icu, text.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(text.count),
          output.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(output.count))
      }
      let bytes = output[..<max(0, min(Int(count), output.count))]
      return String(decoding: bytes, as: UTF8.self).unicodeScalars.map(\.value)
    }
  }

  /// Simple case foldings: one letter for one (builder.cc, `MergeUnicodeCaseFoldMap`).
  private static func foldings() -> [UInt32: UInt32] {
    var foldings: [UInt32: UInt32] = [:]
    for scalar in Array(UInt32(0x41)..<0x3400) + Array(0xA000..<0x2_0000) {
      let folding = tt_simple_fold(scalar)
      if folding != scalar, isKnown(scalar) { foldings[scalar] = folding }
    }
    for (range, first) in LaterUnicode.capitals {
      for scalar in range where !isKnown(scalar) {
        foldings[scalar] = first + scalar - range.lowerBound
      }
    }
    return foldings
  }
}
