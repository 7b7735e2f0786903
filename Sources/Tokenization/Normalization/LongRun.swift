import NativeBridges

/// Normalizes one run by the letter of Unicode Standard Annex 15: decompose, reorder, compose, or,
/// for a map, reduce.
///
/// ICU inserts each mark into its place, which is quadratic: 2 MB of alternating U+0301 and U+0323
/// take it more than 10 minutes. A stable counting sort by combining class makes it linear.
struct LongRun {
  private let table: NormalizationTable
  private var scalars: [UInt32] = []

  /// - Complexity: O(*n*) in the bytes of the run.
  static func normalized(_ run: NormalizationTable.Run, by table: NormalizationTable) -> [UInt8] {
    var long = LongRun(table: table)
    var output: [UInt8] = []
    let wellFormed = passIllFormed(run, to: &output)
    long.decompose(from: wellFormed, to: run.end)
    long.reorder()
    switch table.definition {
    case .form(let icu, let composes): if composes { long.compose(icu) }
    case .map(let map): long.reduce(map)
    }
    for scalar in long.scalars { UTF8Decoding.append(scalar, to: &output) }
    return output
  }

  private init(table: NormalizationTable) { self.table = table }

  /// The starter of a run may be bytes of no character; all that follows is well-formed.
  private static func passIllFormed(
    _ run: NormalizationTable.Run, to output: inout [UInt8]
  ) -> UnsafePointer<UInt8> {
    var position = run.start
    while position < run.end,
      UTF8Decoding.scalar(at: position, readable: run.end - position) == nil
    {
      output.append(position.pointee)
      position += 1
    }
    return position
  }

  private mutating func decompose(
    from start: UnsafePointer<UInt8>, to end: UnsafePointer<UInt8>
  ) {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: Int(TT_DECOMPOSITION_CAPACITY)) {
      parts in
      var position = start
      while position < end,
        let character = UTF8Decoding.scalar(at: position, readable: end - position)
      {
        switch table.definition {
        case .form(let icu, _):
          let count = tt_normalizer_decompose(icu, character.value, parts.baseAddress)
          scalars.append(contentsOf: parts.prefix(Int(count)))
        case .map(let map):
          let facts = CharacterFacts(of: character.value)
          scalars.append(contentsOf: map.decomposed(character.value, facts))
        }
        position += character.length
      }
    }
  }

  /// The canonical ordering algorithm (The Unicode Standard, D109): each stretch of marks is sorted
  /// by combining class, equal classes keep their order.
  private mutating func reorder() {
    let classes = scalars.map(combiningClass)
    var start = 0
    while start < scalars.count {
      if classes[start] == 0 {
        start += 1
        continue
      }
      var end = start + 1
      while end < scalars.count && classes[end] != 0 { end += 1 }
      if end - start > 1 { sortMarks(start..<end, classes) }
      start = end
    }
  }

  private func combiningClass(_ scalar: UInt32) -> UInt8 {
    switch table.definition {
    case .form: tt_combining_class(scalar)
    case .map(let map): map.combiningClass(CharacterFacts(of: scalar))
    }
  }

  private mutating func sortMarks(_ marks: Range<Int>, _ classes: [UInt8]) {
    var places = [Int](repeating: 0, count: 257)
    for mark in marks { places[Int(classes[mark]) + 1] += 1 }
    for combiningClass in 1...256 { places[combiningClass] += places[combiningClass - 1] }
    let unsorted = Array(scalars[marks])
    for mark in marks {
      let combiningClass = Int(classes[mark])
      scalars[marks.lowerBound + places[combiningClass]] = unsorted[mark - marks.lowerBound]
      places[combiningClass] += 1
    }
  }

  /// The canonical composition algorithm (D117): a character joins the last starter unless one
  /// between them has its class or a higher one, or is a starter.
  private mutating func compose(_ icu: OpaquePointer) {
    var written = 0
    var starter: Int?
    var lastClass: UInt8 = 0
    for read in scalars.indices {
      let scalar = scalars[read]
      let combiningClass = tt_combining_class(scalar)
      if let starter, lastClass == 0 || lastClass < combiningClass {
        let composite = tt_normalizer_compose(icu, scalars[starter], scalar)
        if composite >= 0 {
          scalars[starter] = UInt32(composite)
          continue
        }
      }
      if combiningClass == 0 { starter = written }
      lastClass = combiningClass
      scalars[written] = scalar
      written += 1
    }
    scalars.removeLast(scalars.count - written)
  }

  private mutating func reduce(_ map: CharacterMap) {
    scalars = scalars.flatMap { map.reduced($0, CharacterFacts(of: $0)) }
  }
}
