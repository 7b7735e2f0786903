extension CharsmapRuleList {
  /// SentencePiece's reader notes this many rules less one that begin at one place, each the
  /// beginning of the next (normalizer.h, `kMaxTrieResultsSize`).
  static let nestingLimit = 32

  /// The rules in the form that `Charsmap` reads, byte for byte as SentencePiece's own compiler
  /// writes them (builder.cc, `Builder::CompileCharsMap`).
  ///
  /// - Throws: `.nestedRules`, `.tooManyRules`.
  /// - Complexity: O(*n* log *n*) in the rules; 225,000 take some 50 ms.
  func precompiled() throws(CharsmapError) -> [UInt8] {
    if count == 0 { return [] }
    let (strings, offsets) = strings()
    var automaton = KeyAutomaton()
    var key: [UInt8] = []
    var last: [UInt8] = []
    /// Lengths of the rules that begin the last key, itself included.
    var nested: [Int] = []
    for rule in sorted() {
      key.removeAll(keepingCapacity: true)
      for scalar in scalars[range(of: rule)] { UTF8Decoding.append(scalar, to: &key) }
      let shared = zip(key, last).prefix { $0 == $1 }.count
      while let length = nested.last, length > shared { nested.removeLast() }
      nested.append(key.count)
      guard nested.count < Self.nestingLimit else { throw .nestedRules(rule: rule) }
      automaton.append(key, sharing: shared, value: offsets[Int(values[rule])])
      swap(&key, &last)
    }
    automaton.finish()
    guard let units = DoubleArrayWriter.units(of: automaton), units.count <= UInt32.max / 4 else {
      throw .tooManyRules
    }
    var form: [UInt8] = []
    form.reserveCapacity(4 + units.count * 4 + strings.count)
    for word in [UInt32(units.count * 4)] + units {
      withUnsafeBytes(of: word.littleEndian) { form.append(contentsOf: $0) }
    }
    return form + strings
  }

  /// The replacements in use, sorted by code points, each ended by NUL, and where each begins.
  private func strings() -> (bytes: [UInt8], offsets: [UInt32]) {
    var isUsed = [Bool](repeating: false, count: replacements.count)
    for value in values { isUsed[Int(value)] = true }
    let used = replacements.indices.filter { isUsed[$0] }.sorted {
      replacements[$0].lexicographicallyPrecedes(replacements[$1])
    }
    var bytes: [UInt8] = []
    var offsets = [UInt32](repeating: 0, count: replacements.count)
    for replacement in used {
      offsets[replacement] = UInt32(bytes.count)
      for scalar in replacements[replacement] { UTF8Decoding.append(scalar, to: &bytes) }
      bytes.append(0)
    }
    return (bytes, offsets)
  }
}
