import Tokenization
import TokenizerTraining

/// A command that counts for a trainer which is named, by that trainer's options of the text.
protocol CountingCommand: PieceTrainerCommand, CuttingCommand {
  var trainer: CountedTrainer { get set }
}

extension CountingCommand {
  var family: String { trainer.rawValue }

  /// The command whose text this is.
  private var trainerCommand: any TrainerCommand {
    trainer.command(choices, pieces, cuts, threads: threads)
  }

  var standards: TrainerStandards { trainerCommand.standards }

  func trainingRun() throws(Failure) -> any TrainingRun { try trainerCommand.trainingRun() }

  func validateText() throws(UsageError) {
    try cuts.validate()
    try choices.validate(Self.schema.verb)
    try trainer.validate(pieces, cuts)
  }
}

extension Option where C: CountingCommand {
  static func trainer(_ summary: String, detail: String) -> Option {
    .value(
      "for", \.trainer, .choice("TRAINER"), "\(summary): bpe, spbpe, wordpiece, unigram",
      detail: "bpe is the default; spbpe is bpe --style sentencepiece. Options of the text are "
        + "those of that trainer\(detail)")
  }

  /// What the trainers can be told of the text.
  static var countedText: [Option] {
    [.specialToken("Give those that training will have.")] + cuts
      + normalization(
        "that of the trainer", detail: "For unigram and spbpe one set of rules.")
      + reading(documents: "file for bpe, line for others", policies: InvalidUTF8Policy.allCases)
      + sentenceText.map(\.detailed)
  }
}
