import Primitives
import Tokenization
import TokenizerTraining

/// What normalization changes in texts, a line for each change, and what is lost in all.
struct ChangeReport {
  private let chain: NormalizationChain
  private let decomposition: NormalizationChain?
  private let options: CorpusOptions
  private var changeCount = 0
  private var documentCount = 0
  /// Characters that were lost, and how often.
  private var lost: [UInt32: Int] = [:]

  init(_ normalizer: CompiledNormalizer, _ options: CorpusOptions) {
    chain = NormalizationChain(normalizer)
    decomposition = (try? CompiledNormalizer(Normalizer([.form(.nfd)], unicode: .current)))
      .map { NormalizationChain($0) }
    self.options = options
  }

  mutating func write(_ source: Corpus, to output: inout CommandOutput) throws(Failure) {
    let reader = DocumentReader(source)
    var place = DocumentPlace(source)
    while let batch = try Failure.mapping({ () throws(CorpusError) in try reader.nextBatch() }) {
      for index in 0..<batch.count {
        let bytes = try place.checked(batch, index)
        let name = place.name
        let lines = try Failure.normalizing(name) { () throws(PatternError) in
          try self.lines(bytes, place)
        }
        if !lines.isEmpty {
          documentCount += 1
          try output.write(Array(lines.utf8))
        }
      }
      if reader.inputIsWaiting { try output.flush() }
    }
  }

  private mutating func lines(
    _ bytes: [UInt8], _ place: DocumentPlace
  ) throws(PatternError) -> String {
    let chain = self.chain
    let changes = try bytes.withUnsafeBufferPointer { (text) throws(PatternError) in
      let normal = try chain.normalize(text, recordingEdits: true).bytes
      return chain.changes(of: text, to: normal).map { change in
        (
          offset: change.source.lowerBound, old: Self.characters(text.extracting(change.source)),
          new: Self.characters(normal.extracting(change.result))
        )
      }
    }
    changeCount += changes.count
    var lines = ""
    for change in changes {
      let lost = lostCharacters(change.old, change.new)
      for character in lost { self.lost[character, default: 0] += 1 }
      let columns = [
        VisibleText.message(place.name), String(place.offset + change.offset),
        Self.names(change.old), Self.names(change.new),
        lost.isEmpty ? "-" : lost.map(Self.number).joined(separator: " "),
      ]
      lines += columns.joined(separator: "\t") + "\n"
    }
    return lines
  }

  /// What the canonical decomposition of the first text has and that of the second has not.
  private func lostCharacters(_ old: [UInt32], _ new: [UInt32]) -> [UInt32] {
    var kept: [UInt32: Int] = [:]
    for character in decomposed(new) { kept[character, default: 0] += 1 }
    return decomposed(old).filter { character in
      guard let count = kept[character], count > 0 else { return true }
      kept[character] = count - 1
      return false
    }
  }

  private func decomposed(_ text: [UInt32]) -> [UInt32] {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: text.compactMap { Unicode.Scalar($0) })
    return Array(String(view).utf8).withUnsafeBufferPointer { bytes in
      // Forms do not fail.
      let normal = try? decomposition?.normalize(bytes, recordingEdits: false)
      return Self.characters(normal?.bytes ?? bytes)
    }
  }

  private static func characters(_ text: UnsafeBufferPointer<UInt8>) -> [UInt32] {
    String(decoding: text, as: UTF8.self).unicodeScalars.map(\.value)
  }

  private static func names(_ characters: [UInt32]) -> String {
    guard !characters.isEmpty else { return "nothing" }
    return characters.map { "\(number($0)) \(UnicodeLibrary.name(of: $0))" }
      .joined(separator: ", ")
  }

  private static func number(_ character: UInt32) -> String {
    let digits = String(character, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
  }

  /// What a person reads at the end.
  var summary: String {
    let changes = Figures.counted(changeCount, "change")
    guard changeCount > 0 else { return "no change" }
    var text = "\(changes) in \(Figures.counted(documentCount, "document"))"
    let most = lost.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    if most.isEmpty { return text + "; nothing lost" }
    text += "; lost: "
    text += most.prefix(5).map { character, count in
      "\(Self.number(character)) \(UnicodeLibrary.name(of: character)) "
        + "(\(Figures.grouped(count)))"
    }.joined(separator: ", ")
    return most.count > 5
      ? text + " and \(Figures.counted(most.count - 5, "other character"))" : text
  }
}
