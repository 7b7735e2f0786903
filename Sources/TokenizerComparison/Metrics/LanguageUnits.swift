import Primitives

/// What resampling draws from to tell how unequal languages are: of each language as many documents as
/// it has, so that none is ever left out. Documents of a parallel corpus that say the same are drawn
/// together.
struct LanguageUnits: Sendable {
  /// Most units of a language: less than for a whole corpus, since there may be hundreds of languages.
  private static let limit = 512

  private let isParallel: Bool
  private let modelCount: Int
  private let seed: UInt64
  /// By file, the place of its language.
  private let places: [Int]
  /// By language: what its documents cost (see `LanguageCosts`), then the tokens of each model.
  private var units: [DocumentUnits]
  /// By language.
  private var documentCounts: [Int]

  init(_ files: [ComparedFile], modelCount: Int, isParallel: Bool, seed: UInt64) {
    let names = LanguageTallies.names(of: files)
    let order = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
    places = files.map { order[$0.language] ?? 0 }
    units = names.map { _ in
      DocumentUnits(seed: seed, width: 1 + modelCount, limit: Self.limit)
    }
    documentCounts = names.map { _ in 0 }
    self.isParallel = isParallel
    self.modelCount = modelCount
    self.seed = seed
  }

  /// Adds the tally of the next document of a file.
  ///
  /// - Returns: its number in its language, from 0.
  mutating func add(_ row: ArraySlice<Int>, file: Int) -> Int {
    let place = places[file]
    defer { documentCounts[place] += 1 }
    // Of one language there is nothing to compare.
    if units.count > 1 {
      let counts =
        [LanguageCosts.whole(of: row, isParallel: isParallel)]
        + Tally.tokens(in: row, of: modelCount)
      units[place].add(counts[...], to: documentCounts[place])
    }
    return documentCounts[place]
  }

  /// By resampling and model, the Gini coefficient; empty where a language has too few documents to draw
  /// from.
  func ginis(replicates: Int, threads: Int) -> [[Double?]] {
    guard units.count > 1, documentCounts.allSatisfy({ $0 != 1 }) else { return [] }
    let rows = units.map { $0.rows() }
    return [[Double?]](unsafeUninitializedCapacity: replicates) { results, count in
      results.initialize(repeating: [])
      count = replicates
      // Each is written once, and read after all threads have ended.
      nonisolated(unsafe) let results = results
      Parts(replicates, size: 16).run(threads: threads) { part in
        for replicate in part { results[replicate] = ginis(rows, replicate) }
      }
    }
  }

  private func ginis(_ rows: [[Int]], _ replicate: Int) -> [Double?] {
    let sums = rows.enumerated().map { language, rows in
      var sums = [Int](repeating: 0, count: 1 + modelCount)
      // Languages are drawn independently of each other unless they say the same.
      let place = UInt64(isParallel ? 1 : language + 1) << 32 | UInt64(replicate)
      sums.withUnsafeMutableBufferPointer {
        UnitDraws.add(rows, RandomSequence(seed: seed, place: place), to: $0)
      }
      return sums
    }
    return (1...modelCount).map { model in
      LanguageCosts(sums.map { (whole: $0[0], tokens: $0[model]) }).gini
    }
  }
}
