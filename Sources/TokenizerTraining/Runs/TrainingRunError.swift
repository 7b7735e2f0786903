import Primitives
import Tokenization

/// What can end a training run: the error of the room where it happened.
public enum TrainingRunError: Error, Sendable {
  case preparation(TextPreparationError)
  case options(BPETrainingError)
  case corpus(CorpusError)
  case format(FormatError)
  case file(FileError)
}
