import Primitives

/// Why a layer cannot be made or used as asked.
public enum LayerError: Error, Sendable, Equatable {
  /// Sines and cosines, and what is turned by them, come in pairs.
  case oddDimension(Int, what: String)
  case headsDoNotDivide(dimension: Int, heads: Int)
  case headDoesNotDivide(dimension: Int, head: Int)
  case stdOutOfRange(Double)
  /// The distribution has no width to choose.
  case fixedWidth(Distribution)
  case truncationOutOfRange(Double)
  case truncationUnfit(Distribution)
  case baseOutOfRange(Double)
  case scalingOutOfRange(RotaryPositions.Llama3Scaling)
  case countOutOfRange(name: String, Int, ClosedRange<Int>)
  case orthogonalTooLarge(rows: Int, columns: Int, limit: Int)
  /// The vocabulary has no token, or most of its ids have none.
  case noTokens
  case sparseIDs(tokens: Int, ids: Int)
  /// A model of these names has no such table.
  case noName(TableRole, Naming)
  /// Vectors that were given for tokens do not fit.
  case vectorsDiffer(rows: Int, columns: Int, expectedRows: Int?, expectedColumns: Int?)
  case file(FileError)
  case tensors(TensorFileError)
  /// `layer.json` is not what it must be.
  case record(path: [UInt8], field: String, expected: String)
  case tableDiffers(path: [UInt8], tensor: [UInt8], found: [Int], expected: [Int])
  /// A token has no row.
  case idBeyondTable(id: UInt32, rows: Int)
  case typeBeyondTable(type: UInt32, segments: Int)
  case positionBeyondTable(position: Int, length: Int)
}

extension LayerError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .oddDimension(let dimension, let what):
      "\(what) come in pairs, and \(dimension) is odd; give an even number"
    case .headsDoNotDivide(let dimension, let heads):
      "\(heads) heads cannot share vectors of \(dimension) numbers evenly; give a number of heads that "
        + "divides \(dimension)"
    case .headDoesNotDivide(let dimension, let head):
      "heads of \(head) numbers cannot share vectors of \(dimension) evenly; give a number of heads "
        + "that divides \(dimension)"
    case .stdOutOfRange(let std):
      "a standard deviation of \(std) cannot be; give a number above 0, at most 1000"
    case .fixedWidth(let distribution):
      "the width of \(distribution.name) is not to choose; leave the standard deviation out, or draw "
        + "from another distribution"
    case .truncationOutOfRange(let sigmas):
      "draws cannot be cut at \(sigmas) sigmas; give a number above 0, at most 6"
    case .truncationUnfit(let distribution):
      "only normal draws are cut at sigmas, and these are \(distribution.name)"
    case .baseOutOfRange(let base):
      "frequencies cannot have the base \(base); give a number above 1, at most 1e12"
    case .scalingOutOfRange:
      "Llama 3's scaling takes numbers above 0, the high factor above the low one"
    case .countOutOfRange(let name, let count, let range):
      "\(name) of \(count) cannot be; give a number from \(range.lowerBound) to \(range.upperBound)"
    case .orthogonalTooLarge(let rows, let columns, let limit):
      "an orthogonal table of \(rows) × \(columns): the smaller side can be \(limit) at most; give a "
        + "smaller dimension, or draw from another distribution"
    case .noTokens: "the vocabulary has no tokens; train or choose another"
    case .sparseIDs(let tokens, let ids):
      "\(tokens) tokens have ids up to \(ids - 1): most rows of the table would belong to no token; "
        + "renumber the vocabulary without gaps"
    case .noName(let role, let naming):
      "models with the names of \(naming.rawValue) have no \(role.noun); leave them out, or take plain "
        + "names"
    case .vectorsDiffer(let rows, let columns, let expectedRows, let expectedColumns):
      "the vectors are \(rows) × \(columns)"
        + (expectedRows.map { ", but the vocabulary has \($0) ids" } ?? "")
        + (expectedColumns.map { ", but the layer has the dimension \($0)" } ?? "")
        + "; give those of the same vocabulary, or resize them"
    case .file(let error): "\(error)"
    case .tensors(let error): "\(error)"
    case .record(let path, let field, let expected):
      "\(VisibleText.path(path)): \(field) must be \(expected); export the layer anew"
    case .tableDiffers(let path, let tensor, let found, let expected):
      "\(VisibleText.path(path)): tensor \(TensorFlaw.shown(tensor)) has the shape \(found), but "
        + "layer.json says \(expected); export the layer anew"
    case .idBeyondTable(let id, let rows):
      "token \(id) has no row in a table of \(rows); the vocabulary and the layer do not belong "
        + "together"
    case .typeBeyondTable(let type, let segments):
      "the model numbers the texts of a pair up to \(type), and the layer has \(segments) segments; "
        + "export it with more"
    case .positionBeyondTable(let position, let length):
      "position \(position) is past the \(length) that the layer has; give a shorter text, or export "
        + "the layer with a greater length"
    }
  }
}

extension Distribution {
  /// As the command line names it.
  public var name: String {
    switch self {
    case .zeros: "zeros"
    case .normal(_, nil): "normal"
    case .normal(_, _?): "truncated-normal"
    case .uniform: "uniform"
    case .xavier: "xavier"
    case .orthogonal: "orthogonal"
    }
  }
}
