import Primitives
import Synchronization

/// The rule sets that SentencePiece knows by name.
public enum NamedCharsmap: String, Sendable, Hashable, Codable, CaseIterable {
  /// NFKC, as far as rules can give it; control characters go, more characters become spaces.
  case nmtNFKC = "nmt_nfkc"
  /// The same with small letters for capitals.
  case nmtNFKCFolded = "nmt_nfkc_cf"
  case nfkc
  case nfkcFolded = "nfkc_cf"
  /// No rules.
  case identity

  /// The rules, byte for byte those of SentencePiece 0.2.3, whatever Unicode ICU has.
  ///
  /// They are made when first asked for, in some 50 ms, from ICU's data of the characters that came
  /// until Unicode 17, and from a short list of those that an older ICU lacks.
  /// - Throws: `CharsmapError.unicodeData` if ICU's data give other rules, as they would before
  ///   Unicode 15.
  public func charsmap() throws(CharsmapError) -> Charsmap {
    switch self {
    case .nmtNFKC: try Made.nmtNFKC.get()
    case .nmtNFKCFolded: try Made.nmtNFKCFolded.get()
    case .nfkc: try Made.nfkc.get()
    case .nfkcFolded: try Made.nfkcFolded.get()
    case .identity: .identity
    }
  }

  /// Tables of the process, by name and whether they mark spaces. None is ever thrown away.
  private static let tables = Mutex<[NamedCharsmap: [Bool: CharsmapTable]]>([:])

  /// The table of the rules, built when first asked for.
  func table(marksSpaces: Bool) throws(CharsmapError) -> CharsmapTable {
    let charsmap = try charsmap()
    return Self.tables.withLock { tables in
      if let table = tables[self]?[marksSpaces] { return table }
      let table = CharsmapTable(charsmap, marksSpaces: marksSpaces)
      tables[self, default: [:]][marksSpaces] = table
      return table
    }
  }

  /// The rules, from ICU's data.
  private func made() throws(CharsmapError) -> [UInt8] {
    var rules = UnicodeRules(foldsCase: self == .nmtNFKCFolded || self == .nfkcFolded)
    if self == .nmtNFKC || self == .nmtNFKCFolded { rules.addSpacesAndControls() }
    return try rules.precompiled()
  }

  /// Each set once, with the fingerprint of the bytes that SentencePiece 0.2.3 has under its name.
  private enum Made {
    typealias Outcome = Result<Charsmap, CharsmapError>

    static let nmtNFKC = make(
      .nmtNFKC, Fingerprint(high: 0xD1ED_9960_154E_54CB, low: 0xEDF7_9151_88A2_F2A0))
    static let nmtNFKCFolded = make(
      .nmtNFKCFolded, Fingerprint(high: 0x2867_6BB9_F186_D0C4, low: 0x98DC_C712_F112_634C))
    static let nfkc = make(
      .nfkc, Fingerprint(high: 0xCB73_AD37_AFCE_8E32, low: 0xACD0_6DF6_534A_537F))
    static let nfkcFolded = make(
      .nfkcFolded, Fingerprint(high: 0x2773_9FF6_2ABD_7102, low: 0xEF21_918D_2007_EFEE))

    private static func make(_ name: NamedCharsmap, _ expected: Fingerprint) -> Outcome {
      Outcome { () throws(CharsmapError) in
        let precompiled = try name.made()
        guard Fingerprint(of: precompiled) == expected else {
          throw .unicodeData(name: name.rawValue, icu: UnicodeLibrary.icuVersion)
        }
        return try Charsmap(precompiled: precompiled)
      }
    }
  }
}
