import NativeBridges

/// A set of code points as an inversion list: members are [b0, b1), [b2, b3), ...
struct CodePointSet: Hashable {
  var bounds: [UInt32] = []

  static let limit: UInt32 = 0x110000
  static let empty = CodePointSet()
  static let all = CodePointSet(bounds: [0, limit])

  init(bounds: [UInt32] = []) { self.bounds = bounds }
  init(_ first: UInt32, _ last: UInt32) { bounds = [first, last + 1] }

  /// Code points whose table value (general category, Alphabetic at bit 5) is wanted.
  init(where wanted: (UInt32) -> Bool) {
    var inside = false
    let mask = (0..<64).reduce(UInt64(0)) { wanted(UInt32($1)) ? $0 | 1 << UInt64($1) : $0 }
    for index in 0..<Int(tt_unicode_run_count) {
      let run = tt_unicode_run(UInt32(index))
      let member = mask >> UInt64(run & 63) & 1 == 1
      if member != inside {
        bounds.append(run >> 6)
        inside = member
      }
    }
    if inside { bounds.append(Self.limit) }
  }

  func contains(_ scalar: UInt32) -> Bool {
    bounds.count(where: { $0 <= scalar }) & 1 == 1
  }

  var complement: CodePointSet {
    var result = bounds
    if result.first == 0 { result.removeFirst() } else { result.insert(0, at: 0) }
    if result.last == Self.limit { result.removeLast() } else { result.append(Self.limit) }
    return CodePointSet(bounds: result)
  }

  func union(_ other: CodePointSet) -> CodePointSet { merge(other) { $0 || $1 } }
  func intersection(_ other: CodePointSet) -> CodePointSet { merge(other) { $0 && $1 } }

  private func merge(_ other: CodePointSet, _ keep: (Bool, Bool) -> Bool) -> CodePointSet {
    var result: [UInt32] = []
    var (i, j) = (0, 0)
    while i < bounds.count || j < other.bounds.count {
      let a = i < bounds.count ? bounds[i] : .max
      let b = j < other.bounds.count ? other.bounds[j] : .max
      if a <= b { i += 1 }
      if b <= a { j += 1 }
      if keep(i & 1 == 1, j & 1 == 1) != (result.count & 1 == 1) { result.append(min(a, b)) }
    }
    return CodePointSet(bounds: result)
  }

  static let categories = [
    "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe",
    "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Cn",
  ]

  /// General categories by their short names, "L" or "Lu"; nil if the name is none.
  init?(property name: String) {
    let members = Self.categories.indices.filter { Self.categories[$0].hasPrefix(name) }
    guard !members.isEmpty, !name.isEmpty else { return nil }
    self.init { value in members.contains(Int(value & 31)) }
  }

  /// White_Space; stable since Unicode 6.3.
  static let space = CodePointSet(bounds: [
    9, 14, 0x20, 0x21, 0x85, 0x86, 0xA0, 0xA1, 0x1680, 0x1681, 0x2000, 0x200B, 0x2028, 0x202A,
    0x202F, 0x2030, 0x205F, 0x2060, 0x3000, 0x3001,
  ])
  static let digit = CodePointSet { $0 & 31 == 8 }
  /// Alphabetic, marks, decimal digits and connectors, as Oniguruma and UTS 18 have it.
  static let word = CodePointSet { $0 & 32 != 0 || (5...8).contains($0 & 31) || $0 & 31 == 11 }
}
