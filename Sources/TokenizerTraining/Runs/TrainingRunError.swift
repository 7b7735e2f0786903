import Primitives
import Tokenization

/// What can end a training run: the error of the room where it happened.
public enum TrainingRunError: Error, Sendable {
  case preparation(TextPreparationError)
  case options(BPETrainingError)
  case pieces(SentencePieceTrainingError)
  case corpus(CorpusError)
  case format(FormatError)
  case file(FileError)

  static func mapping<Value>(
    _ body: () throws(TextPreparationError) -> Value
  ) throws(TrainingRunError) -> Value {
    do { return try body() } catch { throw .preparation(error) }
  }

  static func mapping<Value>(
    _ body: () throws(BPETrainingError) -> Value
  ) throws(TrainingRunError) -> Value {
    do { return try body() } catch { throw .options(error) }
  }

  static func mapping<Value>(
    _ body: () throws(SentencePieceTrainingError) -> Value
  ) throws(TrainingRunError) -> Value {
    do { return try body() } catch { throw .pieces(error) }
  }

  static func mapping<Value>(
    _ body: () throws(CorpusError) -> Value
  ) throws(TrainingRunError) -> Value {
    do { return try body() } catch { throw .corpus(error) }
  }

  static func mapping<Value>(
    _ body: () throws(FormatError) -> Value
  ) throws(TrainingRunError) -> Value {
    do { return try body() } catch { throw .format(error) }
  }
}
