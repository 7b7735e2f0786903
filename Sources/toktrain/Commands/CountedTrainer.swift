import Tokenization
import TokenizerTraining

/// Whose words are counted.
enum CountedTrainer: String, CaseIterable {
  case bpe, spbpe, wordpiece, unigram

  /// - Throws: for options of the text that this trainer does not have.
  func validate(_ pieces: SentencePieceChoices, _ cuts: CuttingChoices) throws(UsageError) {
    if self != .bpe && cuts != CuttingChoices() {
      throw .conflict("--pattern and --word-breaks are for --for bpe; leave them out")
    }
    if (self == .bpe || self == .wordpiece) && pieces != SentencePieceChoices() {
      throw .conflict(
        "options of sentences, such as --max-line-bytes or --sample, are for --for unigram or spbpe"
      )
    }
  }

  /// The command that trains so.
  func command(
    _ choices: TrainerChoices, _ pieces: SentencePieceChoices, _ cuts: CuttingChoices, threads: Int
  ) -> any TrainerCommand {
    switch self {
    case .bpe, .spbpe:
      var command = BPECommand()
      command.style = self == .bpe ? .bytes : .sentencepiece
      (command.choices, command.pieces, command.cuts) = (choices, pieces, cuts)
      command.threads = threads
      return command
    case .wordpiece:
      var command = WordPieceCommand()
      command.choices = choices
      command.threads = threads
      return command
    case .unigram:
      var command = UnigramCommand()
      (command.choices, command.pieces) = (choices, pieces)
      command.threads = threads
      return command
    }
  }
}
