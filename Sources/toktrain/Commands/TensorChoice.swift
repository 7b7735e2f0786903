import Primitives
import TokenEmbeddings

/// A matrix of a file, by name or as the one that a table of tokens usually is.
struct TensorChoice {
  private let path: [UInt8]
  private let name: [UInt8]?

  /// - Parameter name: `nil`: the usual ones are tried, then the only matrix that there is.
  init(_ path: [UInt8], _ name: [UInt8]?) {
    self.path = path
    self.name = name
  }

  func matrix() throws(Failure) -> StoredMatrix {
    let file: TensorFile
    do throws(TensorFileError) {
      file = try TensorFile(opening: path)
      if let name { return try file.matrix(named: name) }
      if let matrix = try file.tokenMatrix() { return matrix }
    } catch {
      throw Failure(error)
    }
    let names = file.tensors.map { VisibleText.path($0.name) }
    throw UsageError.conflict(
      "\(VisibleText.path(path)): none of its tensors has a usual name; choose one with --tensor: "
        + names.prefix(8).joined(separator: ", ") + (names.count > 8 ? ", \u{2026}" : "")
    ).failure
  }
}
