import Primitives
import Tokenization

/// Encodes documents with one model and counts how it cuts them. One for each model and thread.
final class ModelMeter {
  private let model: PreparedModel
  private var encoder: TokenEncoder
  /// Ids of the documents of a batch, one after the other, and where those of each end.
  private(set) var ids: [TokenID] = []
  private(set) var ends: [Int] = []
  /// Those of one document, where each stands in it if their texts do not tell, and what they decode to.
  private var document: [TokenID] = []
  private var spans: [Range<Int>] = []
  private var decoded: [UInt8] = []

  /// Where tokens of the document begin or end, but for its own ends.
  private(set) var borders = PlaceSet()
  /// What unknown tokens stand for.
  private var unknownPlaces = PlaceSet()
  /// Whether they stand for anything.
  private var hasUnknownPlaces = false

  /// Occurrences by id.
  private(set) var uses: [Int]
  /// How long encoding took, and of how many bytes.
  private(set) var speed = EncodingSpeed()

  /// - Throws: `ComparisonError.model`.
  init(_ model: PreparedModel) throws(ComparisonError) {
    self.model = model
    uses = Array(repeating: 0, count: model.idCount)
    do throws(TokenizerError) {
      encoder = try TokenEncoder(model.compiled)
    } catch {
      throw .model(name: model.name, error)
    }
  }

  /// Encodes all documents of a batch, for their ids alone, which is many times as fast as with
  /// offsets.
  ///
  /// - Returns: the first document that cannot be encoded, and why.
  func encode(_ batch: ComparedDocuments) -> (document: Int, error: TokenizerError)? {
    ids.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
    let start = ContinuousClock.now
    do throws(TokenizerError) {
      try batch.bytes.withUnsafeBufferPointer { (bytes) throws(TokenizerError) in
        for index in 0..<batch.count {
          try encoder.encode(bytes.extracting(batch.range(of: index)), into: &ids)
          ends.append(ids.count)
        }
      }
    } catch {
      return (ends.count, error)
    }
    speed.add(bytes: batch.bytes.count, seconds: (ContinuousClock.now - start) / .seconds(1))
    countUses()
    return nil
  }

  private func countUses() {
    ids.withUnsafeBufferPointer { ids in
      uses.withUnsafeMutableBufferPointer { uses in
        for id in ids { uses[Int(id)] &+= 1 }
      }
    }
  }

  /// Tokens of a document of the batch.
  func tokenCount(of index: Int) -> Int { ends[index] - (index == 0 ? 0 : ends[index - 1]) }

  /// Counts how a document of the batch is cut.
  ///
  /// - Parameters:
  ///   - index: its place in the batch.
  ///   - text: what is known of it.
  ///   - number: place of the model in the tally.
  /// - Throws: `TokenizerError.pattern` if it cannot be decoded.
  func measure(
    _ index: Int, _ bytes: UnsafeBufferPointer<UInt8>, _ text: TextMeter, as number: Int,
    into tally: inout Tally
  ) throws(TokenizerError) {
    document.removeAll(keepingCapacity: true)
    document += ids[ends[index] - tokenCount(of: index)..<ends[index]]
    decoded.removeAll(keepingCapacity: true)
    try model.decoder.decode(document, into: &decoded)
    borders.reset(bytes.count)
    hasUnknownPlaces = false
    let isExact = decoded.withUnsafeBufferPointer { Self.areEqual($0, bytes) }
    let sums = sums()
    let whole =
      if isExact, model.textsAreSpans, let blank = blankInFront(sums.length, bytes.count) {
        placeTexts(blankInFront: blank, bytes.count, text)
      } else {
        try placeOffsets(bytes, text)
      }
    tally[.tokens, of: number] = document.count
    tally[.exactDocuments, of: number] = isExact ? 1 : 0
    tally[.unknown, of: number] = sums.unknown
    tally[.byteFallback, of: number] = sums.byteFallback
    tally[.wholeCharacterTokens, of: number] = whole
    tally[.wholeWords, of: number] = wholeWords(text)
    tally[.splitCharacters, of: number] = splitCharacters(text)
    let digits = digitBorders(text)
    tally[.digitBorders, of: number] = digits.all
    tally[.groupedBorders, of: number] = digits.grouped
  }

  /// Of the tokens of the document: bytes of their texts, unknown ones, fallen back ones.
  private func sums() -> (length: Int, unknown: Int, byteFallback: Int) {
    var (length, unknown, byteFallback) = (0, 0, 0)
    let traits = model.traits
    for id in document {
      let trait = traits[Int(id)]
      length &+= trait.length
      unknown &+= trait.unknown
      byteFallback &+= trait.byteFallback
    }
    return (length, unknown, byteFallback)
  }

  /// How many bytes the texts of the tokens have more than the document that they decode to: 0, or 1
  /// for a blank that decoders take from the front; `nil`: they are not the document, one behind the
  /// other.
  private func blankInFront(_ length: Int, _ count: Int) -> Int? {
    if length == count { return 0 }
    guard length == count + 1, let first = document.first,
      model.texts[first].first == UInt8(ascii: " ")
    else { return nil }
    return 1
  }

  /// Takes borders from the lengths of texts, and returns how many tokens begin and end between
  /// characters.
  private func placeTexts(blankInFront: Int, _ count: Int, _ text: TextMeter) -> Int {
    // Locals, since each access to a property of an object is checked.
    var borders = PlaceSet()
    swap(&borders, &self.borders)
    defer { swap(&borders, &self.borders) }
    let (traits, tails, hasTails) = (model.traits, text.tails, text.hasTails)
    var place = -blankInFront
    var whole = 0
    var beginsWhole = true
    for id in document {
      place &+= traits[Int(id)].length
      var endsWhole = true
      if place > 0, place < count {
        borders.insert(place)
        endsWhole = !(hasTails && tails.contains(place))
      }
      if beginsWhole && endsWhole { whole &+= 1 }
      beginsWhole = endsWhole
    }
    return whole
  }

  /// Takes borders from the offsets of tokens, and returns how many tokens begin and end between
  /// characters.
  private func placeOffsets(
    _ bytes: UnsafeBufferPointer<UInt8>, _ text: TextMeter
  ) throws(TokenizerError) -> Int {
    document.removeAll(keepingCapacity: true)
    spans.removeAll(keepingCapacity: true)
    try encoder.encode(bytes, into: &document, offsets: &spans)
    TokenSpans.emptyPrefixes(&spans, in: bytes)
    // Locals, since each access to a property of an object is checked.
    var borders = PlaceSet()
    swap(&borders, &self.borders)
    defer { swap(&borders, &self.borders) }
    let (traits, tails) = (model.traits, text.tails)
    // Adds a border unless it is an end of the document, and says whether it is between characters.
    func insert(_ place: Int) -> Bool {
      guard place > 0, place < bytes.count else { return true }
      borders.insert(place)
      return !tails.contains(place)
    }
    var whole = 0
    for (id, span) in zip(document, spans) {
      let beginsWhole = insert(span.lowerBound)
      let endsWhole = insert(span.upperBound)
      if beginsWhole && endsWhole { whole &+= 1 }
      if traits[Int(id)].unknown == 1 { insertUnknown(span, bytes.count) }
    }
    return whole
  }

  private func insertUnknown(_ range: Range<Int>, _ count: Int) {
    if !hasUnknownPlaces {
      hasUnknownPlaces = true
      unknownPlaces.reset(count)
    }
    for place in range { unknownPlaces.insert(place) }
  }

  private func wholeWords(_ text: TextMeter) -> Int {
    let borders = borders
    var count = 0
    for word in text.words {
      if borders.containsAny(from: word.start &+ 1, to: word.end) { continue }
      if hasUnknownPlaces, unknownPlaces.containsAny(from: word.start, to: word.end) { continue }
      count &+= 1
    }
    return count
  }

  private func splitCharacters(_ text: TextMeter) -> Int {
    guard text.hasTails else { return 0 }
    let tails = text.tails
    var count = 0
    // Bytes below this one belong to characters that were judged.
    var judged = 0
    PlaceSet.forEachShared(borders, tails) { place in
      var first = place
      while first > judged, tails.contains(first) { first &-= 1 }
      // Otherwise another border in the same character, or tails without a first byte.
      if !tails.contains(first) { count &+= 1 }
      judged = place &+ 1
    }
    return count
  }

  /// Borders inside runs of digits, and those of them where a group of three from the right begins.
  private func digitBorders(_ text: TextMeter) -> (all: Int, grouped: Int) {
    var (all, grouped) = (0, 0)
    for run in text.digitRuns {
      for place in run.start + 1..<run.end where borders.contains(place) {
        all &+= 1
        if (run.end - place) % 3 == 0 { grouped &+= 1 }
      }
    }
    return (all, grouped)
  }

  private static func areEqual(
    _ first: UnsafeBufferPointer<UInt8>, _ second: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    guard first.count == second.count else { return false }
    guard let start = first.baseAddress, let other = second.baseAddress else { return true }
    return ByteWords.areEqual(start, other, count: first.count)
  }
}

/// How fast a model encoded: without finding documents, measuring and reading, and with caches that
/// were empty at first.
public struct EncodingSpeed: Sendable, Equatable {
  public private(set) var bytes = 0
  /// Of all threads together.
  public private(set) var seconds = 0.0

  mutating func add(bytes: Int, seconds: Double) {
    self.bytes += bytes
    self.seconds += seconds
  }

  mutating func add(_ other: EncodingSpeed) { add(bytes: other.bytes, seconds: other.seconds) }
}
