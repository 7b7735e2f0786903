import Primitives
import Tokenization

/// Why tokenizers cannot be compared.
public enum ComparisonError: Error, Equatable, Sendable, CustomStringConvertible {
  case modelCount(Int)
  case replicatesOutOfRange(Int)
  case samplesOutOfRange(Int)
  /// A model cannot encode anything.
  case model(name: [UInt8], TokenizerError)
  /// A model cannot encode a document. `number`: its place in its file, from 1.
  case document(file: [UInt8], number: Int, model: [UInt8], TokenizerError)
  /// A batch names a file that is not there, or its ends are not those of its bytes.
  case unfitBatch(file: Int)
  /// Languages of a parallel corpus have not as many documents.
  case unparallel(language: [UInt8], documents: Int, reference: [UInt8], expected: Int)
  /// A parallel corpus with less than two languages.
  case oneLanguage
  case outOfMemory

  public var description: String {
    switch self {
    case .modelCount(let count):
      "\(count) models; give 1 to \(ComparisonOptions.mostModels)"
    case .replicatesOutOfRange(let count):
      "\(count) resamplings; give 0 to \(ComparisonOptions.mostReplicates)"
    case .samplesOutOfRange(let count):
      "\(count) samples; give 0 to \(ComparisonOptions.mostSamples)"
    case .model(let name, let error):
      "\(VisibleText.path(name)): \(error)"
    case .document(let file, let number, let model, let error):
      "\(VisibleText.path(file)): document \(number) with \(VisibleText.path(model)): \(error)"
    case .unfitBatch(let file):
      "a batch of file \(file) does not fit; give ends that ascend to the number of its bytes, and a file "
        + "that the comparison was told of"
    case .unparallel(let language, let documents, let reference, let expected):
      "\(VisibleText.path(language)): \(documents) documents, but \(VisibleText.path(reference)) has "
        + "\(expected); in a parallel corpus each has its counterpart"
    case .oneLanguage:
      "a parallel corpus needs files of two languages; name each by its language, such as text.de and "
        + "text.en"
    case .outOfMemory:
      "not enough memory to find words"
    }
  }
}
