import Primitives
import Tokenization

/// What `training.json` says of a trained model: what was asked, what was read, what came out, by
/// which versions. Nothing in it changes from run to run: no dates, paths, durations or threads.
///
/// It stands here and not in the command line because whoever trains through the library owes the
/// readers of a model the same account.
public struct TrainingManifest: Sendable {
  /// Name of the file in a trained directory.
  public static let fileName = TrainingRecord.fileName

  /// Names the layout of the file; the number grows when a reader of the old one would be misled.
  static let format = "toktrain/training/1"

  /// How a directory that toktrain trained is told from others.
  public static func signature(fileNames: [String]) -> AtomicDirectory.Signature {
    AtomicDirectory.Signature(
      marker: fileName, markerPrefix: Array("{\n  \"format\": \"toktrain/training/".utf8),
      fileNames: fileNames + [fileName])
  }

  let trained: TrainedTokenizer
  /// The other files of the directory.
  let files: [HuggingFaceDirectory.File]

  /// The file.
  var bytes: [UInt8] {
    let account = trained.account
    let summary = trained.summary
    var writer = JSONWriter(layout: .pretty)
    writer.object { json in
      json.members([
        ("format", .text(Self.format)),
        ("algorithm", .text("\(account.algorithm)")),
        ("toktrain", .text(ToolkitVersion.current)),
        (
          "unicode",
          .object([
            ("patterns", .text(UnicodeClasses.version)),
            ("normalization", .text(UnicodeLibrary.unicodeVersion)),
            ("icu", .text(UnicodeLibrary.icuVersion)),
          ])
        ),
      ])
      json.key("options")
      json.object { json in
        json.members(account.options)
        writeTextOptions(to: &json)
      }
      json.members([
        (
          "corpus",
          .object(
            [
              ("files", .count(summary.files)),
              ("bytes", .count(summary.bytes)),
            ] + weighted + [
              ("documents", .count(summary.documents)),
              ("pre_tokens", .count(summary.preTokens)),
              ("distinct_pre_tokens", .count(summary.distinctPreTokens)),
              ("xxh3_128", .text(summary.fingerprint.description)),
            ])
        ),
        (
          "not_counted",
          .object(
            [
              ("ill_formed_sequences", .count(summary.illFormedSequences)),
              ("special_tokens", .count(summary.specialTokens)),
            ] + sentencesLeftOut + drawn + rareWords)
        ),
        (
          "result",
          .object(
            [("tokens", .count(trained.tokenCount))] + account.result
              + [("corpus_tokens", .count(trained.corpusTokens))])
        ),
      ])
      json.key("files")
      json.object { json in
        for file in files {
          json.key(Array(file.name.utf8))
          json.write(
            .object([
              ("bytes", .count(file.bytes.count)),
              ("xxh3_128", .text(Fingerprint(of: file.bytes).description)),
            ]))
        }
      }
    }
    return writer.bytes + [UInt8(ascii: "\n")]
  }

  /// What weights made of the bytes, where there were any.
  private var weighted: [TrainingAccount.Entry] {
    let summary = trained.summary
    return summary.weightedBytes == summary.bytes
      ? [] : [("weighted_bytes", .count(summary.weightedBytes))]
  }

  /// What a sample left out, where pieces do not say it.
  private var drawn: [TrainingAccount.Entry] {
    let sample = trained.summary.sample
    guard sample != SampleSummary(), trained.leftOutCharacters == nil else { return [] }
    return [("documents_not_drawn", .count(sample.leftOut))]
  }

  /// What a floor left out, where there was one.
  private var rareWords: [TrainingAccount.Entry] {
    guard let floor = trained.summary.floor else { return [] }
    return [
      ("min_word_count", .count(floor.least)), ("rare_words", .count(floor.lostWords)),
      ("rare_word_occurrences", .count(floor.lostOccurrences)),
    ]
  }

  /// What rules of pieces left out, where pieces were trained.
  private var sentencesLeftOut: [TrainingAccount.Entry] {
    guard let characters = trained.leftOutCharacters else { return [] }
    let skipped = trained.summary.skippedSentences
    return [
      ("too_long_lines", .count(skipped.tooLong)),
      ("lines_with_reserved_character", .count(skipped.withReservedCharacter)),
      ("documents_not_drawn", .count(trained.summary.sample.leftOut)),
      ("rare_characters", .count(characters.characters)),
      ("rare_character_occurrences", .count(characters.occurrences)),
    ]
  }

  /// What happens to text before a trainer sees it, in all families.
  private func writeTextOptions(to json: inout JSONWriter) {
    let normalizer = trained.tokenizer.normalizer
    json.key("normalization")
    if let words = normalizer.words {
      json.string(words)
    } else {
      HuggingFaceNormalizer.write(normalizer, to: &json)
    }
    json.members([("unicode", .text(normalizer.unicode.rawValue))] + trained.corpusOptions.entries)
  }
}
