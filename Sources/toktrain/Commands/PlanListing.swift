import Primitives
import TokenizerTraining

/// The rows that `toktrain plan` prints.
struct PlanListing {
  private let plan: CorpusPlan
  private let trainer: CountedTrainer
  private let cost: TrainingCost
  private let vocabularySize: Int

  init(_ plan: CorpusPlan, _ trainer: CountedTrainer, _ cost: TrainingCost, vocabularySize: Int) {
    self.plan = plan
    self.trainer = trainer
    self.cost = cost
    self.vocabularySize = vocabularySize
  }

  typealias Row = (name: String, value: String)

  /// - Parameters:
  ///   - seconds: that the reading took.
  ///   - memory: bytes that were resident at most.
  func rows(seconds: Double, memory: Int) -> [Row] {
    corpus + alphabet + sizes + costs(seconds: seconds, memory: memory)
  }

  private var corpus: [Row] {
    let summary = plan.summary
    let word = plan.longestWord
    let start = VisibleText.message(String(decoding: word.bytes.prefix(24), as: UTF8.self))
    let place = word.place.map { ", \($0)" } ?? ""
    let illFormed = Figures.counted(summary.illFormedSequences, "sequence")
    let sample = summary.sample
    let drawn: [Row] =
      sample.documents == 0
      ? []
      : [
        (
          "drawn, of which the rest is told",
          "\(Figures.counted(sample.documents, "document")), "
            + "\(Figures.counted(sample.bytes, "byte"))"
        )
      ]
    return [
      ("files", Figures.grouped(summary.files)),
      ("bytes", Figures.grouped(summary.bytes)),
      ("lines", Figures.grouped(plan.survey.lines)),
      ("documents", Figures.grouped(summary.documents)),
    ] + drawn + [
      ("words", Figures.grouped(summary.preTokens)),
      (
        "distinct words",
        "\(Figures.grouped(plan.profile.words)), of \(Figures.grouped(plan.profile.bytes)) bytes"
      ),
      (
        "longest word",
        "\(Figures.counted(word.bytes.count, "byte"))\(place): \(start)"
          + (word.bytes.count > 24 ? "..." : "")
      ),
      ("not UTF-8", illFormed + (plan.illFormedPlace.map { ", the first in \($0)" } ?? "")),
    ]
  }

  private var alphabet: [Row] {
    [("characters", Figures.grouped(plan.characterCount))]
      + plan.coverage.map { part, characters in
        ("  \(Figures.decimal(100 * part, places: 2)) % of the text", Figures.grouped(characters))
      }
  }

  /// Vocabularies that there can be.
  private var sizes: [Row] {
    let characters = plan.coverage.first { $0.part >= 0.9995 }?.characters ?? plan.characterCount
    let least: String
    switch trainer {
    case .bpe: least = "256, the bytes"
    case .spbpe, .unigram: least = "about \(Figures.grouped(characters)), the characters"
    case .wordpiece:
      least =
        "about \(Figures.grouped(2 * plan.characterCount)), the characters, alone and behind ##"
    }
    let most =
      trainer == .unigram
      ? "below 1,000,000, the seeds"
      : "at least \(Figures.grouped(plan.repeatedWords + 256)): words that occur twice become tokens"
    return [("smallest vocabulary", least), ("largest vocabulary", most)]
  }

  private func costs(seconds: Double, memory: Int) -> [Row] {
    let training = cost.memory(words: plan.profile.words, bytes: plan.profile.bytes)
    let time = cost.seconds(bytes: plan.profile.bytes, tokens: vocabularySize)
    return [
      (
        "counting, as measured",
        "\(Figures.decimal(seconds, places: 2)) s and \(Figures.megabytes(memory))"
      ),
      (
        "training \(Figures.grouped(vocabularySize)) tokens",
        "about \(Figures.decimal(time, places: 2)) s and \(Figures.megabytes(training))"
      ),
      (
        "both",
        "about \(Figures.decimal(seconds + time, places: 2)) s and "
          + "\(Figures.megabytes(max(memory, training)))"
      ),
    ]
  }
}
