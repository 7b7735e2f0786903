import Primitives
import Tokenization

/// A MODEL of the command line: a directory that a trainer wrote, or a file.
enum ModelFile {
  static func load(_ path: [UInt8]) throws(Failure) -> Tokenizer {
    var file = path
    if WholeFile.isDirectory(path) {
      file = path.appendingPath(Array(TokenizerFile.nameInDirectory.utf8))
    }
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try WholeFile.read(file)
    } catch {
      throw Failure(error)
    }
    do throws(FormatError) {
      return try TokenizerFile.load(bytes)
    } catch {
      throw Failure(error, in: file)
    }
  }
}
