import TokenizerTraining

/// Numbers of bytes as people write them: 64M, 500MB, 4G.
enum ByteUnits {
  static let names = [
    ("KB", 1000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000),
    ("K", 1000), ("M", 1_000_000), ("G", 1_000_000_000), ("T", 1_000_000_000_000),
  ]

  /// A whole number from 1 and one of some units, multiplied; `nil` for anything else.
  static func read(_ text: String, _ units: [(String, Int)]) -> (value: Int, factor: Int)? {
    guard let (unit, factor) = units.first(where: { text.hasSuffix($0.0) }) else { return nil }
    let digits = text.dropLast(unit.count)
    guard digits.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(digits),
      number > 0, number <= Int.max / factor
    else { return nil }
    return (number * factor, factor)
  }
}

extension ValueKind where Value == Int {
  /// Memory for a run.
  static var memory: ValueKind {
    let least = CountingBounds.leastMemory
    return ValueKind(
      "SIZE", expected: "a size from \(least / 1_000_000)MB on, such as 64M, 500MB or 4G"
    ) { word in
      guard let (size, _) = ByteUnits.read(word.text ?? "", ByteUnits.names), size >= least else {
        return nil
      }
      return size
    }
  }
}

extension ValueKind where Value == DocumentSample.Size {
  /// A number of lines, or of bytes with a unit.
  static var sampleSize: ValueKind {
    ValueKind("SIZE", expected: "a size such as 1GB, 500MB or 1000000lines") { word in
      let text = word.text ?? ""
      if let (lines, _) = ByteUnits.read(text, [("lines", 1), ("line", 1)]) {
        return .documents(lines)
      }
      return ByteUnits.read(text, ByteUnits.names).map { .bytes($0.value) }
    }
  }
}

extension ValueKind where Value == SourceWeight {
  /// `PATTERN=N`.
  static var weight: ValueKind {
    ValueKind("PATTERN=N", expected: "a pattern of paths, = and a whole number from 1 to 1000") {
      word in
      guard let mark = word.bytes.lastIndex(of: UInt8(ascii: "=")), mark > 0 else { return nil }
      let digits = String(decoding: word.bytes[(mark + 1)...], as: UTF8.self)
      guard !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) }),
        let number = Int(digits), (1...1000).contains(number)
      else { return nil }
      return SourceWeight(pattern: Array(word.bytes[..<mark]), weight: number)
    }
  }
}
