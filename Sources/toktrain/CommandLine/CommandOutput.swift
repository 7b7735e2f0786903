import Primitives

/// Where the data of a command go: stdout, or a file that appears whole.
struct CommandOutput: ~Copyable {
  private var file: AtomicFile?
  private let console: Console

  /// - Parameters:
  ///   - path: `nil` and `-` are stdout.
  ///   - inputs: files that are read meanwhile and so cannot be the output.
  init(
    to path: [UInt8]?, replaces: Bool, inputs: [[UInt8]], console: Console
  ) throws(Failure) {
    self.console = console
    guard let path, path != Array("-".utf8) else {
      file = nil
      return
    }
    if let standing = try? FileStatus(of: path),
      let input = inputs.first(where: {
        (try? FileStatus(of: $0))?.isSameFile(as: standing) ?? false
      })
    {
      throw UsageError.conflict(
        "\(VisibleText.path(path)): is also an input (\(VisibleText.path(input))); "
          + "choose another output"
      ).failure
    }
    do throws(FileError) {
      file = try AtomicFile(at: path, replaces: replaces)
    } catch {
      throw Failure(error)
    }
  }

  mutating func write(_ bytes: [UInt8]) throws(Failure) {
    guard file != nil else { return try console.write(bytes) }
    do throws(FileError) { try file?.write(bytes) } catch { throw Failure(error) }
  }

  /// Replaces what stands at the start of a file.
  mutating func overwrite(_ bytes: [UInt8]) throws(Failure) {
    do throws(FileError) { try file?.overwrite(bytes) } catch { throw Failure(error) }
  }

  /// Whether it goes to stdout.
  var isStandard: Bool { file == nil }

  /// Lets a reader at the other end of a pipe see what there is.
  func flush() throws(Failure) {
    if file == nil { try console.flush() }
  }

  /// Puts the file in place.
  mutating func finish() throws(Failure) {
    do throws(FileError) { try file?.commit() } catch { throw Failure(error) }
    try flush()
  }
}
