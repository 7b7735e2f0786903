import Primitives
import Tokenization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A MODEL of the command line: a directory that a trainer wrote, or a file.
enum ModelFile {
  static func load(_ path: [UInt8]) throws(Failure) -> Tokenizer {
    var file = path
    let bytes: [UInt8]
    do throws(FileError) {
      if try FileStatus(of: path).kind == .directory {
        file = path.appendingPath(Array(TokenizerFile.nameInDirectory.utf8))
      }
      bytes = try WholeFile.read(file)
    } catch {
      if file != path, case .system("open", _, ENOENT) = error {
        throw Failure(
          .resource,
          "\(VisibleText.path(path)): holds no \(TokenizerFile.nameInDirectory); give a directory "
            + "that toktrain wrote")
      }
      throw Failure(error)
    }
    do throws(FormatError) {
      return try TokenizerFile.load(bytes)
    } catch {
      throw Failure(error, in: file)
    }
  }
}
