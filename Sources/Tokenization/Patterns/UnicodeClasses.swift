import NativeBridges

/// The pinned Unicode character classes that patterns are compiled against.
public enum UnicodeClasses {
  /// Version of the generated tables, whatever the installed ICU says.
  public static let version = "16.0.0"
}

/// Sets from the generated tables.
extension CodePointSet {
  /// The order of the tables.
  private static let categories = [
    "lu", "ll", "lt", "lm", "lo", "mn", "mc", "me", "nd", "nl", "no", "pc", "pd", "ps", "pe",
    "pi", "pf", "po", "sm", "sc", "sk", "so", "zs", "zl", "zp", "cc", "cf", "cs", "co", "cn",
  ]

  /// Long names of general categories (UCD, PropertyValueAliases.txt).
  private static let longNames = [
    "letter": "l", "casedletter": "lc", "uppercaseletter": "lu", "lowercaseletter": "ll",
    "titlecaseletter": "lt", "modifierletter": "lm", "otherletter": "lo", "mark": "m",
    "combiningmark": "m", "nonspacingmark": "mn", "spacingmark": "mc", "enclosingmark": "me",
    "number": "n", "decimalnumber": "nd", "digit": "nd", "letternumber": "nl",
    "othernumber": "no", "punctuation": "p", "punct": "p", "connectorpunctuation": "pc",
    "dashpunctuation": "pd", "openpunctuation": "ps", "closepunctuation": "pe",
    "initialpunctuation": "pi", "finalpunctuation": "pf", "otherpunctuation": "po",
    "symbol": "s", "mathsymbol": "sm", "currencysymbol": "sc", "modifiersymbol": "sk",
    "othersymbol": "so", "separator": "z", "spaceseparator": "zs", "lineseparator": "zl",
    "paragraphseparator": "zp", "other": "c", "control": "cc", "cntrl": "cc", "format": "cf",
    "surrogate": "cs", "privateuse": "co", "unassigned": "cn",
  ]

  /// A general category by its name, in lower case and without separators.
  init?(category name: String) {
    let name = Self.longNames[name] ?? name
    var mask: UInt64 = 0
    for (number, category) in Self.categories.enumerated()
    where category.hasPrefix(name) || name == "lc" && number < 3 {
      // Twice: with and without Alphabetic.
      mask |= 1 << UInt64(number) | 1 << UInt64(number + 32)
    }
    guard mask != 0, !name.isEmpty else { return nil }
    self.init(mask: mask)
  }

  /// Code points whose value in the table (general category, Alphabetic at bit 5) is in a mask.
  init(mask: UInt64) {
    var inside: UInt64 = 0
    let runs = tt_unicode_run()
    for index in 0..<Int(tt_unicode_run_count) {
      let run = runs?[index] ?? 0
      let member = mask >> UInt64(run & 63) & 1
      if member != inside {
        bounds.append(run >> 6)
        inside = member
      }
    }
    if inside == 1 { bounds.append(Self.limit) }
  }

  /// A binary property or a script by its name, in lower case and without separators.
  init?(property name: String) {
    guard let list = tt_unicode_property_list(), let bytes = tt_unicode_bound_bytes() else {
      return nil
    }
    for index in 0..<Int(tt_unicode_property_count) {
      let property = list[index]
      guard let names = property.names,
        String(cString: names).split(separator: "|").contains(where: { $0 == name })
      else { continue }
      var next = bytes + Int(property.start)
      var bound: UInt32 = 0
      for _ in 0..<property.count {
        var (difference, shift): (UInt32, UInt32) = (0, 0)
        repeat {
          difference |= UInt32(next[0] & 0x7F) << shift
          shift += 7
          next += 1
        } while next[-1] & 0x80 != 0
        bound += difference
        bounds.append(bound)
      }
      return
    }
    return nil
  }

  /// White_Space; stable since Unicode 6.3.
  static let space = CodePointSet(bounds: [
    9, 14, 0x20, 0x21, 0x85, 0x86, 0xA0, 0xA1, 0x1680, 0x1681, 0x2000, 0x200B, 0x2028, 0x202A,
    0x202F, 0x2030, 0x205F, 0x2060, 0x3000, 0x3001,
  ])
  static let digit = CodePointSet(mask: 1 << 8 | 1 << 40)
  static let alphabetic = CodePointSet(mask: .max << 32)
  /// Alphabetic, marks, decimal digits and connectors, as Oniguruma and UTS 18 have it.
  static let word = CodePointSet(mask: .max << 32 | 0b1001_1110_0000)
  /// `\w` of Rust's regex crate: that of Oniguruma and the two joiners.
  static let wordWithJoiners = word.union(CodePointSet(0x200C, 0x200D))
  /// Digits of hexadecimal numbers; ASCII only.
  static let hexDigit = CodePointSet(bounds: [0x30, 0x3A, 0x41, 0x47, 0x61, 0x67])
  static let lineFeed = CodePointSet(10)
}
