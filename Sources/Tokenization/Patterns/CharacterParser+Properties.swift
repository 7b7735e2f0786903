/// `\p{...}` and `[:...:]`.
extension CharacterParser {
  /// Reads what follows `\p`; case folding comes before negation in Rust.
  mutating func property(inClass: Bool, _ start: Int) throws(PatternError) -> CodePointSet {
    var isNegative = text[at - 1] == 0x50
    var name: [UInt32] = []
    if take("{") {
      if take("^") { isNegative.toggle() }
      while at < text.count, !next(is: "}") {
        name.append(text[at])
        at += 1
      }
      guard take("}") else { throw .malformed(offset: at, expected: "}") }
    } else {
      guard at < text.count else { throw .malformed(offset: at, expected: "a property") }
      name.append(text[at])
      at += 1
    }
    let shown = String(String.UnicodeScalarView(name.compactMap(Unicode.Scalar.init)))
    guard var set = named(shown, inClass: inClass) else {
      throw .refused(offset: start, construct: "the property \(shown)")
    }
    if dialect == .tiktoken {
      let rewritten = ["alnum", "blank", "cntrl", "graph", "print"]
      if inClass, isNegative, rewritten.contains(shown.lowercased()) {
        // fancy-regex puts `&&` before some of these.
        throw .refused(offset: start, construct: "the negated property \(shown) in a class")
      }
      if ignoresCase { set = CaseFolding.shared.closure(of: set) }
    }
    return isNegative ? set.complement : set
  }

  private func named(_ name: String, inClass: Bool) -> CodePointSet? {
    var name = name.lowercased().filter { $0 != " " && $0 != "_" && $0 != "-" }
    if dialect == .tiktoken {
      for prefix in ["gc=", "gc:", "generalcategory=", "generalcategory:"]
      where name.hasPrefix(prefix) {
        return CodePointSet(category: String(name.dropFirst(prefix.count)))
      }
      for prefix in ["sc=", "sc:", "script=", "script:"] where name.hasPrefix(prefix) {
        return CodePointSet(property: String(name.dropFirst(prefix.count)))
      }
      if name.hasPrefix("is"), name != "isc" { name.removeFirst(2) }
    }
    switch (name, dialect) {
    case ("any", _): return .all
    case ("assigned", _): return CodePointSet(category: "cn")?.complement
    case ("ascii", _): return CodePointSet(0, 0x7F)
    case ("alphabetic", _), ("alpha", _): return .alphabetic
    case ("whitespace", _), ("wspace", _), ("space", _): return .space
    case ("asciihexdigit", _), ("ahex", _), ("xdigit", .huggingFace): return .hexDigit
    case ("word", _): return word(inClass: inClass)
    case ("alnum", _), ("blank", _), ("cntrl", _), ("graph", _), ("print", _):
      return posix(name)
    case ("posixpunct", .huggingFace): return posix("punct")
    default: return CodePointSet(category: name) ?? CodePointSet(property: name)
    }
  }

  /// Unicode's idea of a POSIX class.
  private func posix(_ name: String) -> CodePointSet? {
    func category(_ name: String) -> CodePointSet { CodePointSet(category: name) ?? .empty }
    switch name {
    case "alnum": return CodePointSet.alphabetic.union(.digit)
    case "alpha": return .alphabetic
    case "ascii": return CodePointSet(0, 0x7F)
    case "blank": return category("zs").union(CodePointSet(9))
    case "cntrl": return category("cc")
    case "digit": return .digit
    case "graph":
      let others = ["cc", "cs", "cn"] + (dialect == .tiktoken ? ["cf", "co"] : [])
      return others.reduce(CodePointSet.space) { $0.union(category($1)) }.complement
    case "lower": return CodePointSet(property: "lowercase")
    case "print":
      if dialect == .tiktoken {
        return category("c").union(CodePointSet(9, 13)).complement
      }
      return posix("graph")?.union(category("zs"))
    case "punct": return category("p").union(category("s"))
    case "space": return .space
    case "upper": return CodePointSet(property: "uppercase")
    case "xdigit": return .hexDigit
    case "word": return .word
    default: return nil
    }
  }

  /// ASCII's part, which is all that Rust's have; `[:word:]` and the like are the same there.
  private func asciiPosix(_ name: String) -> CodePointSet? {
    if name == "cntrl" { return CodePointSet(bounds: [0, 0x20, 0x7F, 0x80]) }
    if name == "punct" {
      return CodePointSet(bounds: [0x21, 0x30, 0x3A, 0x41, 0x5B, 0x61, 0x7B, 0x7F])
    }
    if name == "graph" { return CodePointSet(0x21, 0x7E) }
    if name == "print" { return CodePointSet(0x20, 0x7E) }
    if name == "blank" { return CodePointSet(scalars: [9, 32]) }
    if name == "space" { return CodePointSet(bounds: [9, 14, 32, 33]) }
    return posix(name)?.intersection(CodePointSet(0, 0x7F))
  }

  /// `[:alpha:]` and `[:^alpha:]`, read over if one stands here.
  mutating func posixBracket() throws(PatternError) -> CodePointSet? {
    let start = at
    guard take("[:") else { return nil }
    let isNegative = take("^")
    var name = ""
    while at < text.count, let scalar = Unicode.Scalar(text[at]), ("a"..."z").contains(scalar) {
      name.unicodeScalars.append(scalar)
      at += 1
    }
    let isOniguruma = dialect == .huggingFace
    guard take(":]"), var set = isOniguruma ? posix(name) : asciiPosix(name) else {
      at = start
      return nil
    }
    if ignoresCase, !isOniguruma { set = CaseFolding.shared.closure(of: set) }
    return isNegative ? set.complement : set
  }
}
