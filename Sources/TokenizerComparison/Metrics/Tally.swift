/// What is counted of a text whatever cuts it.
enum TextCount: Int {
  case documents, notUTF8, bytes, characters, words
  /// Characters of more than one byte.
  case wideCharacters
  /// Places inside runs of digits where a group of three from the right begins. The last case: it tells how
  /// many there are.
  case groupBorders
}

/// What is counted of a text as one model cuts it.
enum ModelCount: Int {
  case tokens
  /// Documents that come back byte for byte.
  case exactDocuments
  case wholeWords, unknown, byteFallback
  /// Tokens that begin and end between characters.
  case wholeCharacterTokens
  /// Characters that a border cuts.
  case splitCharacters
  /// Borders that the first model has too, and those that either has.
  case sharedBorders, eitherBorders
  /// Borders inside runs of digits, and those of them where a group begins. The latter is the last case: it
  /// tells how many there are.
  case digitBorders, groupedBorders
}

/// Sums over documents, from which every metric that is a ratio of sums follows.
///
/// Integers, so that no order of summing makes a difference.
struct Tally: Sendable, Equatable {
  /// First those of the text, then those of each model.
  private(set) var counts: [Int]

  init(modelCount: Int) {
    counts = Array(repeating: 0, count: Self.width(modelCount: modelCount))
  }

  /// - Precondition: as many as `width` says.
  init(_ counts: ArraySlice<Int>) { self.counts = Array(counts) }

  /// How many counts there are.
  static func width(modelCount: Int) -> Int {
    textWidth + modelCount * modelWidth
  }

  private static var textWidth: Int { TextCount.groupBorders.rawValue + 1 }
  private static var modelWidth: Int { ModelCount.groupedBorders.rawValue + 1 }

  /// Sets all counts to 0.
  mutating func reset() {
    for place in counts.indices { counts[place] = 0 }
  }

  subscript(_ count: TextCount) -> Int {
    get { counts[count.rawValue] }
    set { counts[count.rawValue] = newValue }
  }

  subscript(_ count: ModelCount, of model: Int) -> Int {
    get { counts[Self.place(of: count, model)] }
    set { counts[Self.place(of: count, model)] = newValue }
  }

  private static func place(of count: ModelCount, _ model: Int) -> Int {
    textWidth + model * modelWidth + count.rawValue
  }

  /// As many, all 0.
  var zero: Tally {
    var zero = self
    zero.reset()
    return zero
  }

  static func count(_ count: TextCount, in row: ArraySlice<Int>) -> Int {
    row[row.startIndex + count.rawValue]
  }

  /// Tokens of a row of counts, by model.
  static func tokens(in row: ArraySlice<Int>, of modelCount: Int) -> [Int] {
    (0..<modelCount).map { row[row.startIndex + place(of: .tokens, $0)] }
  }

  /// Adds the counts of a row of others.
  mutating func add(_ others: ArraySlice<Int>) {
    for (place, count) in others.enumerated() { counts[place] += count }
  }

  mutating func add(_ other: Tally) { add(other.counts[...]) }

  /// The value of a metric; `nil` where nothing is there to be counted, for a pair metric of the first
  /// model, and for metrics that are no ratio of sums.
  func value(of metric: Metric, model: Int) -> Double? {
    let tokens = self[.tokens, of: model]
    switch metric {
    case .roundTrip: return Self.ratio(self[.exactDocuments, of: model], self[.documents])
    case .bytesPerToken: return Self.ratio(self[.bytes], tokens)
    case .tokensPerWord: return Self.ratio(tokens, self[.words])
    case .tokensPerCharacter: return Self.ratio(tokens, self[.characters])
    case .sequenceLength: return Self.ratio(tokens, self[.tokens, of: 0])
    case .wholeWords: return Self.ratio(self[.wholeWords, of: model], self[.words])
    case .unknown: return Self.ratio(self[.unknown, of: model], tokens)
    case .byteFallback: return Self.ratio(self[.byteFallback, of: model], tokens)
    case .boundaryAgreement:
      return model == 0
        ? nil : Self.ratio(self[.sharedBorders, of: model], self[.eitherBorders, of: model])
    case .digitGrouping:
      let (borders, groups) = (self[.digitBorders, of: model], self[.groupBorders])
      return Self.ratio(2 * self[.groupedBorders, of: model], borders + groups)
    case .wholeCharacters: return Self.ratio(self[.wholeCharacterTokens, of: model], tokens)
    case .splitCharacters:
      return Self.ratio(self[.splitCharacters, of: model], self[.wideCharacters])
    case .tokens, .vocabularyUsed, .renyi, .shannon, .vocabularyOverlap, .languageGini:
      return nil
    }
  }

  private static func ratio(_ part: Int, _ whole: Int) -> Double? {
    whole == 0 ? nil : Double(part) / Double(whole)
  }
}
